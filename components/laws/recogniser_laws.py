"""The laws of trained recognisers, one function each, as those of components/laws/laws.py."""

from __future__ import annotations

import math
import tempfile
from numbers import Number
from pathlib import Path

import numpy as np
import skops.io
from sklearn.base import clone

from components.contract import Clip, is_learned
from components.laws.examples import LONG, RATE
from components.laws.laws import broke, state
from components.study.check_settings import check_settings
from components.study.choices import Choice
from components.study.estimators import is_estimator
from components.study.saving import FILE, load, save

ENOUGH = 0.8  # of the training clips, which are chords of three pitches
CLOSE = 1e-4  # of log-probabilities, beside a much longer clip


def history_is_plain(recogniser):
    """HasHistory."""
    history = recogniser.history_
    plain = all(isinstance(v, Number | str | list | type(None)) for note in history for v in note.values())
    if not (isinstance(history, list) and plain):
        broke(recogniser, "history_ is a list of dicts of numbers and names", "note plain values")
    steps = [note["step"] for note in history if "step" in note]
    if steps != sorted(steps):
        broke(recogniser, "steps in history_ never fall", "count them over all phases of a training")


def records_choices(part):
    """RecordsChoices."""
    for choice in part.choices_:
        if not isinstance(choice, Choice) or (choice.compared and choice.chosen not in choice.compared):
            broke(part, "what was chosen is among what it was compared with", "compare it, too")


def counts_passes(recogniser):
    """CountsAugmentation."""
    passes = recogniser.augmented_passes
    if not (math.isfinite(passes) and passes >= 0):
        broke(recogniser, f"augmented_passes is a finite number, 0 or more ({passes})", "count them in fit")


def gives_close_log_probabilities(recogniser, clips, long_clip):
    """GivesLogProbabilities."""
    together = recogniser.log_probabilities([*clips, long_clip])
    for clip, rows in zip(clips, together, strict=False):
        (alone,) = recogniser.log_probabilities([clip])
        apart = np.abs(alone - rows).max() if alone.shape == rows.shape else np.inf
        if rows.dtype != np.float32 or not apart <= CLOSE:
            broke(
                recogniser,
                f"log-probabilities are the same beside a much longer clip (they differ by {apart:.2g})",
                "let nothing read the padding: neither backwards in time nor in a mean over the batch",
            )


def changes_nothing_by_answering(recogniser, clips):
    before, samples = state(recogniser), [clip.samples.copy() for clip in clips]
    recogniser.predict(clips)
    if state(recogniser) != before:
        broke(recogniser, "predict changes nothing of the recogniser", "set attributes in fit alone")
    if not all(np.array_equal(clip.samples, old) for clip, old in zip(clips, samples, strict=True)):
        broke(recogniser, "its clips are unchanged", "work on a copy: Clip.with_samples")


def learns_tones(recogniser, clips, texts):
    right = np.mean([answer == text for answer, text in zip(recogniser.predict(clips), texts, strict=True)])
    if right < ENOUGH:
        broke(recogniser, f"it learns three chords ({right:.0%} right)", "try it on components.laws.examples")


def names_what_it_learned(recogniser, clips, texts):
    settings = vars(clone(recogniser))
    odd = [key for key in vars(recogniser) if key not in settings and key[0] != "_" and not is_learned(key)]
    if odd:
        broke(recogniser, f"what fit learns ends with _ ({', '.join(odd)})", "rename it")


def minds_no_neighbours(recogniser, clips, texts):
    together = recogniser.predict([*clips, LONG])
    for place, clip in enumerate(clips[:4]):
        if recogniser.predict([clip]) != together[place : place + 1]:
            broke(recogniser, "a lone clip gets the answer that it gets in a crowd", "compute each by itself")


def answers_in_plain_text(recogniser, clips, texts):
    answers = recogniser.predict(clips)
    if type(answers) is not list or not all(type(answer) is str for answer in answers):
        broke(recogniser, "predict gives a list of str", "end with a list, and str() of each answer")
    if len(answers) != len(clips) or recogniser.predict(clips[::-1]) != answers[::-1]:
        broke(recogniser, "one answer a clip, in order", "neither sort nor leave out")
    if recogniser.predict([]) != []:
        broke(recogniser, "it gives nothing for nothing", "return [] for no clips")


def learns_the_same_again(recogniser, clips, texts):
    again = clone(recogniser).fit(clips[:12], ["yes", "no", "stop"] * 4).fit(clips, texts)
    if again.predict(clips) != recogniser.predict(clips):
        broke(
            recogniser,
            "the same seed learns the same, and a second fit forgets the first",
            "draw from a generator made of a setting, and set every learned attribute anew in fit",
        )


def saves(recogniser, clips, texts):
    with tempfile.TemporaryDirectory() as folder:
        save(recogniser, Path(folder))
        names = skops.io.get_untrusted_types(file=Path(folder) / FILE)
        own = [name for name in names if name.partition(".")[0] in _packages(recogniser)]
        answers = load(Path(folder), own).predict(clips)
    if answers != recogniser.predict(clips):
        broke(recogniser, "saved and loaded it answers the same", "keep all it needs in name_ attributes")


def _packages(recogniser):
    """Top-level names of the modules that its parts are in, but for scikit-learn's."""
    parts = filter(is_estimator, [recogniser, *recogniser.get_params(deep=True).values()])
    return {type(part).__module__.partition(".")[0] for part in parts} - {"sklearn"}


UNUSABLE = {
    "empty": Clip("bad clip", "ann", np.zeros(0, np.float32), RATE),
    "not finite": Clip("bad clip", "ann", np.full(4000, np.nan, np.float32), RATE),
    "another rate": Clip("bad clip", "ann", np.zeros(16000, np.float32), 16000),
    "two channels": Clip("bad clip", "ann", np.zeros((4000, 2), np.float32), RATE),
}


def names_unusable_clips(recogniser, clips, texts):
    for what, bad in UNUSABLE.items():
        try:
            recogniser.predict([clips[0], bad])
            got = "an answer"
        except ValueError as error:
            got = str(error)
        if "cannot use clip 'bad clip': expected " not in got:
            broke(
                recogniser,
                f"a clip that it cannot use ({what}) is named with what was expected (it gave: {got})",
                "call components.clip_checks.check_clips first, with the rate that fit has seen",
            )


def changes_nothing(recogniser, clips, texts):
    changes_nothing_by_answering(recogniser, clips)


def accepts_its_own_settings(recogniser, clips, texts):
    before = state(recogniser)
    check_settings(recogniser)
    if state(recogniser) != before:
        broke(recogniser, "a check of its settings changes nothing", "set attributes in fit alone")


TRAINED_LAWS = [
    learns_tones,
    names_what_it_learned,
    minds_no_neighbours,
    answers_in_plain_text,
    learns_the_same_again,
    saves,
    names_unusable_clips,
    changes_nothing,
    accepts_its_own_settings,
]
