"""Prints of clips -> pairs that are nearly the same recording, and what they mean for a study.

Prints propose: of the pairs that matter, each clip's nearest by the cosine of their prints. Fine spectra
sort most of them out: the correlation of two waveforms at any lag is at most the cosine of their amplitudes,
and two takes hardly ever have the same pitch. The waveforms decide, by their normalised cross-correlation
at the best lag: gain, offset, polarity, cuts and coding leave it near 1, and two takes of one word by one
speaker do not reach that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from components.speech.check.copies import MANY_TWO_TEXTS
from components.study.checks import SHOWN, CheckResult, percent

LEAST_COSINE = 0.94
NEAREST = 3  # candidates of a clip among those after it
FEWEST_COMPARED, COMPARED_SHARE, MOST_COMPARED = 1000, 0.1, 10_000  # pairs of waveforms, the likeliest first
ROWS, COLUMNS = 512, 2048  # of a block of the matrix of cosines: 4 MB, which a cache holds

TOGETHER = 1 << 18  # samples that are transformed at once
RESOLUTION_HZ = 5.0  # of the fine spectra: the harmonics of two takes fall into different bands
SAME = 0.88  # correlation of waveforms; figures in tests/speech/check/test_near_duplicates.py
LOW_HZ, HIGH_HZ = 100.0, 3400.0  # what every coding and rate from 8 kHz on keeps
STOP_SHARE = 0.02  # of the test's clips


@dataclass(frozen=True, eq=False)
class NearPairs:
    """pairs: (pairs, 2), positions of clips, the first below the second. correlations: (pairs,), up to 1."""

    pairs: np.ndarray
    correlations: np.ndarray


def near_pairs(
    prints: np.ndarray, texts: Sequence[str], sides: Sequence[str], waveforms: Sequence[np.ndarray], rate: int
) -> NearPairs:
    """Clips -> the pairs of nearly the same recording that differ in text or lie across the split.

    Parameters
    ----------
    prints
        (clips, dims), each of length 1.
    texts, sides
        Of each clip; a side is "train", "test", the name of a fold, or "" where it is on none.
    waveforms
        Samples (samples,) of each clip, looked at where the prints are alike.
    rate
        Of the waveforms, Hz.
    """
    pairs = candidates(prints, texts, sides)
    pairs = pairs[spectra_alike(pairs, waveforms, rate) >= SAME]
    correlations = np.array(
        [correlation(waveforms[first], waveforms[second], rate) for first, second in pairs.tolist()]
    )
    same = correlations >= SAME if len(pairs) else np.zeros(0, bool)
    return NearPairs(pairs[same], correlations[same])


def candidates(prints: np.ndarray, texts: Sequence[str], sides: Sequence[str]) -> np.ndarray:
    """Prints (clips, dims) -> pairs (pairs, 2) whose waveforms are to be compared, most alike first."""
    prints = np.ascontiguousarray(prints, dtype=np.float32)
    words = np.unique(np.asarray(texts), return_inverse=True)[1]
    places = {side: place for place, side in enumerate(sorted({"", *sides}))}  # that of "" is 0
    sides = np.array([places[side] for side in sides], np.int64)
    blocks = [_of_rows(prints, words, sides, first) for first in range(0, len(prints), ROWS)]
    pairs = np.concatenate([pairs for pairs, _ in blocks]) if blocks else np.zeros((0, 2), np.int64)
    cosines = np.concatenate([cosines for _, cosines in blocks]) if blocks else np.zeros(0)
    most = min(MOST_COMPARED, FEWEST_COMPARED + round(COMPARED_SHARE * len(prints)))
    return pairs[np.argsort(-cosines, kind="stable")[:most]]


def _of_rows(
    prints: np.ndarray, words: np.ndarray, sides: np.ndarray, first: int
) -> tuple[np.ndarray, np.ndarray]:
    """ROWS clips from the first on -> pairs with the nearest clips after each, and their cosines."""
    rows = prints[first : first + ROWS]
    least = np.full(len(rows), LEAST_COSINE, np.float32)  # of each row, raised as nearer ones are found
    pairs, cosines = np.zeros((0, 2), np.int64), np.zeros(0, np.float32)
    for column in range(first, len(prints), COLUMNS):
        block = rows @ prints[column : column + COLUMNS].T
        row, other = np.nonzero(block >= least[:, None])
        value, row, other = block[row, other], row + first, other + column
        apart = (sides[row] != sides[other]) & (sides[row] > 0) & (sides[other] > 0)
        matters = (other > row) & ((words[row] != words[other]) | apart)
        new = np.column_stack([row, other])[matters]
        pairs, cosines = _nearest(np.concatenate([pairs, new]), np.concatenate([cosines, value[matters]]))
        last = np.bincount(pairs[:, 0] - first, minlength=len(rows)) == NEAREST
        weakest = np.full(len(rows), np.inf, np.float32)
        np.minimum.at(weakest, pairs[:, 0] - first, cosines)
        least[last] = weakest[last]
    return pairs, cosines


def _nearest(pairs: np.ndarray, cosines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs and their cosines -> for each first clip the NEAREST with the highest."""
    order = np.lexsort((-cosines, pairs[:, 0]))
    firsts = pairs[order, 0]
    rank = np.arange(len(order)) - np.searchsorted(firsts, firsts)
    nearest = order[rank < NEAREST]
    return pairs[nearest], cosines[nearest]


