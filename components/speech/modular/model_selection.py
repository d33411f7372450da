"""Model selection: the acoustic model of a recogniser, chosen on held-out training clips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import Pipeline

from components.clip_checks import check_clips
from components.contract import Clip
from components.parts import copies_parameter, stateless_stages
from components.ranges import at_least, check_ranges
from components.speech.acoustic.adapted import AdaptedGmmHmm
from components.speech.acoustic.competitors import LOG_POSTERIOR_GAIN
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.learned_features import POSTERIORS, LearnedFeatureGmmHmm
from components.speech.acoustic.tied_words import TiedWordGmmHmm
from components.speech.acoustic.triphone import TriphoneGmmHmm
from components.speech.acoustic.units import frequent_words
from components.speech.augmentation.augmented import Augmented
from components.speech.augmentation.policy import check_kinds
from components.speech.modular.held_out import DEFAULT, LEADS, Candidate, Gains, HeldOut, best_candidate
from components.speech.modular.phone_recogniser import PhoneRecogniser
from components.study.choices import Choice
from components.study.saving import check_saved, files_of

LEAST_CLIPS = 20  # to compare models on
FEW_CLIPS = 150  # up to so many, models that need many frames give way to the source's
ANY_VOCABULARY = 1_000_000  # words
FRONT_END, COPIES, MODEL = "front end", "training clips", "acoustic model"  # what is chosen
MODEL_ERRORS = 1.0  # of front ends and copies 0: see best_candidate
OF_SOURCE = "phones of the source"
MANY_FRAMES = ("more mixtures", "phones in context")  # acoustic models that need them
ALTERED = "and altered copies"  # training clips with copies


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

    Without the bottleneck, which paid nowhere and is as costly: see tests/benchmarks/RESULTS.md.
    """
    return {
        OF_SOURCE: AdaptedGmmHmm(source),
        "tandem with the source": LearnedFeatureGmmHmm(source, POSTERIORS, append=True),
    }


