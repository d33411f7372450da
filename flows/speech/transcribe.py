"""A logged recogniser on a user's own files: transcripts, or words with their times and confidences."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from math import inf
from pathlib import Path
from typing import Any

from components.contract import Clip
from components.parts import task_answers
from components.speech.corpus.audio_file import AudioFile, resample
from components.speech.corpus.check import why_unusable
from components.speech.inspection.records import in_words
from components.study.tracking import open_store
from components.subjects.speech import load_recogniser


def transcripts(
    run: str, paths: Sequence[Path], tracking: str = "", form: str = "text", trusted: Sequence[str] = ()
) -> Iterator[tuple[Path, str, str]]:
    """Run id and sound files -> (file, transcript in the form, "") each, or (file, "", why there is none).

    form: "text", the file and its transcript; "json", one line with words, times and confidences; "ctm", a
    line a word, as NIST's scoring tools read it. trusted: as study.saving.load takes it.
    """
    recogniser, rate = load_recogniser(open_store(tracking), run, trusted)
    for path in paths:
        try:
            yield path, FORMS[form](recogniser, {"file": str(path)}, read_clip(path, rate), 0.0), ""
        except (ValueError, OSError, RuntimeError) as error:
            yield path, "", str(error)


def read_clip(path: Path, rate: int) -> Clip:
    """Sound file -> clip at `rate` Hz. Raises ValueError with the reason why it cannot be used."""
    samples, source_rate = AudioFile(str(path)).read(inf)
    if reason := why_unusable(samples, source_rate, inf):
        raise ValueError(reason)
    return Clip(str(path), "", resample(samples, source_rate, rate), rate)


def _text(recogniser: Any, about: dict[str, Any], clip: Clip, begin: float) -> str:
    answers = [f"{name}={in_words(answer)}" for name, (answer,) in task_answers(recogniser, [clip]).items()]
    return "\t".join([*map(str, about.values()), recogniser.predict([clip])[0], *answers])


def _json(recogniser: Any, about: dict[str, Any], clip: Clip, begin: float) -> str:
    """One line; words is null where the recogniser answers with whole transcripts, which have no times.

    tasks: the answers of a recogniser that learns some besides the words.
    """
    transcript, words = _words(recogniser, clip, begin)
    answers = {name: answer for name, (answer,) in task_answers(recogniser, [clip]).items()}
    said = {"transcript": transcript, "words": words} | ({"tasks": answers} if answers else {})
    return json.dumps({**about, **said}, ensure_ascii=False)


def _ctm(recogniser: Any, about: dict[str, Any], clip: Clip, begin: float) -> str:
    """Lines of recording, channel, begin, length in seconds, word, confidence; white space in names as _."""
    _, words = _words(recogniser, clip, begin)
    if words is None:
        raise ValueError(
            "CTM expected a recogniser that times each word, got one that answers with whole "
            "transcripts; use --format text or json."
        )
    start = "_".join(Path(about.get("file", "stream")).stem.split()) + " 1"
    rows = [(word["begin"], word["end"] - word["begin"], word["word"], word["confidence"]) for word in words]
    return "\n".join(f"{start} {begin:.2f} {length:.2f} {word} {p:.3f}" for begin, length, word, p in rows)


def _words(recogniser: Any, clip: Clip, begin: float) -> tuple[str, list[dict[str, Any]] | None]:
    """The transcript, and its words with times in seconds and confidences, None if it has no such."""
    from components.speech.inspection import inspect_recogniser

    inspection = inspect_recogniser(recogniser, clip, n=1)
    if inspection.transcript and not inspection.words:
        return inspection.transcript, None
    words = [
        {
            "word": word.text,
            "begin": round(begin + word.begin, 2),
            "end": round(begin + word.end, 2),
            "confidence": round(word.confidence, 3),
        }
        for word in inspection.words
    ]
    return inspection.transcript, words


Form = Callable[
    [Any, dict[str, Any], Clip, float], str
]  # (recogniser, about the clip, clip, begin in seconds)
FORMS: dict[str, Form] = {"text": _text, "json": _json, "ctm": _ctm}
