"""The two ways out of the command line: what was asked for, and complaints."""

from typing import Any

from rich.console import Console
from rich.text import Text

from components.study.printable import printable


class Screen(Console):
    """A console on which no file's name or transcript can move the cursor or change colours."""

    def render_str(self, text: str, **more: Any) -> Text:
        """Text with markup -> the same as rich takes it, control characters as their escapes."""
        return super().render_str(printable(text), **more)


screen = Screen(highlight=False)
complaints = Screen(stderr=True, highlight=False, soft_wrap=True)
