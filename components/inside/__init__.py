"""Inside: a trained recogniser and one clip -> all it made of it, ready to be drawn."""

from components.inside.look import look_inside
from components.inside.seen import Band, Inside, Map, Word

__all__ = ["Band", "Inside", "Map", "Word", "look_inside"]
