"""Clips of two words in noise that ties the dimensions of frames together."""

import numpy as np

LEXICON = {"one": [("W", "AH", "N")], "two": [("T", "UW")]}


def make_clips(count=40, dims=15, seed=0):
    """Frames of words whose phones are means of their own, in noise that ties the dimensions together."""
    rng = np.random.default_rng(seed)
    means = {phone: rng.normal(0, 2, dims) for phone in ("W", "AH", "N", "T", "UW")}
    mixing = rng.normal(0, 0.5, (dims, dims))
    transcripts = [["one"], ["two"], ["two", "one"]] * (count // 3)
    frames = []
    for words in transcripts:
        path = [means[phone] for word in words for phone in LEXICON[word][0] for _ in range(9)]
        rows = np.concatenate([np.zeros((8, dims)), path, np.zeros((8, dims))])
        rows = rows + rng.standard_normal(rows.shape) @ mixing
        rows[:, 0] = np.concatenate([np.zeros(8), np.full(len(path), 20), np.zeros(8)])
        frames.append(rows.astype(np.float32))
    return frames, transcripts
