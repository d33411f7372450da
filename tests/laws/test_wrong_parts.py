"""The laws themselves: small parts that break one promise each are named, with what to do; good ones pass."""

import inspect
from unittest import SkipTest

import numpy as np
import pytest
from sklearn.base import BaseEstimator

from components.laws import hook_laws, laws, recogniser_laws
from components.laws.examples import tone
from components.laws.laws import BrokenLaw


class Good(BaseEstimator):
    """Clips -> clips as loud as asked for."""

    stateless = True

    def __init__(self, gain: float = 0.5) -> None:
        self.gain = gain

    def fit(self, clips, texts=None):
        self.count_ = len(clips)
        return self

    def transform(self, clips):
        return [clip.with_samples(clip.samples * self.gain) for clip in clips]


class NeedsAnArgument(Good):
    def __init__(self, gain):
        self.gain = gain


class Thinks(Good):
    def __init__(self, gain=0.5):
        self.gain, self.twice = gain, 2 * gain


class Converts(Good):
    def __init__(self, gain=1):
        self.gain = float(gain)


class ChangesItsInput(Good):
    def transform(self, clips):
        for clip in clips:
            clip.samples[:] *= self.gain
        return clips


class ChangesItself(Good):
    def transform(self, clips):
        self.last_ = len(clips)
        return super().transform(clips)


class CountsInSettings(Good):
    def transform(self, clips):
        self.gain *= 0.5
        return super().transform(clips)


class ForgetsFloat32(Good):
    def transform(self, clips):
        return [clip.samples.astype(np.float64) for clip in clips]


class LooksAtNeighbours(Good):
    def transform(self, clips):
        loudest = max((np.abs(clip.samples).max() for clip in clips), default=1)
        return [clip.with_samples(clip.samples / loudest) for clip in clips]


class RemembersTheOneBefore(Good):
    def transform(self, clips):
        before = [np.float32(0), *(clip.samples[-1] for clip in clips)]
        return [clip.with_samples(clip.samples + last) for clip, last in zip(clips, before, strict=False)]


class LeavesOut(Good):
    def transform(self, clips):
        return super().transform(clips)[1:]


class GivesSomethingForNothing(Good):
    def transform(self, clips):
        return super().transform(clips) if len(clips) else [np.zeros(1, np.float32)]


class NamesNothing(Good):
    def fit(self, clips, texts=None):
        self.count = len(clips)
        return self


class ReturnsNothing(Good):
    def fit(self, clips, texts=None):
        pass


class AddsUp(Good):
    def fit(self, clips, texts=None):
        self.count_ = getattr(self, "count_", 0) + len(clips)
        return self


class LearnsAFunction(Good):
    def fit(self, clips, texts=None):
        self.scale_ = np.tanh if len(clips) else None
        self.made_ = inspect.signature(np.mean) if len(clips) else None
        return self


class LearnsAllTheSame(Good):
    def fit(self, clips, texts=None):
        self.gain_ = float(np.abs(clips[0].samples).max())
        return self

    def transform(self, clips):
        return [clip.with_samples(clip.samples * getattr(self, "gain_", 1.0)) for clip in clips]


class WrongHop(Good):
    hop_ms = 10.0

    def transform(self, clips):
        return [clip.samples.reshape(-1, 1)[::40] for clip in clips]


class NotTold(Good):
    learns_from_copies = True


class MindsTheNumber(Good):
    learns_from_copies = True

    def fit(self, clips, texts=None, n_originals=None):
        self.count_ = n_originals
        return self


class FailsInFit(Good):
    def fit(self, clips, texts=None):
        self.table_ = [0] * 3 + [self.gain]
        self.table_[int(self.gain)]
        if self.gain < 0:
            raise IndexError("list index out of range")
        return self


