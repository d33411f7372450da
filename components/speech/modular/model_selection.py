"""Model selection: the acoustic model of a recogniser, chosen on held-out training clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import GroupKFold, GroupShuffleSplit
from sklearn.pipeline import Pipeline

from components.clip_checks import check_clips
from components.contract import Clip
from components.parts import copies_parameter, stateless_stages
from components.ranges import at_least, check_ranges
from components.speech.acoustic.adapted import AdaptedGmmHmm
from components.speech.acoustic.competitors import LOG_POSTERIOR_GAIN, log_posteriors
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.learned_features import POSTERIORS, LearnedFeatureGmmHmm
from components.speech.acoustic.tied_words import TiedWordGmmHmm
from components.speech.acoustic.triphone import TriphoneGmmHmm
from components.speech.acoustic.units import frequent_words
from components.speech.lexicon_file import look_up
from components.speech.modular.phone_recogniser import PhoneRecogniser
from components.study.choices import Choice
from components.study.saving import check_saved, files_of

LEAST_CLIPS = 20  # to compare models on
ANY_VOCABULARY = 1_000_000  # words
FOLDS, MOST_CROSS_VALIDATED = 2, 300  # of more clips than that one part is held out once
MORE_FOLDS, FEW = 4, 150  # of so few clips half would be too few to train on
MOST_TRAINING, MOST_HELD_OUT = 1000, 300
FEWEST_SPEAKERS = 10  # of fewer, those held out are too few to represent new speakers

LOST = 2.0  # standard errors by which a model that leaves the race is worse than the default one

MANY_FRAMES = ("more mixtures", "phones in context")  # alternatives that need them
DEFAULT = "usual"  # the recogniser's own acoustic model

Split = tuple[np.ndarray, np.ndarray]  # rows to train on, rows held out


def default_alternatives(transcripts: Sequence[Sequence[str]] = ()) -> dict[str, BaseEstimator]:
    """Transcripts to learn from -> {name: acoustic model} to compare with the default one.

    Units of their own for frequent words are one of them only where a word is frequent.
    """
    own_units = GmmHmm(own_vocabulary=ANY_VOCABULARY)
    frequent = frequent_words(transcripts, own_units.least_times)
    return {
        "more mixtures": GmmHmm(components=64, frames_per_component=10),
        **({"phones of frequent words": own_units} if frequent else {}),
        "phones in context": TriphoneGmmHmm(),
        "whole words": TiedWordGmmHmm(),
    }


def source_alternatives(source: str) -> dict[str, BaseEstimator]:
    """File of a trained mfcc-phone-mlp-hmm -> {name: acoustic model} that start from it.

    Without the bottleneck, which paid nowhere and would cost a third more: see tests/benchmarks/RESULTS.md.
    """
    return {
        "phones of the source": AdaptedGmmHmm(source),
        "tandem with the source": LearnedFeatureGmmHmm(source, POSTERIORS, append=True),
    }


class AcousticModelSelector(BaseEstimator):
    """Clips -> transcripts, by a recogniser with the best acoustic model on held-out training clips.

    recogniser: a Pipeline that ends with a PhoneRecogniser, whose acoustic model is the default one.
    alternatives: {name: acoustic model} (None: default_alternatives()). Each model is trained on a part of
    the clips and judged by competitors.log_posteriors of those others whose words it was trained on, if there
    are any, as in the end it is trained on every word; whole speakers are held out if there are at least
    FEWEST_SPEAKERS. One that is clearly worse in the first folds is not trained in the next. An alternative
    is chosen only for a gain of more than one standard error, and none with fewer than LEAST_CLIPS clips.
    seed: draws the held-out clips. source: file of a recogniser trained on another corpus, whose phones and
    features are further alternatives: see source_alternatives; "": none.

    Learned: `chosen_`, the name, "usual" for the default model; `gains_`, {name: (mean gain in log posterior
    over the default model, its standard error)}, empty where nothing was compared; `choices_`, the same for
    the report; `recogniser_`.
    """

    learns_from_copies = True

    def __init__(
        self,
        recogniser: Pipeline | None = None,
        alternatives: Mapping[str, BaseEstimator] | None = None,
        seed: int = 0,
        source: str = "",
    ) -> None:
        self.recogniser = recogniser
        self.alternatives = alternatives
        self.seed = seed
        self.source = source

    def check_settings(self) -> None:
        """Raises ValueError without a recogniser that ends with a PhoneRecogniser, or for a negative seed."""
        self._checked()
        check_ranges(self, seed=at_least(0))
        check_saved(self, self.source)

    def depends_on(self) -> Sequence[Path]:
        """The files of the source."""
        return files_of(Path(self.source)) if self.source else []

    def fit(
        self, clips: Sequence[Clip], texts: Sequence[str], n_originals: int | None = None
    ) -> AcousticModelSelector:
        """Choose the acoustic model, then train a copy of the recogniser on all clips.

        n_originals: number of clips, the first ones, that are no altered copies (None: all); the model is
        chosen on these alone, as a copy of a held-out clip in training would bias it.
        Raises ValueError without a recogniser, for a clip that is empty or not finite, and what it raises.
        """
        recogniser = self._checked()
        check_clips(self, clips)
        transcripts = [str(text).split() for text in texts[:n_originals]]
        models = {DEFAULT: recogniser[-1].acoustic or GmmHmm(), **self._alternatives(transcripts)}
        self.gains_, originals = {}, clips[:n_originals]
        if len(originals) >= LEAST_CLIPS:
            self.gains_ = self._gains(models, recogniser, originals, transcripts)
        self.chosen_ = best_model(self.gains_)
        compared = {name: mean for name, (mean, _) in self.gains_.items()}
        self.choices_ = [Choice("acoustic model", self.chosen_, LOG_POSTERIOR_GAIN, compared)]
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
            "AcousticModelSelector expected a Pipeline that ends with a PhoneRecogniser, got "
            f"{type(self.recogniser).__name__}; give it one: AcousticModelSelector(mfcc_gmm_hmm())."
        )

    def _alternatives(self, transcripts: Sequence[Sequence[str]]) -> dict[str, BaseEstimator]:
        """Transcripts -> {name: acoustic model} to compare with the default one.

        Of few clips those of the source take the place of those that need many frames, and cost as much.
        """
        own = default_alternatives(transcripts) if self.alternatives is None else self.alternatives
        if not self.source:
            return dict(own)
        few = self.alternatives is None and len(transcripts) <= FEW
        own = {name: model for name, model in own.items() if not (few and name in MANY_FRAMES)}
        return own | source_alternatives(self.source)

    def _gains(
        self,
        models: Mapping[str, BaseEstimator],
        recogniser: Pipeline,
        clips: Sequence[Clip],
        transcripts: Sequence[Sequence[str]],
    ) -> dict[str, tuple[float, float]]:
        """{name: (mean gain over the first model on held-out clips, its standard error)}."""
        words = sorted({word for words in transcripts for word in words})
        last = recogniser[-1]
        lexicon = look_up(words, last.language, last.lexicon) if words else {}
        frames = recogniser[:-1].fit_transform(clips)
        groups = held_out_groups([clip.speaker for clip in clips])
        gains: dict[str, tuple[float, float]] = {}
        own_gains: dict[str, list[np.ndarray]] = {name: [] for name in models}
        held_out: list[int] = []
        for train, held in held_out_splits(groups, self.seed):
            running = {name: models[name] for name in models if _may_win(gains.get(name))}
            trained = [_fitted(model, frames, transcripts, lexicon, train) for model in running.values()]
            known = {word for row in train for word in transcripts[row]}
            rows = [row for row in held if known.issuperset(transcripts[row])] or held
            rows = [row for row in rows if _usable(trained, frames[row], transcripts[row])]
            clips_of_fold = [frames[row] for row in rows], [transcripts[row] for row in rows]
            posteriors = [_log_posteriors(model, *clips_of_fold, self.seed) for model in trained]
            held_out += rows
            for name, own in zip(running, posteriors, strict=True):
                own_gains[name].append(own - posteriors[0])
                gains[name] = mean_and_standard_error(np.concatenate(own_gains[name]), groups[held_out])
        return {name: gains[name] for name in models}


def held_out_groups(speakers: Sequence[str]) -> np.ndarray:
    """Speaker of each clip -> groups to hold out together, int (clips,): speakers, or single clips."""
    names, groups = np.unique(np.asarray(speakers), return_inverse=True)
    return groups if len(names) >= FEWEST_SPEAKERS else np.arange(len(speakers))


def held_out_splits(groups: np.ndarray, seed: int) -> list[Split]:
    """Groups (clips,) -> training and held-out rows of each fold, no group on both sides."""
    rows = np.zeros(len(groups))
    if len(groups) <= MOST_CROSS_VALIDATED:
        folds = min(MORE_FOLDS if len(groups) <= FEW else FOLDS, len(np.unique(groups)))
        return list(GroupKFold(folds, shuffle=True, random_state=seed).split(rows, groups=groups))
    share = min(0.25, MOST_HELD_OUT / len(groups))
    folds = GroupShuffleSplit(1, test_size=share, random_state=seed).split(rows, groups=groups)
    rng = np.random.default_rng(seed)
    return [
        (
            np.sort(rng.permutation(train)[:MOST_TRAINING]),
            np.sort(rng.permutation(held)[:MOST_HELD_OUT]),
        )
        for train, held in folds
    ]


def mean_and_standard_error(gains: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    """Gains (clips,) and their groups -> their mean and its standard error.

    Cluster-robust, by sums over groups (Liang and Zeger, 1986), as the gains of a speaker's clips correlate.
    """
    if not len(gains):
        return 0.0, 0.0
    mean = float(gains.mean())
    sums = np.bincount(np.unique(groups, return_inverse=True)[1], gains - mean)
    return mean, float(np.sqrt((sums**2).sum()) / len(gains))


def _may_win(gain: tuple[float, float] | None) -> bool:
    """Mean gain of a model in the folds before, with its standard error -> whether more folds may show one.

    Racing (Maron and Moore, 1994): a model worse by more than LOST standard errors is not trained again.
    """
    return gain is None or gain[0] + LOST * gain[1] >= 0


def best_model(gains: Mapping[str, tuple[float, float]]) -> str:
    """{name: (gain, standard error)} -> name of the largest gain less error, DEFAULT if none is above 0."""
    lower = {name: mean - error for name, (mean, error) in gains.items() if mean > error}
    return max(lower, key=lower.__getitem__, default=DEFAULT)


def _fitted(
    model: BaseEstimator,
    frames: Sequence[np.ndarray],
    transcripts: Sequence[Sequence[str]],
    lexicon: Mapping[str, Sequence[Sequence[str]]],
    rows: np.ndarray,
) -> Any:
    return clone(model).fit([frames[row] for row in rows], [transcripts[row] for row in rows], lexicon)


def _usable(models: Sequence[Any], frames: np.ndarray, words: Sequence[str]) -> bool:
    """Whether the transcript has words, and the frames suffice for them in every model."""
    return bool(words) and all(len(frames) >= model.alignment_graph(words).shortest for model in models)


def _log_posteriors(
    model: Any, frames: Sequence[np.ndarray], transcripts: Sequence[Sequence[str]], seed: int
) -> np.ndarray:
    """Model and held-out clips -> log posteriors (clips,) of their transcripts."""
    return log_posteriors(model, [model.log_likelihoods(rows) for rows in frames], transcripts, seed)
