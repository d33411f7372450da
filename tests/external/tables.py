"""Tables of results, written as people write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from components.external.asked import Asked
from components.external.result_set import ResultSet, read_results
from components.external.sources import read_source

RATES = {"kaldi": lambda n: 0.05 + 0.6 * n**-0.3, "whisper": lambda n: min(0.9, 4 * n**-0.7)}
FAMILIES = Asked(modular=["kaldi"], end_to_end=["whisper"], name="results")


def understood(path: Path, text: str, asked: Asked = FAMILIES) -> ResultSet:
    """A table's text, written to a path -> the results in it."""
    path.write_text(text, encoding="utf-8")
    return read_results(read_source(str(path)), asked)


def by_speaker(seeds: int = 3, speakers: int = 8, words: int = 400) -> str:
    """A CSV of errors of two systems at four sizes, by seed and speaker."""
    rng = np.random.default_rng(1)
    hard = rng.lognormal(0, 0.3, speakers)
    lines = ["model,hours,seed,speaker,errors,words"]
    for system, rate in RATES.items():
        for hours in (10, 40, 160, 640):
            for seed in range(seeds):
                luck = rng.lognormal(0, 0.05)
                for place in range(speakers):
                    errors = rng.binomial(words, min(rate(hours) * luck * hard[place], 1))
                    lines.append(f"{system},{hours},{seed},spk{place},{errors},{words}")
    return "\n".join(lines) + "\n"
