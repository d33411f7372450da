"""A logged recogniser on a stream, such as a microphone's: each utterance's transcript as soon as it ends."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import IO

from components.speech.corpus.audio_file import resample
from components.speech.corpus.pcm import read_pcm
from components.speech.features.endpointing import cut_utterances
from components.study.tracking import open_store
from components.subjects.speech import load_recogniser
from flows.speech.transcribe import FORMS

LOOK = 0.1  # seconds between two looks whether to stop


def live_transcripts(
    run: str,
    stream: IO[bytes],
    on_start: Callable[[str], None],
    tracking: str = "",
    form: str = "text",
    rate: int | None = None,
    pause: float = 0.4,
    trusted: Sequence[str] = (),
) -> Iterator[tuple[str, str, str]]:
    """Run id and a stream of sound -> (when, its transcript in the form, "") of each utterance, as it ends.

    Or (when, "", why there is none). It ends with the stream, or with Ctrl-C; an utterance that was begun is
    transcribed even then. on_start: called with one sentence when it begins to listen. rate: of a stream
    without a WAV header, in Hz; None for the recogniser's. pause: seconds of quiet that end an utterance.
    trusted: as study.saving.load takes it.
    """
    refuse_terminal(stream, f"transcribe {run} -")
    recogniser, trained_rate = load_recogniser(open_store(tracking), run, trusted)
    chunks, rate = read_pcm(until_stopped(stream), rate or trained_rate)
    on_start(f"listening at {rate} Hz; Ctrl-C ends it")
    for utterance in cut_utterances(chunks, rate, pause):
        begin, clip = utterance.begin, utterance.clip
        when = {"begin": round(begin, 2), "end": round(begin + clip.seconds, 2)}
        clip = replace(clip, samples=resample(clip.samples, rate, trained_rate), rate=trained_rate)
        try:
            yield clip.name, FORMS[form](recogniser, when, clip, begin), ""
        except (ValueError, RuntimeError) as error:
            yield clip.name, "", str(error)


def refuse_terminal(stream: IO[bytes], command: str) -> None:
    """Raises ValueError where nothing is piped into a command, which is given as typed."""
    if stream.isatty():
        name = " ".join(command.split()[::2])  # without its run
        raise ValueError(
            f"{name} expected sound on its standard input, got a terminal; pipe a recorder into it: "
            f"arecord -f S16_LE -r 16000 | crossover {command}"
        )


def until_stopped(stream: IO[bytes]) -> Iterator[bytes]:
    """What the stream brings until its end or Ctrl-C; a second Ctrl-C stops at once, as ever."""
    requests = []

    def stop(*_: object) -> None:
        requests.append(True)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, stop)
    try:
        while not requests:
            if select.select([stream], [], [], LOOK)[0]:
                if not (piece := os.read(stream.fileno(), 1 << 14)):
                    return
                yield piece
    finally:
        signal.signal(signal.SIGINT, before)
