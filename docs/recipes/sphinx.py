"""PocketSphinx as a recipe's command.

    sphinx.py MANIFEST HYPOTHESES [--dict FILE] [--jsgf FILE | --lm FILE]

A CSV of WAV files -> a CSV of texts.

Its English acoustic models are for 16,000 samples a second: other recordings are resampled.
"""

from __future__ import annotations

import argparse
import csv
from math import gcd

import numpy as np
import soundfile
from pocketsphinx import Decoder
from scipy.signal import resample_poly

RATE = 16_000


def transcribe(manifest: str, hypotheses: str, **adapted: str) -> None:
    """WAV files of a manifest -> their texts, by id; adapted: Sphinx's own settings."""
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
    parser = argparse.ArgumentParser()
    parser.add_argument("manifest")
    parser.add_argument("hypotheses")
    for name in ("--dict", "--jsgf", "--lm"):
        parser.add_argument(name, default=argparse.SUPPRESS)
    transcribe(**vars(parser.parse_args()))
