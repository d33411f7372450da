"""A recogniser whose acoustic model is the one, of several, that suits its training clips best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import GroupKFold, GroupShuffleSplit
from sklearn.pipeline import Pipeline

from components.contract import Clip, check_clips, copies_parameter, stateless_stages
from components.ranges import at_least, check_ranges
from components.speech.acoustic.competitors import log_chances
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.triphone import TiedGmmHmm
from components.speech.decoding.lexicon import pronounce
from components.speech.modular.phone_recogniser import PhoneRecogniser

LEAST_CLIPS = 50  # to choose by: fewer cannot tell one model from another
FOLDS, MOST_FOLDED = 2, 300  # so many clips are all held out once; of more, some once
MOST_TAUGHT, MOST_HEARD = 1000, 300
FEWEST_SPEAKERS = 10  # of fewer, the ones held out are too few to stand for the next voice

USUAL = "usual"  # the recogniser's own acoustic model

Split = tuple[np.ndarray, np.ndarray]  # rows to teach with, rows to hear


def usual_alternatives() -> dict[str, BaseEstimator]:
    """Name -> acoustic model to try beside the usual one."""
    return {
        "more mixtures": GmmHmm(components=64, frames_per_component=10),
        "phones in context": TiedGmmHmm(),
    }


class Chosen(BaseEstimator):
    """Clips -> transcripts, by a recogniser with the acoustic model that hears held-out training clips best.

    recogniser: a Pipeline that ends with a PhoneRecogniser, whose acoustic model is the usual one.
    alternatives: name -> acoustic model (None: usual_alternatives()). Each model is taught some of the clips
    and tells what was said in others from the like of it (acoustic.competitors); whole speakers are
    held out where there are FEWEST_SPEAKERS. The usual one is left only for an advantage beyond one standard
    error; fewer than LEAST_CLIPS clips keep it. seed: draws the clips to choose by.

    Learned: `chosen_`, the name, "usual" for the usual one; `gains_`, {name: (mean gain in log probability of
    what was said over the usual model, its standard error)}, empty where nothing was tried; `recogniser_`.
    """

    learns_from_copies = True

    def __init__(
        self,
        recogniser: Pipeline | None = None,
        alternatives: Mapping[str, BaseEstimator] | None = None,
        seed: int = 0,
    ) -> None:
        self.recogniser = recogniser
        self.alternatives = alternatives
        self.seed = seed

    def check_settings(self) -> None:
        """Raises ValueError without a recogniser that ends with a PhoneRecogniser, or for a negative seed."""
        self._checked()
        check_ranges(self, seed=at_least(0))

    def fit(self, clips: Sequence[Clip], texts: Sequence[str], n_originals: int | None = None) -> Chosen:
        """Chooses, then teaches a fresh copy of the recogniser all clips.

        n_originals: how many clips, the first ones, are no altered copies (None: all): the model is chosen by
        these alone, since a copy of a held-out clip in training would tell it.

        Raises ValueError without a recogniser, for a clip that is empty or not finite, and what it raises.
        """
        recogniser = self._checked()
        check_clips(self, clips)
        alternatives = usual_alternatives() if self.alternatives is None else self.alternatives
        models = {USUAL: recogniser[-1].acoustic or GmmHmm(), **alternatives}
        self.gains_, originals = {}, clips[:n_originals]
        if len(originals) >= LEAST_CLIPS:
            transcripts = [str(text).split() for text in texts[:n_originals]]
            self.gains_ = self._gains(models, recogniser, originals, transcripts)
        self.chosen_ = surest(self.gains_)
        last = recogniser.steps[-1][0]
        acoustic = {f"{last}__acoustic": clone(models[self.chosen_])}
        recogniser.set_params(**acoustic)
        self.recogniser_ = recogniser.fit(clips, texts, **copies_parameter(recogniser, n_originals))
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> one transcript each, in order, as the recogniser does."""
        return self.recogniser_.predict(clips)

    def stateless_stages(self) -> list[Any]:
        """The recogniser's stages whose output for the clips themselves can be shared."""
        return stateless_stages(self.recogniser)

    def _checked(self) -> Pipeline:
        if isinstance(self.recogniser, Pipeline) and isinstance(self.recogniser[-1], PhoneRecogniser):
            return clone(self.recogniser)
        raise ValueError(
            "Chosen expected a Pipeline that ends with a PhoneRecogniser, got "
            f"{type(self.recogniser).__name__}; give it one: Chosen(mfcc_gmm_hmm())."
        )

    def _gains(
        self,
        models: Mapping[str, BaseEstimator],
        recogniser: Pipeline,
        clips: Sequence[Clip],
        transcripts: Sequence[Sequence[str]],
    ) -> dict[str, tuple[float, float]]:
        """What each model gains over the first on held-out clips, and the standard error of that."""
        words = sorted({word for said in transcripts for word in said})
        lexicon = pronounce(words, recogniser[-1].language) if words else {}
        frames = recogniser[:-1].fit_transform(clips)
        groups = voices([clip.speaker for clip in clips])
        found, heard = [], []
        for taught, held in splits(groups, self.seed):
            trained = [_taught(model, frames, transcripts, lexicon, taught) for model in models.values()]
            rows = [row for row in held if _can_hear(trained, frames[row], transcripts[row])]
            known = [frames[row] for row in rows], [transcripts[row] for row in rows]
            found.append([_chances(model, *known, self.seed) for model in trained])
            heard += rows
        chances = np.concatenate(found, axis=1)  # (models, clips)
        return {
            name: mean_and_error(own - chances[0], groups[heard])
            for name, own in zip(models, chances, strict=True)
        }


