"""A logged spotter on a stream, such as a microphone's: a line as soon as the keyword is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import IO

from components.speech.corpus.pcm import read_pcm
from components.study.tracking import load_system, open_store
from flows.speech.listen import refuse_terminal, until_stopped


def live_hearings(
    run: str,
    stream: IO[bytes],
    on_start: Callable[[str], None],
    tracking: str = "",
    rate: int | None = None,
    trusted: Sequence[str] = (),
) -> Iterator[str]:
    """Run id and a stream of sound -> a line each time the keyword is heard: seconds into it, and the score.

    It ends with the stream, or with Ctrl-C. on_start: called with one sentence when it begins to listen.
    rate: of a stream without a WAV header, in Hz; None for the recogniser's, which it must be. trusted: as
    study.saving.load takes it.
    """
    refuse_terminal(stream, f"listen {run} --keyword")
    spotter, _ = load_system(open_store(tracking), run, trusted)
    if not hasattr(spotter, "threshold_"):
        raise ValueError(
            f"listen --keyword expected a run of a study of wake words, got a {type(spotter).__name__}; "
            "use transcribe."
        )
    chunks, rate = read_pcm(until_stopped(stream), rate or spotter.rate_)
    if rate != spotter.rate_:
        raise ValueError(
            f"listen expected {spotter.rate_} Hz, got {rate} Hz; record with -r {spotter.rate_}."
        )
    on_start(f"listening at {rate} Hz; Ctrl-C ends it")
    listener = spotter.listen()
    for chunk in chunks:
        for seconds, score in listener.push(chunk):
            yield f"{seconds:.2f}\t{score:.3f}"
