"""The two ways out of the command line: what was asked for, and complaints."""

from rich.console import Console

screen = Console(highlight=False)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)
