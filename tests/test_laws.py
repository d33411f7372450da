"""The laws that every part keeps, tried on every part found by walking components/."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest
import skops.io
import torch
from sklearn.base import BaseEstimator, clone

import components
from components.contract import Clip, check_clips
from components.recognisers import RECOGNISERS, build
from components.study.saving import load, save

RATE = 8000
QUICK = {
    "plp-gmm-hmm": {"copies": 1},
    "mfcc-svm:augmented": {"copies": 2},
    "mel-ctc": {"steps": 80, "channels": 48},
    "mel-ctc:plain": {"steps": 80, "channels": 48},
    "wave-ctc": {"steps": 80, "channels": 48},
    "mel-ctc-phonemes": {"steps": 80, "channels": 48},
    "mel-ctc-words": {"steps": 80, "channels": 48},
    "mel-conformer-ctc": {"steps": 80, "channels": 48},
    "mel-transducer": {"steps": 80, "channels": 48},
    "mel-attention": {"steps": 80, "channels": 48},
}


def walk():
    for module in pkgutil.walk_packages(components.__path__, "components."):
        if module.name != "components.speech.served":  # the model that MLflow runs as a script
            yield importlib.import_module(module.name)


def parts():
    """Every public estimator of ours, once."""
    found = {}
    for module in walk():
        for name, kind in inspect.getmembers(module, inspect.isclass):
            ours = kind.__module__ == module.__name__ and not name.startswith("_")
            if ours and hasattr(kind, "fit") and issubclass(kind, BaseEstimator):
                found[f"{kind.__module__}.{name}"] = kind
    return found


PARTS = parts()
STAGES = {name: kind for name, kind in PARTS.items() if hasattr(kind, "transform")}


def tone(name, hertz, seconds=0.5, speaker="ann"):
    """A clip that is a chord with a little noise, different for each pitch."""
    rng = np.random.default_rng(int(hertz))
    time = np.arange(int(RATE * seconds)) / RATE
    samples = 0.3 * np.sin(2 * np.pi * hertz * time) + 0.1 * np.sin(2 * np.pi * 2.7 * hertz * time)
    return Clip(name, speaker, (samples + 0.01 * rng.standard_normal(len(time))).astype(np.float32), RATE)


def clips(count=4):
    return [tone(f"clip{i}", 200 + 150 * i, 0.4 + 0.1 * i) for i in range(count)]


def taught(count=24):
    words = {"one": 300, "two": 600, "three": 1200}
    rows = [
        (word, tone(f"{word}{i}", hertz + 3 * i, 0.4 + 0.02 * (i % 5), f"s{i % 3}"))
        for i in range(count // 3)
        for word, hertz in words.items()
    ]
    return [clip for _, clip in rows], [word for word, _ in rows]


def test_the_walk_finds_stages_and_recognisers():
    assert {"Mfcc", "Deltas", "Cmvn", "LogMel"} <= {name.rsplit(".")[-1] for name in STAGES}
    assert len(PARTS) > len(STAGES)


@pytest.mark.parametrize("kind", PARTS.values(), ids=PARTS)
def test_it_builds_with_no_arguments_and_its_constructor_only_stores(kind):
    made = kind()
    given = inspect.signature(kind.__init__).parameters
    assert {name for name in vars(made)} == {name for name in given if name != "self"}
    for name, parameter in given.items():
        if name != "self" and parameter.default is not inspect.Parameter.empty:
            assert getattr(made, name) is parameter.default


@pytest.mark.parametrize("kind", PARTS.values(), ids=PARTS)
def test_a_clone_has_equal_settings(kind):
    made = kind()
    copied = clone(made)
    assert copied is not made
    assert {k: repr(v) for k, v in copied.get_params().items()} == {
        k: repr(v) for k, v in made.get_params().items()
    }


@pytest.mark.parametrize("kind", PARTS.values(), ids=PARTS)
def test_every_part_says_what_becomes_what(kind):
    assert inspect.getdoc(kind) and inspect.getdoc(kind.fit), kind


def given_to(kind):
    """What a stage takes: clips for those that listen, frames for those that follow."""
    if "clips" in inspect.signature(kind.transform).parameters:
        return clips()
    from components.speech.features.mfcc import Mfcc

    return Mfcc().fit(clips()).transform(clips())


def values(item):
    """The numbers of a clip, frames or a vector."""
    return getattr(item, "samples", item)


@pytest.mark.parametrize("kind", STAGES.values(), ids=STAGES)
def test_a_stage_gives_one_out_for_each_in_whoever_is_beside_it(kind):
    items = given_to(kind)
    before = [np.array(values(item)) for item in items]
    stage = kind().fit(items)
    together = list(stage.transform(items))
    assert len(together) == len(items)
    for item, whole in zip(items, together, strict=True):
        np.testing.assert_array_equal(values(stage.transform([item])[0]), values(whole))
    for item, old in zip(items, before, strict=True):
        np.testing.assert_array_equal(values(item), old)


@pytest.mark.parametrize("kind", STAGES.values(), ids=STAGES)
def test_a_stage_that_is_saved_says_the_same_again(kind):
    items = given_to(kind)
    stage = kind().fit(items)
    kept = skops.io.dumps(stage)
    names = skops.io.get_untrusted_types(data=kept)
    assert all(name.startswith(("components.", "numpy.")) for name in names), names
    again = skops.io.loads(kept, trusted=names)
    for one, other in zip(stage.transform(items), again.transform(items), strict=True):
        np.testing.assert_array_equal(values(one), values(other))


def made(name):
    """A recogniser by name, small enough to be taught in a second or two."""
    return build(name, QUICK.get(name), seed=1, device="cpu")


@pytest.fixture(scope="module", params=[*RECOGNISERS, "mfcc-svm:augmented", "mel-ctc:plain"])
def trained(request):
    torch.set_num_threads(1)
    heard, said = taught()
    return request.param, made(request.param).fit(heard, said), heard, said


def test_a_recogniser_names_what_it_learned_with_a_trailing_underscore(trained):
    name, recogniser, *_ = trained
    fresh, kept = vars(build(name)), vars(recogniser)
    learned = {key for key in kept if key not in fresh and not key.startswith("_")}
    assert all(key.endswith("_") for key in learned), learned


def test_a_lone_clip_is_heard_as_in_a_crowd(trained):
    _, recogniser, heard, _ = trained
    together = recogniser.predict(heard)
    assert [recogniser.predict([clip])[0] for clip in heard[:4]] == list(together[:4])


def test_answers_are_plain_text_in_order(trained):
    _, recogniser, heard, _ = trained
    answers = recogniser.predict(heard)
    assert type(answers) is list and all(type(answer) is str for answer in answers)
    assert recogniser.predict(heard[::-1]) == answers[::-1]
    assert recogniser.predict([]) == []


def test_a_second_fit_forgets_the_first(trained):
    name, recogniser, heard, _ = trained
    few, words = heard[:12], ["yes", "no", "stop"] * 4
    again = clone(recogniser).fit(heard, taught()[1]).fit(few, words)
    assert again.predict(few) == made(name).fit(few, words).predict(few)


def test_the_same_seed_gives_the_same_answers(trained):
    name, recogniser, heard, said = trained
    assert made(name).fit(heard, said).predict(heard) == recogniser.predict(heard)


def test_a_saved_recogniser_answers_the_same(trained, tmp_path):
    _, recogniser, heard, _ = trained
    save(recogniser, tmp_path)
    assert load(tmp_path).predict(heard) == recogniser.predict(heard)


BAD = {
    "empty": Clip("bad clip", "ann", np.zeros(0, np.float32), RATE),
    "not finite": Clip("bad clip", "ann", np.full(4000, np.nan, np.float32), RATE),
    "another rate": Clip("bad clip", "ann", np.zeros(16000, np.float32), 16000),
    "two channels": Clip("bad clip", "ann", np.zeros((4000, 2), np.float32), RATE),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_an_unusable_clip_is_named_with_what_was_wanted(trained, bad):
    _, recogniser, heard, _ = trained
    with pytest.raises(ValueError, match=r"cannot use clip 'bad clip': expected .+, got .+; .+\."):
        recogniser.predict([heard[0], bad])


def test_it_learned_the_tones_it_was_taught(trained):
    _, recogniser, heard, said = trained
    right = np.mean([answer == text for answer, text in zip(recogniser.predict(heard), said, strict=True)])
    assert right >= 0.8


def test_learning_changes_neither_clips_nor_texts(trained):
    _, _, heard, said = trained
    fresh, words = taught()
    for one, other in zip(heard, fresh, strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)
    assert said == words


def test_samples_whose_squares_would_be_infinite_are_finite():
    clip = Clip("loud clip", "ann", np.full(4000, 1e30, np.float32), RATE)
    check_clips("a part", [clip])
