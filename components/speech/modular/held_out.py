"""Candidates that are trained on a part of the training clips -> how well they do on those held out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import GroupKFold

from components.parts import copies_parameter
from components.speech.acoustic.competitors import chance_posteriors, hypotheses_of, log_posteriors
from components.speech.acoustic.gmm_hmm import ClipsTooShort, GmmHmm
from components.speech.acoustic.start import GraphPath, OnPaths
from components.speech.lexicon_file import look_up
from components.speech.modular.phone_recogniser import PhoneRecogniser

PARTS = 4  # of the clips: each is held out in turn,
ENOUGH_WORDS = 250  # until so many were held out
MOST_TRAINING, MOST_HELD_OUT = 1000, 300
FEWEST_SPEAKERS, FEW_SPEAKERS = 3, 10  # from so many on whole ones are held out; up to so many, each

# Standard errors by which a model that leaves the race is worse than the default one (after one fold of three
# it had one chance in ten to end above it), and by which one that ends the race is better than each other.
LOST, LEADS = 1.0, 2.0
DEFAULT = "usual"  # name of the candidate that others must do better than

Split = tuple[np.ndarray, np.ndarray]  # rows to train on, rows held out
Gains = dict[str, tuple[float, float]]  # name -> mean gain over the first candidate, its standard error


@dataclass(frozen=True, eq=False)
class Candidate:
    """An untrained acoustic model and what it would be trained on.

    frames: (frames, dims) of each clip. copies: the same of altered copies of all clips, once or more.
    """

    model: BaseEstimator
    frames: Sequence[np.ndarray]
    copies: Sequence[Sequence[np.ndarray]] = ()


class HeldOut:
    """Training clips, of which some are held out in turn to compare candidates on.

    last: has the language and lexicon of the pronunciations. speakers, transcripts: of each clip.
    seed: draws the clips. limit: how the comparison is bounded, see held_out_limit.
    """

    def __init__(
        self,
        last: PhoneRecogniser,
        speakers: Sequence[str],
        transcripts: Sequence[Sequence[str]],
        seed: int,
    ) -> None:
        words = sorted({word for words in transcripts for word in words})
        self.lexicon = look_up(words, last.language, last.lexicon) if words else {}
        self.groups, self.transcripts, self.seed = held_out_groups(speakers), transcripts, seed
        self.splits = held_out_splits(self.groups, sum(map(len, transcripts)), seed)
        self.limit = held_out_limit(self.splits, len(transcripts))
        self._models: dict[tuple[Candidate, int], Any] = {}  # those trained, by their fold
        self.paths: dict[int, GraphPath] = {}  # of clips, by row, from which models start

    def start_from(self, candidate: Candidate) -> None:
        """From now on models start from the alignments that this candidate's finds once it is trained, on
        all clips that any fold learns from.

        Whole trainings take several times as long, and come to nearly the same alignments. With one fold the
        clips held out have no part in it; with several those of one fold have it only as clips to learn from
        in the others. Another model than a GmmHmm gives no start: then each training is whole.
        """
        rows = np.unique(np.concatenate([train for train, _ in self.splits]))
        taken = _some(rows, MOST_TRAINING, np.random.default_rng(self.seed))
        model = (
            self._fit(replace(candidate, copies=()), taken) if isinstance(candidate.model, GmmHmm) else None
        )
        if model is None:
            return
        if len(self.splits) == 1:
            self._models[candidate, 0] = model
        said = [self.transcripts[row] for row in rows]
        paths = model.paths([candidate.frames[row] for row in rows], said)
        self.paths = dict(zip(rows.tolist(), paths, strict=True))

    def gains(self, candidates: Mapping[str, Candidate]) -> Gains:
        """Candidates -> {name: (mean gain in log posterior over the first one, its standard error)}.

        Of one candidate there is nothing to compare: {}. One that comes again is not trained again.
        """
        gains: Gains = {}
        own_gains = {name: np.zeros(0) for name in candidates}
        held_out: list[int] = []
        for fold in range(len(self.splits)):
            running = {name: candidates[name] for name in candidates if _may_win(gains.get(name))}
            still = [own_gains[name] for name in running]
            if len(running) < 2 or _is_decided(still, self.groups[held_out]):
                break
            rows, posteriors = self._posteriors(running, fold)
            held_out += rows
            for name, own in posteriors.items():
                own_gains[name] = np.append(own_gains[name], own - next(iter(posteriors.values())))
                gains[name] = mean_and_standard_error(own_gains[name], self.groups[held_out])
        return gains

    def _posteriors(
        self, candidates: Mapping[str, Candidate], fold: int
    ) -> tuple[list[int], dict[str, np.ndarray]]:
        """Candidates and a fold -> the rows judged, log posteriors (rows,) of their transcripts."""
        train, held = self.splits[fold]
        trained = {name: self._trained(one, fold) for name, one in candidates.items()}
        known = {word for row in train for word in self.transcripts[row]}
        rows = [row for row in held if known.issuperset(self.transcripts[row])] or held
        rows = [row for row in rows if self.transcripts[row]]
        return rows, {name: self._judged(trained[name], one, rows) for name, one in candidates.items()}

    def _judged(self, model: Any, candidate: Candidate, rows: Sequence[int]) -> np.ndarray:
        """The candidate's trained model, None for none, and rows -> log posteriors of their transcripts."""
        said = [self.transcripts[row] for row in rows]
        if model is None:
            return chance_posteriors(hypotheses_of(said, self.seed))
        scores = [model.log_likelihoods(candidate.frames[row]) for row in rows]
        return log_posteriors(model, scores, said, self.seed)

    def _trained(self, candidate: Candidate, fold: int) -> Any:
        """The candidate's model, trained on the clips of a fold that are not held out.

        None where they are all shorter than its states: it knows nothing of them.
        """
        if (candidate, fold) not in self._models:
            self._models[candidate, fold] = self._fit(candidate, self.splits[fold][0])
        return self._models[candidate, fold]

    def _fit(self, candidate: Candidate, rows: np.ndarray) -> Any:
        heard = (candidate.frames, *candidate.copies)
        frames, said = [own[row] for own in heard for row in rows], [self.transcripts[row] for row in rows]
        known: dict[str, Any] = copies_parameter(candidate.model, len(rows) if candidate.copies else None)
        if self.paths and getattr(candidate.model, "starts_from_alignments", False):
            paths = [self.paths[row] for row in rows] * len(heard)
            pairs = enumerate(zip(paths, frames, strict=True))
            start = OnPaths({row: path.stretched(len(own)) for row, (path, own) in pairs})
            known |= {"start": start, "brief": True}
        try:
            return clone(candidate.model).fit(frames, said * len(heard), self.lexicon, **known)
        except ClipsTooShort:
            return None


