"""Commands that only speech has: check a corpus; transcribe, explain, export with a trained recogniser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from flows.arguments import Run, Setting, names
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
    speaker_pattern: Setting = None,
    split: Setting = None,
    rate: Setting = None,
    max_seconds: Setting = None,
    accept: Setting = None,
    recipe: Setting = None,
    plugin: Setting = None,
) -> None:
    """Read a corpus and say what was read and how, what to look at, and what would make the answer false.

    Trains nothing. Every compare begins with the same look. The commands of every --recipe are shown as they
    would run. Of a package with recognisers or stages of your own, each part is held to the laws of all
    parts. Ends with status 1 if something would stop a study.
    """
    from flows.options import asked_study, take_in_files
    from flows.own_package import installed_module, keeps_the_laws
    from flows.speech.check import look_at

    take_in_files(plugin)
    if module := installed_module(corpus):
        if not keeps_the_laws(module, screen):
            raise typer.Exit(1)
        return

    asked = {"data": data, "language": language, "speaker_pattern": speaker_pattern, "split": split}
    asked |= {"rate": rate, "max_seconds": max_seconds}
    asked |= {"accept": accept, "recipe": recipe, "plugin": plugin}
    if not look_at(asked_study(None, {"corpus": corpus, **asked}), screen):
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
    trust: Setting = None,
    tracking: Setting = None,
    plugin: Setting = None,
) -> None:
    """Transcribe your own files with a trained recogniser: one line each, the file and its transcript.

    With - it reads 16-bit sound from standard input, raw or with a WAV header, as long as it comes: one line
    for each utterance as soon as it is over, with begin, end (seconds) and transcript. Ctrl-C ends it.
    """
    from flows.options import take_in_files
    from flows.speech.listen import live_transcripts
    from flows.speech.transcribe import transcripts

    take_in_files(plugin)
    rows = transcripts(run, audio, tracking or "", form, names(trust))
    if audio == [Path("-")]:
        asked = (tracking or "", form, rate, pause, names(trust))
        rows = live_transcripts(run, sys.stdin.buffer, complaints.print, *asked)
    failed = 0
    for what, text, problem in rows:
        if problem:
            failed += 1
            complaints.print(f"{escape(str(what))}: {escape(problem)}")
        elif text:
            print(text, flush=True)
    if failed:
        raise typer.Exit(1)


def listen(
    run: Run,
    keyword: Annotated[bool, typer.Option("--keyword", help="for the keyword; transcribe takes down words")],
    rate: Annotated[
        int | None,
        typer.Option(help="of a stream without a WAV header, Hz; if left out, the recogniser's", min=1000),
    ] = None,
    tracking: Setting = None,
    trust: Setting = None,
    plugin: Setting = None,
) -> None:
    """Hear a keyword in a stream: a line each time, with the second at which it is heard and the score.

    Reads 16-bit sound from standard input, raw or with a WAV header, as long as it comes. RUN is one of a
    study of wake words; the score is how far above the threshold. Ctrl-C ends it.
    """
    from flows.options import take_in_files
    from flows.speech.hear_keyword import live_hearings

    take_in_files(plugin)
    asked = (tracking or "", rate, names(trust))
    for line in live_hearings(run, sys.stdin.buffer, complaints.print, *asked):
        print(line, flush=True)


def export(
    run: Run,
    out: Annotated[Path | None, typer.Option(help="an ONNX file; if left out, named after RUN")] = None,
    trust: Setting = None,
    tracking: Setting = None,
    plugin: Setting = None,
) -> None:
    """Write a trained network (mel-ctc, wave-ctc) as an ONNX file, which needs nothing of this project.

    Its input is a waveform, its output the log-probabilities of its tokens every 20 ms, and an output for
    each further task; the alphabet and the sample rate stand in the file's metadata.
    """
    from components.neural.export import export_onnx
    from components.study.tracking import open_store
    from components.subjects.speech import load_recogniser
    from flows.options import take_in_files

    take_in_files(plugin)
    path = out or Path(f"{run}.onnx")
    if not path.parent.is_dir():
        raise ValueError(f"--out expected a folder that is there, got {str(path.parent)!r}; make it first.")
    metadata = export_onnx(load_recogniser(open_store(tracking or ""), run, names(trust))[0], path)
    screen.print(
        f"{path}: {', '.join(f'{k} {v}' for k, v in metadata.items())}", soft_wrap=True, markup=False
    )


def explain(
    run: Run,
    audio: Annotated[Path, typer.Argument(help="a sound file: wav, flac, ogg, opus, mp3")],
    out: Annotated[
        Path | None, typer.Option(help="a PNG or SVG file; if left out, named after AUDIO")
    ] = None,
    trust: Setting = None,
    tracking: Setting = None,
    plugin: Setting = None,
) -> None:
    """Draw what a trained recogniser makes of your own file, from the waveform to the words."""
    from flows.options import take_in_files
    from flows.speech.explain import explained, show_inspection

    take_in_files(plugin)
    show_inspection(*explained(run, audio, out, tracking or "", names(trust)), screen)