STAGES = {
    ChangesItsInput: (laws.changes_no_input, r"its inputs are unchanged .*; .*Clip\.with_samples"),
    ChangesItself: (laws.changes_not_itself, "using it changes nothing of it; set attributes in fit"),
    CountsInSettings: (laws.changes_not_itself, "using it changes nothing of it"),
    ForgetsFloat32: (laws.gives_float32, r"its output is float32 \(it is float64\); end with .astype"),
    LooksAtNeighbours: (laws.minds_no_neighbours, "an item's output depends on no other item"),
    RemembersTheOneBefore: (laws.minds_no_neighbours, "an item's output depends on no other item"),
    LeavesOut: (laws.gives_one_for_each, r"it gives one item for each, 4 \(it gave 3\)"),
    GivesSomethingForNothing: (laws.gives_one_for_each, "it gives nothing for nothing"),
    NamesNothing: (laws.names_what_it_learned, r"what fit learns ends with _ \(count\)"),
    ReturnsNothing: (laws.fit_gives_itself, "fit returns self"),
    AddsUp: (laws.forgets, "a second fit forgets the first"),
    LearnsAFunction: (laws.saves, "it is saved with our own classes alone"),
    LearnsAllTheSame: (hook_laws.learns_nothing, "stateless: its output depends on clip and settings alone"),
    WrongHop: (hook_laws.makes_frames_so_often, "a frame is hop_ms long"),
    NotTold: (hook_laws.learns_from_copies, "fit takes n_originals"),
    MindsTheNumber: (
        hook_laws.learns_from_copies,
        "with n_originals of all items it learns what it learns without",
    ),
    NeedsAnArgument: (laws.builds_and_only_stores, "it builds with no arguments"),
    Thinks: (laws.builds_and_only_stores, r"its constructor only stores .*\(twice\)"),
    Converts: (laws.builds_and_only_stores, "its constructor stores gain as it is given"),
}


@pytest.mark.parametrize("kind", STAGES, ids=lambda kind: kind.__name__)
def test_a_part_that_breaks_a_promise_is_named_in_one_sentence(kind):
    law, sentence = STAGES[kind]
    with pytest.raises(BrokenLaw, match=sentence) as error:
        law(kind)
    assert str(error.value).startswith(f"{__name__}.{kind.__name__} broke the promise that ")
    assert "\n" not in str(error.value) and str(error.value).endswith(".")


@pytest.mark.parametrize(
    "law",
    [*laws.STAGE_LAWS, hook_laws.learns_nothing, laws.builds_and_only_stores, laws.clones],
    ids=lambda law: law.__name__,
)
def test_a_part_that_keeps_its_promises_passes(law):
    law(Good)


class GoodSupervised(BaseEstimator):
    """Vectors (dims,) -> vectors (1,): how far along the line between the means of two classes."""

    def fit(self, vectors, labels):
        first, second = (
            np.mean([v for v, own in zip(vectors, labels, strict=True) if own == label], axis=0)
            for label in sorted(set(labels))
        )
        self.line_ = second - first
        return self

    def transform(self, vectors):
        return [np.float32([np.sum(vector * self.line_)]) for vector in vectors]


class SeesTheCrowd(GoodSupervised):
    def transform(self, vectors):
        mean = np.mean(vectors, axis=0) if len(vectors) else 0
        return super().transform([vector - mean for vector in vectors])


@pytest.mark.parametrize("law", laws.STAGE_LAWS, ids=lambda law: law.__name__)
def test_a_stage_that_learns_from_labels_of_vectors_is_tried_with_them(law):
    law(GoodSupervised)


def test_one_that_breaks_a_promise_is_named_and_not_skipped():
    with pytest.raises(BrokenLaw, match="an item's output depends on no other item"):
        laws.minds_no_neighbours(SeesTheCrowd)


class Nearest(BaseEstimator):
    """Vectors (dims,) -> the training label of the nearest one."""

    def fit(self, vectors, labels):
        self.vectors_, self.labels_ = np.array(vectors), list(labels)
        return self

    def predict(self, vectors):
        return [self.labels_[int(np.abs(self.vectors_ - vector).sum(axis=1).argmin())] for vector in vectors]


class AnswersAsTheCrowd(Nearest):
    def predict(self, vectors):
        answers = super().predict(vectors)
        return [max(answers)] * len(answers) if answers else []


@pytest.mark.parametrize("law", laws.CLASSIFIER_LAWS, ids=lambda law: law.__name__)
def test_a_classifier_of_vectors_that_keeps_its_promises_passes(law):
    law(Nearest)