def held_out_groups(speakers: Sequence[str]) -> np.ndarray:
    """Speaker of each clip -> groups to hold out together, int (clips,): speakers, or single clips.

    Single clips where there are fewer than FEWEST_SPEAKERS, where some are unknown (""), and where one has
    more than half of the clips: without that one there would be too little to train on.
    """
    names, groups, counts = np.unique(np.asarray(speakers), return_inverse=True, return_counts=True)
    alone = len(names) < FEWEST_SPEAKERS or "" in names or 2 * counts.max() > len(speakers)
    return np.arange(len(speakers)) if alone else groups


def held_out_splits(groups: np.ndarray, words: int, seed: int) -> list[Split]:
    """Groups (clips,) and how many words are said -> training and held-out rows of each fold.

    No group is on both sides.
    """
    number, rng = len(np.unique(groups)), np.random.default_rng(seed)
    folds = PARTS if number < FEW_SPEAKERS else math.ceil(PARTS * ENOUGH_WORDS / max(1, words))
    parts = GroupKFold(min(PARTS, number), shuffle=True, random_state=seed)
    return [
        (_some(train, MOST_TRAINING, rng), _some(held, MOST_HELD_OUT, rng))
        for train, held in islice(parts.split(groups, groups=groups), folds)
    ]


def held_out_limit(splits: Sequence[Split], clips: int) -> str:
    """Splits and how many clips there are -> how the splits are bounded, "" where each has all clips."""
    if all(len(train) + len(held) == clips for train, held in splits):
        return ""
    train, held = (max(map(len, side)) for side in zip(*splits, strict=True))
    return f"{train:,} utterances learned from and {held:,} held out, of {clips:,}"


def _some(rows: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    """Rows -> at most so many of them, drawn, in order."""
    return np.sort(rng.permutation(rows)[:most])


def mean_and_standard_error(gains: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """Gains (clips,) and their groups -> their mean and its standard error.

    Cluster-robust, by sums over groups (Liang and Zeger, 1986), as the gains of a speaker's clips correlate.
    Of one group, or none, the error is not known: infinite.
    """
    mean = float(gains.mean()) if len(gains) else 0.0
    names, own = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        return mean, np.inf
    return mean, float(np.sqrt((np.bincount(own, gains - mean) ** 2).sum()) / len(gains))


def _may_win(gain: tuple[float, float] | None) -> bool:
    """Mean gain of a model in the folds before, with its standard error -> whether more folds may show one.

    Racing (Maron and Moore, 1994): a model worse by more than LOST standard errors is not trained again.
    """
    return gain is None or gain[0] + LOST * gain[1] >= 0


def _is_decided(gains: Sequence[np.ndarray], groups: np.ndarray) -> bool:
    """Gains (clips,) of each model that may win, and groups of the clips -> whether no more folds are needed,
    as one is better than each of the others by more than LEADS standard errors."""
    best = max(gains, key=np.sum)
    ahead = [mean_and_standard_error(best - own, groups) for own in gains if own is not best]
    return all(mean > LEADS * error for mean, error in ahead)


def best_candidate(gains: Gains, errors: float, default: str = DEFAULT) -> str:
    """{name: (gain, standard error)} -> name of the largest gain less so many errors, the default if none is
    above 0. errors: 1 or more, the simpler candidate, which is the default, wins ties; 0, for candidates that
    are equally simple."""
    lower = {name: mean - errors * error if errors else mean for name, (mean, error) in gains.items()}
    lower = {name: gain for name, gain in lower.items() if gain > 0}
    return max(lower, key=lower.__getitem__, default=default)
