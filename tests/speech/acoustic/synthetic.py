"""Frames of words whose phones are far apart."""

import numpy as np

LEXICON = {"ba": [("B", "A")], "ab": [("A", "B")], "a": [("A",), ("AH",)]}
PLACES = {"B": [4.0, -4.0], "A": [-4.0, 4.0], "AH": [4.0, 4.0]}


def make_frames(words, seed=0, frames_a_phone=9, silent=4, dims=2):
    """Frames of the words' first pronunciations, silence around them; dimension 0 of silence is softest."""
    rng = np.random.default_rng([seed, len(words)])
    phones = [phone for word in words for phone in LEXICON[word][0]]
    centres = [[-9.0, -9.0]] * silent + [PLACES[p] for p in phones for _ in range(frames_a_phone)]
    centres = np.array(centres + [[-9.0, -9.0]] * silent)
    return (centres + rng.standard_normal(centres.shape)).astype(np.float32)