def test_a_classifier_that_looks_at_others_is_named():
    with pytest.raises(BrokenLaw, match="an item's output depends on no other item"):
        laws.minds_no_neighbours(AnswersAsTheCrowd)


@pytest.mark.parametrize("law", [*laws.STAGE_LAWS, laws.clones], ids=lambda law: law.__name__)
def test_laws_that_rest_on_a_broken_one_skip_with_the_reason(law):
    if law is laws.fit_gives_itself:
        law = laws.saves
    with pytest.raises(SkipTest, match="does not build with no arguments"):
        law(NeedsAnArgument)


def test_a_wrong_setting_that_is_found_only_in_fit_is_named():
    with pytest.raises(BrokenLaw, match=r"gain=-1 is refused before fit or works \(fit said IndexErr"):
        hook_laws.refused_or_accepted(FailsInFit, "gain", -1)
    hook_laws.refused_or_accepted(FailsInFit, "gain", "loud")
    hook_laws.refused_or_accepted(Good, "gain", -1)


class Network(BaseEstimator):
    """A recogniser whose encoder runs over the batch, padded to the longest clip."""

    backwards, width = False, np.float32

    def __init__(self, seed=0):
        self.seed = seed

    def log_probabilities(self, clips):
        longest = max(len(clip.samples) for clip in clips)
        rows = [np.pad(clip.samples, (0, longest - len(clip.samples)))[:, None] for clip in clips]
        if self.backwards:  # it begins in the padding, whose length is the batch's
            rows = [row + 1e-6 * np.arange(longest)[::-1, None] for row in rows]
        return [row[: len(clip.samples)].astype(self.width) for row, clip in zip(rows, clips, strict=True)]


class ReadsPaddingBackwards(Network):
    """Its words are right all the same."""

    backwards = True


class WideNetwork(Network):
    width = np.float64


def test_an_encoder_that_reads_padding_backwards_is_found_by_its_numbers():
    clips, long_clip = [tone("a", 300), tone("b", 400)], tone("c", 500, 6.0)
    recogniser_laws.gives_close_log_probabilities(Network(), clips, long_clip)
    with pytest.raises(BrokenLaw, match=r"beside a much longer clip \(they differ by .+padding"):
        recogniser_laws.gives_close_log_probabilities(ReadsPaddingBackwards(), clips, long_clip)
    with pytest.raises(BrokenLaw, match="log-probabilities"):
        recogniser_laws.gives_close_log_probabilities(WideNetwork(), clips, long_clip)


class Trained(BaseEstimator):
    """A trained recogniser that breaks its promises when it is used."""

    def __init__(self, history=(), passes=0.0):
        self.history, self.passes = history, passes
        self.history_, self.augmented_passes, self.seen_ = history, passes, 0

    def predict(self, clips):
        self.seen_ += len(clips)
        return [""] * len(clips)


def test_a_recogniser_that_changes_by_answering_is_named():
    with pytest.raises(BrokenLaw, match="predict changes nothing of the recogniser"):
        recogniser_laws.changes_nothing_by_answering(Trained(), [tone("a", 300)])


@pytest.mark.parametrize(
    ("history", "sentence"),
    [
        ([{"step": 2}, {"step": 1}], "steps .* never fall"),
        ([{"loss": np.zeros(3)}], "numbers and names"),
        (({},), "list"),
    ],
)
def test_a_history_that_is_none_is_named(history, sentence):
    recogniser_laws.history_is_plain(Trained([{"step": 1, "loss": 0.5}, {"step": 2, "decoding": "graph"}]))
    with pytest.raises(BrokenLaw, match=sentence):
        recogniser_laws.history_is_plain(Trained(history))


@pytest.mark.parametrize("passes", [float("nan"), -1])
def test_passes_that_are_no_count_are_named(passes):
    recogniser_laws.counts_passes(Trained(passes=2.5))
    with pytest.raises(BrokenLaw, match="augmented_passes is a finite number"):
        recogniser_laws.counts_passes(Trained(passes=passes))
