"""A toolkit for the tests: the text of the training clip whose share of sign changes is nearest.

    crossings.py train MANIFEST MODEL
    crossings.py transcribe MANIFEST MODEL HYPOTHESES

It reads the manifest's form by its name and knows nothing of the project.
"""

import array
import json
import os
import sys
import wave
from itertools import pairwise

FILE = "crossings.json"


def main(what, manifest, model, hypotheses=None):
    rows = list(read(manifest))
    if what == "train":
        learned = [[crossings(path), text] for _, path, text in rows]
        with open(os.path.join(model, FILE), "w") as file:
            json.dump(learned, file)
        print(f"learned from {len(learned)} clips")
        return
    with open(os.path.join(model, FILE)) as file:
        learned = json.load(file)
    with open(hypotheses, "w") as file:
        for name, path, _ in rows:
            own = crossings(path)
            file.write(f"{name} {min(learned, key=lambda pair: abs(pair[0] - own))[1]}\n")


def read(manifest):
    """Id, WAV file and text of each line of a Kaldi folder; the text is "" where there is none."""
    texts = columns(os.path.join(manifest, "text")) if "text" in os.listdir(manifest) else {}
    for name, path in columns(os.path.join(manifest, "wav.scp")).items():
        yield name, path, texts.get(name, "")


def columns(path):
    with open(path) as file:
        return dict(line.rstrip("\n").split(" ", 1) for line in file)


def crossings(path):
    with wave.open(path) as file:
        samples = array.array("h", file.readframes(file.getnframes()))
    return sum((a < 0) != (b < 0) for a, b in pairwise(samples)) / len(samples)


if __name__ == "__main__":
    main(*sys.argv[1:])
