"""PocketSphinx as a recipe's commands.

    sphinx.py train LEXICON TEXT MODEL              a dictionary and a grammar of sentences, into a folder
    sphinx.py transcribe MANIFEST HYPOTHESES [MODEL] a CSV of WAV files -> a CSV of texts

Its English acoustic models are for 16,000 samples a second: other recordings are resampled.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from math import gcd
from pathlib import Path

import numpy as np
import soundfile
from pocketsphinx import Decoder
from scipy.signal import resample_poly

RATE = 16_000


def train(lexicon: str, text: str, model: str) -> None:
    """Kaldi's lexicon.txt and sentences -> Sphinx's dictionary and a JSGF grammar of the sentences."""
    seen: Counter[str] = Counter()
    lines = []
    for line in Path(lexicon).read_text(encoding="utf-8").splitlines():
        word, phones = line.split(maxsplit=1)
        seen[word] += 1
        lines.append(f"{word}{f'({seen[word]})' if seen[word] > 1 else ''} {phones}")
    Path(model, "words.dict").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sentences = Counter(filter(None, Path(text).read_text(encoding="utf-8").splitlines()))
    ways = " | ".join(f"/{count}/ {sentence}" for sentence, count in sorted(sentences.items()))
    Path(model, "sentences.gram").write_text(
        f"#JSGF V1.0;\ngrammar g;\npublic <s> = {ways};\n", encoding="utf-8"
    )


def transcribe(manifest: str, hypotheses: str, model: str = "") -> None:
    """WAV files of a manifest -> their texts, by id."""
    adapted = {"dict": f"{model}/words.dict", "jsgf": f"{model}/sentences.gram"} if model else {}
    decoder = Decoder(samprate=RATE, loglevel="ERROR", **adapted)
    with open(manifest, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(hypotheses, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "hypothesis"])
        for row in rows:
            decoder.start_utt()
            decoder.process_raw(samples(row["path"]), full_utt=True)
            decoder.end_utt()
            found = decoder.hyp()
            writer.writerow([row["id"], found.hypstr if found else ""])


def samples(path: str) -> bytes:
    """A WAV file -> its samples at RATE, 16 bits each."""
    sound, rate = soundfile.read(path)
    shared = gcd(RATE, rate)
    sound = resample_poly(sound, RATE // shared, rate // shared)
    return (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()


if __name__ == "__main__":
    {"train": train, "transcribe": transcribe}[sys.argv[1]](*sys.argv[2:])