class AcousticModelSelector(BaseEstimator):
    """Clips -> transcripts, by what does best on held-out training clips of what may be chosen.

    Chosen one after the other are the front end, with the usual acoustic model, the acoustic model, and
    whether to train that one on altered copies as well. Each candidate is trained on a part of the
    clips and judged by competitors.log_posteriors of those others whose words it was trained on, if there are
    any, as in the end it is trained on every word; whole speakers are held out if there are at least
    held_out.FEWEST_SPEAKERS. Candidates start from the alignments of one whole training of the default one
    (see HeldOut.start_from), which takes a part of the time. One that is worse in the first folds is not
    trained in the next, and none is once one leads the others clearly. Of
    front ends and copies the best is taken, another acoustic model only for a gain of more than one standard
    error. With a source its adapted phones, which have least to learn, are the default acoustic model, and
    another must lead them by more than LEADS standard errors. With fewer than LEAST_CLIPS clips all is as by
    default.

    Parameters
    ----------
    recogniser : a Pipeline that ends with a PhoneRecogniser, whose acoustic model is the default one.
    alternatives : {name: acoustic model} (None: default_alternatives()).
    seed : draws the held-out clips and alters the copies.
    source : file of a recogniser trained on another corpus, whose phones, adapted, are the default acoustic
        model, and whose features are a further alternative: see source_alternatives; "": none.
    front_ends : {name: Pipeline of stages}, besides the recogniser's own (None: none).
    augmentation : kinds of alteration of the copies, as Augmented's; none: no copies.
    most_copies : of each clip, as Augmented's.

    Attributes
    ----------
    chosen_ : {what: name}, DEFAULT or OF_SOURCE for the default one. choices_ : the same for the report.
    gains_ : {what: {name: (mean gain in log posterior over the default, its standard error)}}, empty where
        nothing was compared. limit_ : how time bounded the comparison, "" if it did not.
    copies_ : altered copies of each clip that it was trained on.
    recogniser_ : the trained recogniser.
    """

    learns_from_copies = True

    def __init__(
        self,
        recogniser: Pipeline | None = None,
        alternatives: Mapping[str, BaseEstimator] | None = None,
        seed: int = 0,
        source: str = "",
        front_ends: Mapping[str, Pipeline] | None = None,
        augmentation: Sequence[str] = (),
        most_copies: int = 2,
    ) -> None:
        self.recogniser = recogniser
        self.alternatives = alternatives
        self.seed = seed
        self.source = source
        self.front_ends = front_ends
        self.augmentation = augmentation
        self.most_copies = most_copies

    def check_settings(self) -> None:
        """Raises ValueError without a recogniser that ends with a PhoneRecogniser, for an unknown kind of
        augmentation, or a negative seed or number of copies."""
        self._checked()
        check_kinds(self.augmentation)
        check_ranges(self, seed=at_least(0), most_copies=at_least(0))
        check_saved(self, self.source)

    def depends_on(self) -> Sequence[Path]:
        """The files of the source."""
        return files_of(Path(self.source)) if self.source else []

    def fit(
        self, clips: Sequence[Clip], texts: Sequence[str], n_originals: int | None = None
    ) -> AcousticModelSelector:
        """Choose, then train a recogniser as chosen on all clips.

        n_originals: number of clips, the first ones, that are no altered copies (None: all). All is chosen on
        these alone, as a copy of a held-out clip in training would bias it; with copies given, none are made.
        Raises ValueError without a recogniser, for a clip that is empty or not finite, and what it raises.
        """
        recogniser = self._checked()
        check_clips(self, clips)
        originals, transcripts = clips[:n_originals], [str(text).split() for text in texts[:n_originals]]
        kinds = self.augmentation if n_originals in (None, len(clips)) else ()
        augmented = Augmented(None, kinds, seed=self.seed, most_copies=self.most_copies)
        front_ends = {DEFAULT: recogniser[:-1], **(self.front_ends or {})}
        models = self._models(recogniser[-1].acoustic or GmmHmm(), transcripts)
        self.gains_: dict[str, Gains] = {FRONT_END: {}, COPIES: {}, MODEL: {}}
        copies: list[list[Clip]] = []
        self.limit_ = ""
        if len(originals) >= LEAST_CLIPS:
            held_out = HeldOut(recogniser[-1], [clip.speaker for clip in originals], transcripts, self.seed)
            self.limit_ = held_out.limit
            copies = augmented.copies_of(originals)
            self.gains_ = _gains(held_out, front_ends, models, originals, copies)
        self.chosen_ = {what: best_candidate(self.gains_[what], 0.0) for what in (FRONT_END, COPIES)}
        self.chosen_[MODEL] = best_model(self.gains_[MODEL], models)
        last, recognised = recogniser.steps[-1]
        recognised.set_params(acoustic=clone(models[self.chosen_[MODEL]]))
        pipeline = Pipeline([*clone(front_ends[self.chosen_[FRONT_END]]).steps, (last, recognised)])
        copies = copies if self.chosen_[COPIES] == ALTERED else []
        self.copies_, training = len(copies), [*clips, *(clip for own in copies for clip in own)]
        told = copies_parameter(pipeline, len(clips) if copies else n_originals)
        self.recogniser_ = pipeline.fit(training, [*texts] * (1 + len(copies)), **told)
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> one transcript each, in order, as the recogniser does."""
        return self.recogniser_.predict(clips)

    def stateless_stages(self) -> list[Any]:
        """Stages of all front ends whose output for the clips themselves can be shared."""
        front_ends = (self.recogniser, *(self.front_ends or {}).values())
        return [stage for front_end in front_ends for stage in stateless_stages(front_end)]

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The state of this version, or of one that chose acoustic models alone."""
        if isinstance(state.get("chosen_"), str):
            state = {**state, "chosen_": {MODEL: state["chosen_"]}, "gains_": {MODEL: state["gains_"]}}
        before = {"front_ends": None, "augmentation": (), "most_copies": 2, "copies_": 0, "limit_": ""}
        super().__setstate__({**before, **{name: own for name, own in state.items() if name != "choices_"}})

    def _models(self, usual: BaseEstimator, transcripts: Sequence[Sequence[str]]) -> dict[str, BaseEstimator]:
        """Acoustic models to compare, the default one first.

        Of few clips those of the source take the place of those that need many frames, and cost as much.
        """
        own = default_alternatives(transcripts) if self.alternatives is None else self.alternatives
        if not self.source:
            return {DEFAULT: usual, **own}
        few = self.alternatives is None and len(transcripts) <= FEW_CLIPS
        own = {name: model for name, model in own.items() if not (few and name in MANY_FRAMES)}
        return {**source_alternatives(self.source), DEFAULT: usual, **own}

    @property
    def choices_(self) -> list[Choice]:
        """The choices, for the report."""
        means = {
            what: {name: mean for name, (mean, _) in gains.items()} for what, gains in self.gains_.items()
        }
        return [
            Choice(what, self.chosen_[what], LOG_POSTERIOR_GAIN, compared, self.limit_ if compared else "")
            for what, compared in means.items()
            if compared or what == MODEL
        ]

    @property
    def augmented_passes(self) -> float:
        """Altered passes over the training clips: the copies of each."""
        return float(self.copies_)

    def _checked(self) -> Pipeline:
        if isinstance(self.recogniser, Pipeline) and isinstance(self.recogniser[-1], PhoneRecogniser):
            return clone(self.recogniser)
        raise ValueError(
            "AcousticModelSelector expected a Pipeline that ends with a PhoneRecogniser, got "
            f"{type(self.recogniser).__name__}; give it one: AcousticModelSelector(mfcc_gmm_hmm())."
        )


def best_model(gains: Gains, models: Mapping[str, BaseEstimator]) -> str:
    """Gains over the first acoustic model, the default one -> name of the best, as ties go to the default."""
    default = next(iter(models))
    return best_candidate(gains, MODEL_ERRORS if default == DEFAULT else LEADS, default)


def _gains(
    held_out: HeldOut,
    front_ends: Mapping[str, Pipeline],
    models: Mapping[str, BaseEstimator],
    clips: Sequence[Clip],
    copies: Sequence[Sequence[Clip]],
) -> dict[str, Gains]:
    """What to choose among, clips, and altered copies of all of them -> gains of everything to choose."""
    fitted = {name: clone(front_end) for name, front_end in front_ends.items()}
    heard = {name: front_end.fit_transform(clips) for name, front_end in fitted.items()}
    fronts = {name: Candidate(models[DEFAULT], frames) for name, frames in heard.items()}
    held_out.start_from(fronts[DEFAULT])
    front_gains = held_out.gains(fronts)
    best = best_candidate(front_gains, 0.0)
    by_model = {name: replace(fronts[best], model=model) for name, model in models.items()}
    by_model[DEFAULT] = fronts[best]  # the same, which is not trained again
    model_gains = held_out.gains(by_model)
    chosen = by_model[best_model(model_gains, models)]
    altered = [fitted[best].transform(own) for own in copies]
    augmented = {ALTERED: replace(chosen, copies=altered)} if altered else {}
    return {
        FRONT_END: front_gains,
        COPIES: held_out.gains({DEFAULT: chosen, **augmented}),
        MODEL: model_gains,
    }
