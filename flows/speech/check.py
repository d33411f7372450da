"""A look at a corpus, without a study."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from components.speech.study import SpeechStudy
from components.study.checks import unaccepted, way_out
from components.subjects import find_subject
from flows.check_terminal import show_check
from flows.terminal import reading


def look_at(study: SpeechStudy, screen: Console) -> bool:
    """Study -> its corpus read and looked at, on the screen; whether nothing stops the study."""
    subject = find_subject(study.subject)
    with reading(screen, lambda: None) as progress:
        dataset = subject.read(study, progress)
    check = subject.check(study, dataset)
    screen.print(f"[bold]{escape(dataset.name)}[/bold]", soft_wrap=True)
    show_check(check, screen, study.accept)
    stops = unaccepted(check, study.accept)
    if stops:
        screen.print(way_out(stops), soft_wrap=True)
    elif not check.of("look"):
        screen.print("[green]fine[/green]  Nothing to look at.")
    return not stops
