"""Sentences of a file, synthesised by the voices of eSpeak NG: a source for words that nobody recorded."""

from __future__ import annotations

from pathlib import Path

from components.speech.corpus.download import Progress
from components.speech.corpus.manifest import Manifest
from components.speech.corpus.spoken_commands import NOTICE, spoken
from components.speech.corpus.text import normalise

SUMMARY = "SYNTHETIC English of your own sentences, one a line, by 70 eSpeak NG voices, as spoken:digits.txt"
RATE = 16000


def build_manifest(
    options: str, *, data: Path | None, cache: Path, seed: int = 0, progress: Progress | None = None
) -> Manifest:
    """A file of sentences and a seed -> 2,000 training and 300 test utterances, each sentence about as often.

    Parameters
    ----------
    options
        Path of the file.
    data, cache, progress
        Not used: there is nothing to download.
    seed
        Draws speakers, sentences and conditions.
    """
    sentences = _sentences(options)
    words = sorted({word for sentence in sentences for word in sentence.split()})
    entries = spoken(lambda rng: str(rng.choice(sentences)), words, seed)
    return Manifest(f"Spoken {Path(options).name}", NOTICE, "en-us", RATE, entries, synthetic=True)


def _sentences(file: str) -> list[str]:
    """Path of a file -> its sentences, normalised; ValueError for a file without two of them."""
    try:
        lines = Path(file).expanduser().read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"spoken expected a file of sentences, one a line, got {file!r} ({error}); write spoken:FILE."
        ) from None
    sentences = [sentence for line in lines if (sentence := normalise(line))]
    if len(set(sentences)) < 2:
        raise ValueError(
            f"spoken expected different sentences in {file}, one a line, got {len(set(sentences))}; add some."
        )
    return sentences
