"""Commands that only speech has: check a corpus; transcribe, explain, export with a trained recogniser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from flows.arguments import Run, Setting
from flows.console import complaints, screen


def check(
    corpus: Annotated[
        str,
        typer.Argument(
            metavar="CORPUS|PACKAGE",
            help="a corpus by name, or the path of your own; or an installed package with parts of your own",
        ),
    ],
    data: Setting = None,
    language: Setting = None,
    split: Setting = None,
    rate: Setting = None,
    max_seconds: Setting = None,
    accept: Setting = None,
) -> None:
    """Read a corpus and say what was read and how, what to look at, and what would make the answer false.

    Trains nothing. Every compare begins with the same look. Of a package with recognisers or stages of your
    own, each part is held to the laws of all parts. Ends with status 1 if something would stop a study.
    """
    from components.speech.corpus import is_named
    from components.study.plugins import plugin_module
    from flows.options import asked_study
    from flows.own_package import keeps_the_laws
    from flows.speech.check import look_at

    if (module := plugin_module(corpus)) and not is_named(corpus):
        if not keeps_the_laws(module, screen):
            raise typer.Exit(1)
        return

    asked = {"data": data, "language": language, "split": split, "rate": rate, "max_seconds": max_seconds}
    if not look_at(asked_study(None, {"corpus": corpus, **asked, "accept": accept}), screen):
        raise typer.Exit(1)


def transcribe(
    run: Run,
    audio: Annotated[
        list[Path], typer.Argument(help="sound files: wav, flac, ogg, opus, mp3; or - for a stream")
    ],
    form: Annotated[
        Literal["text", "json", "ctm"],
        typer.Option("--format", help="json and ctm tell each word's time, and how likely it is right"),
    ] = "text",
    rate: Annotated[
        int | None,
        typer.Option(help="of a stream without a WAV header, Hz; if left out, the recogniser's", min=1000),
    ] = None,
    pause: Annotated[
        float, typer.Option(help="seconds of quiet that end an utterance of a stream", min=0.1)
    ] = 0.4,
    tracking: Setting = None,
) -> None:
    """Transcribe your own files with a trained recogniser: one line each, the file and its transcript.

    With - it reads 16-bit sound from standard input, raw or with a WAV header, as long as it comes: one line
    for each utterance as soon as it is over, with begin, end (seconds) and transcript. Ctrl-C ends it.
    """
    from flows.speech.listen import live_transcripts
    from flows.speech.transcribe import transcripts

    rows = transcripts(run, audio, tracking or "", form)
    if audio == [Path("-")]:
        rows = live_transcripts(run, sys.stdin.buffer, complaints.print, tracking or "", form, rate, pause)
    failed = 0
    for what, text, problem in rows:
        if problem:
            failed += 1
            complaints.print(f"{escape(str(what))}: {escape(problem)}")
        elif text:
            print(text, flush=True)
    if failed:
        raise typer.Exit(1)


def export(
    run: Run,
    out: Annotated[Path | None, typer.Option(help="an ONNX file; if left out, named after RUN")] = None,
    tracking: Setting = None,
) -> None:
    """Write a trained network (mel-ctc, wave-ctc) as an ONNX file, which needs nothing of this project.

    Its input is a waveform, its output the log-probabilities of its tokens every 20 ms; the alphabet and
    the sample rate stand in the file's metadata.
    """
    from components.neural.export import export_onnx
    from components.study.tracking import open_store
    from components.subjects.speech import load_recogniser

    path = out or Path(f"{run}.onnx")
    if not path.parent.is_dir():
        raise ValueError(f"--out expected a folder that is there, got {str(path.parent)!r}; make it first.")
    metadata = export_onnx(load_recogniser(open_store(tracking or ""), run)[0], path)
    screen.print(
        f"{path}: {', '.join(f'{k} {v}' for k, v in metadata.items())}", soft_wrap=True, markup=False
    )


def explain(
    run: Run,
    audio: Annotated[Path, typer.Argument(help="a sound file: wav, flac, ogg, opus, mp3")],
    out: Annotated[
        Path | None, typer.Option(help="a PNG or SVG file; if left out, named after AUDIO")
    ] = None,
    tracking: Setting = None,
) -> None:
    """Draw what a trained recogniser makes of your own file, from the waveform to the words."""
    from flows.speech.explain import explained, show_inspection

    show_inspection(*explained(run, audio, out, tracking or ""), screen)
