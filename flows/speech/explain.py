"""A logged recogniser and one of the user's files -> what it made of it and why, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from components.speech.inspection import Inspection, inspect_recogniser
from components.study.tracking import open_store
from components.subjects.speech import load_recogniser
from flows.speech.transcribe import read_clip

KINDS = (".png", ".svg")


def explained(
    run: str, audio: Path, out: Path | None = None, tracking: str = "", trusted: Sequence[str] = ()
) -> tuple[Inspection, Path]:
    """Run id and sound file -> what the recogniser did with it, and its picture.

    out: a PNG or SVG file; None: named after the sound file, in the current folder. Raises ValueError,
    before anything is loaded, for another kind of file, and for an unknown run or a clip it cannot use.
    """
    path = _checked(out or Path(f"{audio.stem}.png"), audio)
    recogniser, rate = load_recogniser(open_store(tracking), run, trusted)
    try:
        inspection = inspect_recogniser(recogniser, read_clip(audio, rate))
    except (ValueError, OSError, RuntimeError) as error:
        raise ValueError(f"{audio}: {error}") from error
    from components.report.inspection import save_inspection

    seconds = f"{inspection.clip.seconds:.2f} s at {rate:,} Hz"
    title = f"{audio.name}, {seconds}, recognised by run {run[:8]}"
    title = "; ".join([title, *inspection.answers_in_words])
    return inspection, save_inspection(inspection, title, path)


def _checked(out: Path, audio: Path) -> Path:
    if out.suffix.lower() not in KINDS:
        raise ValueError(f"--out expected a file that ends in .png or .svg, got {str(out)!r}; rename it.")
    if out.resolve() == audio.resolve():
        raise ValueError(f"--out expected another file than the recording, got {str(out)!r}; rename it.")
    if not out.parent.is_dir():
        raise ValueError(f"--out expected a folder that is there, got {str(out.parent)!r}; make it first.")
    return out


def show_inspection(inspection: Inspection, picture: Path, screen: Console) -> None:
    """A transcript on a terminal: words with times and confidences, other transcripts, the picture."""
    screen.print(f"[bold]{escape(inspection.transcript) or 'no words recognised'}[/bold]", soft_wrap=True)
    for answer in inspection.answers_in_words:
        screen.print(escape(answer), soft_wrap=True)
    if inspection.words:
        screen.print(_words(inspection))
    if inspection.best:
        screen.print(_best(inspection))
    screen.print(f"Picture: {escape(str(picture))}", soft_wrap=True)


def _words(inspection: Inspection) -> Table:
    table = Table("word", box=None, pad_edge=False)
    for name in ("from, s", "to, s", "confidence"):
        table.add_column(name, justify="right")
    for word in inspection.words:
        table.add_row(
            escape(word.text), f"{word.begin:.2f}", f"{word.end:.2f}", f"{100 * word.confidence:.0f} %"
        )
    return table


def _best(inspection: Inspection) -> Table:
    table = Table("", "likeliest transcripts", box=None, pad_edge=False)
    table.add_column("log score", justify="right")
    for place, (text, score) in enumerate(inspection.best, 1):
        table.add_row(str(place), escape(text), f"{score:.2f}")
    return table
