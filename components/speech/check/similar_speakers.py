"""Clips and their speakers -> pairs of speakers who may be one person under two names, across the split.

Of each speaker, the clips' mean and deviation of cepstra over the louder frames, in two halves. Two speakers
are alike when their clips are as near one another as the halves of one speaker, in units of the spread within
speakers. It finds names that share voice, device and room; the same person elsewhere mostly escapes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from components.contract import Clip
from components.speech.features.mfcc import Mfcc
from components.study.checks import CheckResult
from components.study.nouns import counted

LEAST_CLIPS = 12  # of a speaker; with 8, one pair in a thousand is alike by chance
MOST_CLIPS = 20
MOST_SECONDS = 2.0  # of a clip, from its middle
MOST_SPEAKERS = 60  # drawn by chance
LEAST_OF_A_TEXT = 10  # clips; the mean of such a text is taken off
ALIKE = 0.95  # distance between two speakers, as a share of that between halves of one
ALIKE_OF_FEW, FEW_PAIRS = 1.1, 100  # chance has fewer pairs to find one in
MOST_SHOWN = 3
RIDGE = 1e-3
CHUNK_CLIPS = 500


@dataclass(frozen=True)
class SimilarSpeakers:
    """Two speakers and their distance, as a share of the larger distance between halves of one of them."""

    first: str
    second: str
    ratio: float


def similar_speaker_checks(
    clips: Sequence[Clip], speakers: Sequence[str], texts: Sequence[str], sides: Sequence[str], seed: int = 0
) -> list[CheckResult]:
    """Clips and, of each, speaker, text and side -> speakers who sound alike, one in training, one tested."""
    rows = _drawn_rows(speakers, np.random.default_rng(seed))
    where = {speaker: {sides[row] for row in positions} for speaker, positions in rows.items()}
    if len(rows) < 3 or not _across(where):
        return []
    order = [row for positions in rows.values() for row in positions]
    voices = _centred(voice_statistics([clips[row] for row in order]), [texts[row] for row in order])
    pairs = alike(voices, [speakers[row] for row in order], where)
    return [_result(pairs)] if pairs else []


def _drawn_rows(speakers: Sequence[str], rng: np.random.Generator) -> dict[str, list[int]]:
    """Speakers of clips -> up to MOST_CLIPS positions of each of MOST_SPEAKERS who have enough."""
    counts = Counter(speakers)
    rows: dict[str, list[int]] = {}
    for row in rng.permutation(len(speakers)).tolist():
        own = rows.setdefault(speakers[row], [])
        if len(own) < MOST_CLIPS:
            own.append(row)
    enough = sorted(name for name in rows if name and counts[name] >= LEAST_CLIPS)
    return {name: rows[name] for name in sorted(rng.permutation(enough)[:MOST_SPEAKERS].tolist())}


def _across(where: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Sides of each speaker -> pairs, each on one side alone: one is trained on where the other is tested."""
    alone = {name: min(sides) for name, sides in where.items() if len(sides) == 1 and "" not in sides}
    ordered = sorted(alone, key=lambda name: (alone[name] == "test", name))
    return {(one, other) for one, other in combinations(ordered, 2) if alone[one] != alone[other]}


def voice_statistics(clips: Sequence[Clip]) -> np.ndarray:
    """Clips -> mean and deviation of 19 cepstra, without C0, over the louder half of frames, (clips, 38)."""
    stage = Mfcc(bands=30, coefficients=20)
    middles = [_middle(clip) for clip in clips]
    chunks = [middles[first : first + CHUNK_CLIPS] for first in range(0, len(clips), CHUNK_CLIPS)]
    return np.array([_moments(frames) for chunk in chunks for frames in stage.transform(chunk)])


def _middle(clip: Clip) -> Clip:
    spare = max(0, len(clip.samples) - round(MOST_SECONDS * clip.rate)) // 2
    return clip.with_samples(clip.samples[spare : len(clip.samples) - spare]) if spare else clip


def _moments(frames: np.ndarray) -> np.ndarray:
    louder = frames[frames[:, 0] >= np.median(frames[:, 0]), 1:]
    return np.concatenate([louder.mean(0), louder.std(0)])


def _centred(voices: np.ndarray, texts: Sequence[str]) -> np.ndarray:
    """Statistics of clips -> less the mean of all clips of their text, where it is said often."""
    centred, words = voices.copy(), np.asarray(texts)
    for text, count in Counter(texts).items():
        if count >= LEAST_OF_A_TEXT:
            centred[words == text] -= voices[words == text].mean(0)
    return centred


def alike(voices: np.ndarray, speakers: Sequence[str], where: dict[str, set[str]]) -> list[SimilarSpeakers]:
    """Statistics (clips, dims), speakers of clips, sides of speakers -> pairs alike, the most alike first."""
    names, speakers = sorted(set(speakers)), np.asarray(speakers)
    white = voices @ _whitening(voices, speakers)
    ones, others = (np.array([white[speakers == name][half::2].mean(0) for name in names]) for half in (0, 1))
    distances = np.sqrt(np.maximum(_squares(ones, others), 0))
    own = np.diag(distances)
    ratios = (distances + distances.T) / 2 / np.maximum(np.maximum(own[:, None], own[None]), 1e-9)
    pairs, place = _across(where), {name: row for row, name in enumerate(names)}
    limit = ALIKE_OF_FEW if len(pairs) <= FEW_PAIRS else ALIKE
    ranked = sorted((float(ratios[place[first], place[second]]), first, second) for first, second in pairs)
    return [SimilarSpeakers(first, second, ratio) for ratio, first, second in ranked if ratio < limit]


def _whitening(voices: np.ndarray, speakers: np.ndarray) -> np.ndarray:
    """Statistics of clips -> matrix (dims, dims) that makes their covariance within speakers the unit one."""
    _, owners = np.unique(speakers, return_inverse=True)
    sums = np.zeros((owners.max() + 1, voices.shape[1]))
    np.add.at(sums, owners, voices)
    covariance = np.cov((voices - (sums / np.bincount(owners)[:, None])[owners]).T)
    covariance += RIDGE * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    return np.linalg.inv(np.linalg.cholesky(covariance)).T


def _squares(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Points (n, dims) and (m, dims) -> squared distances (n, m)."""
    return np.square(ones).sum(1)[:, None] - 2 * ones @ others.T + np.square(others).sum(1)


def _result(pairs: Sequence[SimilarSpeakers]) -> CheckResult:
    return CheckResult(
        "similar-speakers",
        "look",
        f"{counted(len(pairs), 'pair', 'pairs')} of speakers, one in training and one in the test, sound as "
        "alike as two halves of one speaker: they may be one person under two names, and the test then asks "
        "for a known voice. Listen to them, and give one person one name.",
        tuple(f"{pair.first} and {pair.second}" for pair in pairs[:MOST_SHOWN]),
    )
