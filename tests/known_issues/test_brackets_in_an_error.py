"""A failed trial's error was shown as markup: what stood in square brackets was gone."""

import io

from rich.console import Console

from components.study.plan import Trial
from flows.progress import Progress
from flows.trial import Outcome


def test_square_brackets_in_the_error_of_a_trial_are_shown():
    trial = Trial("mel-ctc", "end-to-end", "declared", 10, 0, 0, "f", "corpus", "code")
    shown = io.StringIO()
    with Progress([trial], 1, 1, Console(file=shown, width=60)) as progress:
        progress.ended(Outcome(trial, "run", 1.0, error="TypeError: list[int] expected, got [red]"))
    assert "TypeError: list[int] expected, got [red]\n" in shown.getvalue()
