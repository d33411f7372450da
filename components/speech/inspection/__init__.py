"""Inspection: a trained recogniser and one clip -> all it made of it, and where its errors come from."""

from components.speech.inspection.inspect import inspect_recogniser
from components.speech.inspection.records import Band, Inspection, Map, Word

__all__ = ["Band", "Inspection", "Map", "Word", "inspect_recogniser"]