def spectra_alike(pairs: np.ndarray, waveforms: Sequence[np.ndarray], rate: int) -> np.ndarray:
    """Pairs (pairs, 2) of positions of waveforms at `rate` Hz -> cosines of their fine spectra (pairs,)."""
    rows, place = np.unique(pairs, return_inverse=True)
    if not len(rows):
        return np.zeros(0)
    spectra = fine_spectra([waveforms[row] for row in rows.tolist()], rate)
    firsts, seconds = place.reshape(-1, 2).T
    return np.einsum("ij,ij->i", spectra[firsts], spectra[seconds])


def fine_spectra(waveforms: Sequence[np.ndarray], rate: int) -> np.ndarray:
    """Samples (samples,) at `rate` Hz of each -> amplitudes by band, each of length 1 (waveforms, bands).

    Bands are RESOLUTION_HZ wide. Weighted as in `correlation`, which is then at most the cosine of two of
    these: by the Cauchy-Schwarz inequality, in each band and over all.
    """
    shortest = round(2 * rate / RESOLUTION_HZ)
    lengths = np.array([_padded(max(len(samples), shortest)) for samples in waveforms])
    spectra = np.empty((len(waveforms), len(_fine_bands(_padded(shortest), rate)[2])), np.float32)
    for length in np.unique(lengths).tolist():
        alike = np.flatnonzero(lengths == length)
        for rows in np.array_split(alike, -(-len(alike) * length // TOGETHER)):
            spectra[rows] = _spectra_of([waveforms[row] for row in rows], length, rate)
    return spectra


def _spectra_of(waveforms: Sequence[np.ndarray], length: int, rate: int) -> np.ndarray:
    """A few waveforms and the length of their Fourier transform -> their fine spectra (waveforms, bands)."""
    from scipy.fft import rfft

    padded = np.zeros((len(waveforms), length), np.float32)
    for row, samples in zip(padded, waveforms, strict=True):
        row[: len(samples)] = samples - samples.mean()
    bins, weights, starts = _fine_bands(length, rate)
    parts = np.ascontiguousarray(rfft(padded)[:, bins]).view(np.float32)  # real and imaginary, alternately
    bands = np.sqrt(np.add.reduceat(np.square(parts) * weights, starts, axis=1))
    return bands / np.maximum(np.linalg.norm(bands, axis=1, keepdims=True), np.finfo(np.float32).tiny)


def _padded(samples: int) -> int:
    """A length of which there are few and whose Fourier transform is fast, at most a sixteenth longer."""
    from scipy.fft import next_fast_len

    step = 1 << max(0, samples.bit_length() - 5)
    return next_fast_len(-(-samples // step) * step, real=True)


@lru_cache(maxsize=64)
def _fine_bands(length: int, rate: int) -> tuple[slice, np.ndarray, np.ndarray]:
    """Length of a Fourier transform -> its bins, weight of the square of each part, where bands begin."""
    hz = np.arange(length // 2 + 1, dtype=np.float32) * (rate / length)
    top = min(HIGH_HZ, 0.45 * rate)
    low, high = np.searchsorted(hz, [LOW_HZ, top])
    edges = np.arange(LOW_HZ, top - RESOLUTION_HZ / 2, RESOLUTION_HZ, dtype=np.float32)
    starts = 2 * np.searchsorted(hz[low:high], edges)
    return slice(int(low), int(high)), np.repeat(np.square(hz[low:high]), 2), starts


def correlation(one: np.ndarray, other: np.ndarray, rate: int) -> float:
    """Two waveforms (samples,) at `rate` Hz -> the greatest envelope of their cross-correlation, 0 to 1.

    From 100 to 3400 Hz, amplitudes weighted by frequency, so that the strong low harmonics of two vowels of
    one pitch do not decide. The envelope is as high between two lags as at one, and blind to polarity.
    """
    from scipy.fft import ifft, next_fast_len

    length = next_fast_len(len(one) + len(other), real=True)
    spectra = [_weighted_spectrum(samples, rate, length) for samples in (one, other)]
    power = float(np.prod([np.linalg.norm(spectrum) for spectrum in spectra]))
    product = spectra[0] * spectra[1].conj()
    lags = next_fast_len(2 * len(product))
    return min(1.0, float(np.abs(ifft(product, lags)).max()) * lags / power) if power else 0.0


def _weighted_spectrum(samples: np.ndarray, rate: int, length: int) -> np.ndarray:
    from scipy.fft import rfft

    hz = np.arange(length // 2 + 1, dtype=np.float32) * (rate / length)
    low, high = np.searchsorted(hz, [LOW_HZ, min(HIGH_HZ, 0.45 * rate)])
    return rfft(samples - samples.mean(), length)[low:high] * hz[low:high]


def near_duplicate_checks(
    near: NearPairs, names: Sequence[str], texts: Sequence[str], sides: Sequence[str]
) -> list[CheckResult]:
    """Pairs of nearly the same recording, and name, text and side of each clip -> what to know of them."""
    order = np.argsort(-near.correlations, kind="stable")
    pairs = near.pairs[order].tolist()
    across = [pair for pair in pairs if len({sides[position] for position in pair} - {""}) == 2]
    unlike = [(first, second) for first, second in pairs if texts[first] != texts[second]]
    results = [_across(across, names, sides)] if across else []
    return [*results, *([_unlike(unlike, names, texts)] if unlike else [])]


def _across(pairs: Sequence[Sequence[int]], names: Sequence[str], sides: Sequence[str]) -> CheckResult:
    tested = {position for pair in pairs for position in pair if sides[position] != "train"}
    tests = sum(side not in ("", "train") for side in sides)
    return CheckResult(
        "same-sound",
        "stop" if len(tested) > STOP_SHARE * tests else "look",
        f"{len(tested)} of {tests} test clips ({percent(len(tested) / tests)}) are nearly the same recording "
        "as a training clip: a system gets them right by remembering, and errors come out too low. Leave out "
        "one clip of each pair, or put both on one side of the split.",
        tuple(f"{names[first]} and {names[second]}" for first, second in pairs[:SHOWN]),
    )


def _unlike(pairs: Sequence[Sequence[int]], names: Sequence[str], texts: Sequence[str]) -> CheckResult:
    clips = {position for pair in pairs for position in pair}
    return CheckResult(
        "same-sound-two-texts",
        "stop" if len(clips) > max(2, MANY_TWO_TEXTS * len(names)) else "look",
        f"{len(clips)} clips are nearly the same recording as another one with another text: at least one "
        "text of each pair is wrong. Listen to them and mend the text, or leave them out.",
        tuple(
            f"{names[first]} ({texts[first]!r}) and {names[second]} ({texts[second]!r})"
            for first, second in pairs[:SHOWN]
        ),
    )
