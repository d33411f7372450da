"""The laws of corpora: a manifest lists recordings that can be read, each once, the same again every time."""

from __future__ import annotations

import pickle
from collections import Counter
from math import inf

import numpy as np

from components.laws.laws import broke
from components.speech.corpus import normalise

SOME = 20  # recordings that are read


def names_each_once(manifest, again):
    twice = [name for name, count in Counter(entry.name for entry in manifest.entries).items() if count > 1]
    if twice:
        broke(
            manifest, f"each recording has a name of its own ({twice[0]!r} is there twice)", "add its folder"
        )


def lists_the_same_again(manifest, again):
    def listed(one):
        return [(e.name, e.speaker, e.text, e.part, e.source.key(), dict(e.labels)) for e in one.entries]

    if listed(manifest) != listed(again):
        broke(manifest, "it lists the same again, in the same order", "sort what a folder holds")


def has_normal_texts(manifest, again):
    for entry in manifest.entries:
        if entry.text != normalise(entry.text):
            broke(
                manifest,
                f"texts are in one written form ({entry.name} has {entry.text!r})",
                "call components.speech.corpus.normalise",
            )


def names_its_parts(manifest, again):
    parts = {entry.part for entry in manifest.entries}
    if parts - {"", "train", "dev", "test"} or ("" in parts and len(parts) > 1):
        broke(manifest, f"parts are train, dev, test, or none at all ({sorted(parts)})", "correct them")


def can_be_read(manifest, again):
    for entry in manifest.entries[:SOME]:
        samples, rate = pickle.loads(pickle.dumps(entry.source)).read(inf)
        if samples.dtype != np.float32 or samples.ndim != 1 or not rate > 0:
            broke(
                manifest,
                f"a recording is float32 (samples,) and a rate ({entry.name} is {samples.dtype} "
                f"{samples.shape} at {rate})",
                "use components.speech.corpus.audio_file.AudioFile",
            )


CORPUS_LAWS = [names_each_once, lists_the_same_again, has_normal_texts, names_its_parts, can_be_read]