def voices(speakers: Sequence[str]) -> np.ndarray:
    """Speaker of each clip -> the group that is held out together, int (clips,): voices, or clips alone."""
    names, groups = np.unique(np.asarray(speakers), return_inverse=True)
    return groups if len(names) >= FEWEST_SPEAKERS else np.arange(len(speakers))


def splits(groups: np.ndarray, seed: int) -> list[Split]:
    """Groups of clips (clips,) -> which to teach with and which to hear, no group on both sides."""
    none = np.zeros(len(groups))
    if len(groups) <= MOST_FOLDED:
        return list(GroupKFold(FOLDS, shuffle=True, random_state=seed).split(none, groups=groups))
    share = min(0.25, MOST_HEARD / len(groups))
    folds = GroupShuffleSplit(1, test_size=share, random_state=seed).split(none, groups=groups)
    chance = np.random.default_rng(seed)
    return [
        (np.sort(chance.permutation(taught)[:MOST_TAUGHT]), np.sort(chance.permutation(held)[:MOST_HEARD]))
        for taught, held in folds
    ]


def mean_and_error(gains: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """Gains (clips,) and their groups -> their mean and its standard error.

    By sums over groups (Liang and Zeger, 1986): a voice that likes one model does so in all of its clips.
    """
    if not len(gains):
        return 0.0, 0.0
    mean = float(gains.mean())
    apart = np.bincount(np.unique(groups, return_inverse=True)[1], gains - mean)
    return mean, float(np.sqrt((apart**2).sum()) / len(gains))


def surest(gains: Mapping[str, tuple[float, float]]) -> str:
    """Gains and their errors -> the name whose gain less one error is largest, USUAL if none is above 0."""
    least = {name: mean - error for name, (mean, error) in gains.items() if mean > error}
    return max(least, key=least.__getitem__, default=USUAL)


def _taught(
    model: BaseEstimator,
    frames: Sequence[np.ndarray],
    transcripts: Sequence[Sequence[str]],
    lexicon: Mapping[str, Sequence[Sequence[str]]],
    rows: np.ndarray,
) -> Any:
    return clone(model).fit([frames[row] for row in rows], [transcripts[row] for row in rows], lexicon)


def _can_hear(models: Sequence[Any], frames: np.ndarray, words: Sequence[str]) -> bool:
    """Whether known words were said, and the frames are enough for them in every model."""
    return bool(words) and all(len(frames) >= model.chain(words).shortest for model in models)


def _chances(
    model: Any, frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]], seed: int
) -> np.ndarray:
    """Clips heard by a model -> log probability (clips,) of what was said in each."""
    return log_chances(model, [model.log_likelihoods(rows) for rows in frames], transcripts, seed)
