"""Flat start: the level of a clip and the states of its transcript -> a first alignment in equal parts."""

from __future__ import annotations

import numpy as np

SPEECH_THRESHOLD = 0.25  # of the way from the softest to the loudest frames


def equal_alignment(level: np.ndarray, states: np.ndarray, silence: int) -> np.ndarray:
    """Levels (frames,) and states of the transcript, int (states,) -> a state per frame, int (frames,).

    Frames of low level at both edges are `silence`; the frames between are divided equally among the states.
    If these frames are fewer than the states, all frames of the clip are divided; without states all are
    silence. Source: align-equal of Kaldi (Povey et al., 2011).
    """
    alignment = np.full(len(level), silence)
    if not len(states):
        return alignment
    begin, end = speech_span(level)
    if end - begin < len(states):
        begin, end = 0, len(level)
    alignment[begin:end] = states[(np.arange(end - begin) * len(states)) // (end - begin)]
    return alignment


def speech_span(level: np.ndarray) -> tuple[int, int]:
    """Levels (frames,) -> the first frame and the end of the speech, between edges of low level."""
    # as np.percentile, at a tenth of its time
    last = len(level) - 1
    softest, loudest = np.interp([0.05 * last, 0.95 * last], np.arange(last + 1), np.sort(level))
    speech = np.flatnonzero(level > softest + SPEECH_THRESHOLD * (loudest - softest))
    return (speech[0], speech[-1] + 1) if len(speech) else (0, len(level))
