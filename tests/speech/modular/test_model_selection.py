"""An acoustic model chosen inside the training clips: what is better is taken, and chance is not."""

import numpy as np
import pytest
import soundfile
from sklearn.pipeline import Pipeline

from components.contract import Clip, unwrapped
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.triphone import TiedGmmHmm
from components.speech.inspection.ceiling_analysis import has_stages
from components.speech.modular.model_selection import (
    MOST_HEARD,
    MOST_TAUGHT,
    Chosen,
    mean_and_error,
    splits,
    surest,
    voices,
)
from components.speech.modular.recipes import mfcc_gmm_hmm

DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@pytest.fixture(scope="module")
def digits(recordings):
    """60 clips of three words, and what is said in them."""
    folder = recordings / "fsdd" / "recordings"
    paths = [path for take in range(7, 11) for path in sorted(folder.glob(f"[126]_*_{take}.flac"))][:60]
    clips = [Clip(p.stem, p.stem.split("_")[1], *soundfile.read(p, dtype="float32")) for p in paths]
    return clips, [DIGITS[int(path.stem[0])] for path in paths]


def of(usual, alternatives):
    return Chosen(mfcc_gmm_hmm().set_params(words__acoustic=usual), alternatives)


DEAF = GmmHmm(components=1, rounds=1, variance_prior=1e6, mean_prior=1e6)  # all sounds are nearly one


def test_a_better_model_is_taken_and_a_worse_one_is_not(digits):
    better = of(DEAF, {"hears": GmmHmm(components=2)}).fit(*digits)
    assert better.chosen_ == "hears" and better.gains_["hears"][0] > 0
    assert better.recogniser_[-1].acoustic_.mean_prior == 1.0
    assert has_stages(unwrapped(better))  # its stages can be looked into and replaced
    worse = of(GmmHmm(components=2), {"deaf": DEAF}).fit(*digits)
    assert worse.chosen_ == "usual" and worse.gains_["deaf"][0] < 0


def test_the_usual_model_is_the_recogniser_s_own(digits):
    clips, texts = digits
    alone = mfcc_gmm_hmm().fit(clips, texts)
    chosen = of(None, {"the same": GmmHmm()}).fit(clips, texts)
    assert chosen.chosen_ == "usual" and chosen.gains_["the same"] == (0.0, 0.0)
    assert chosen.predict(clips) == alone.predict(clips)


def test_few_clips_keep_the_usual_model(digits):
    clips, texts = digits
    few = of(DEAF, {"hears": GmmHmm()}).fit(clips[:49], texts[:49])
    assert few.chosen_ == "usual" and few.gains_ == {}


def test_a_second_fit_forgets_the_first_and_the_settings_stay(digits):
    clips, texts = digits
    model = of(DEAF, {"hears": GmmHmm(components=2)}).fit(clips, texts)
    model.fit(clips[:20], texts[:20])
    assert model.chosen_ == "usual" and model.recogniser[-1].acoustic is not None
    assert model.recogniser[-1].acoustic.mean_prior == 1e6


def test_silent_clips_and_clips_too_short_are_lived_with(digits):
    clips, texts = digits
    silent = [Clip(f"{n}", "x", np.zeros(4000, np.float32), 8000) for n in range(4)]
    short = [Clip(f"s{n}", "x", np.ones(400, np.float32), 8000) for n in range(4)]
    model = of(GmmHmm(components=1), {"context": TiedGmmHmm(GmmHmm(components=1))})
    model.fit([*clips, *silent, *short], [*texts, *["one", ""] * 2, *["six"] * 4])
    assert set(model.predict([*clips[:5], *silent, *short])) <= {"", *DIGITS}


def test_many_speakers_are_held_out_whole_and_few_are_not():
    many = voices([f"speaker {row % 12}" for row in range(120)])
    for to_teach, held in splits(many, 0):
        assert not set(many[to_teach]) & set(many[held])
    assert len(set(voices(["ann", "bob"] * 30))) == 60


def test_of_many_clips_some_are_enough_to_choose_by():
    ((to_teach, held),) = splits(np.arange(5000) // 20, 1)
    assert len(to_teach) == MOST_TAUGHT and len(held) <= MOST_HEARD
    ((again, _),) = splits(np.arange(5000) // 20, 1)
    assert (to_teach == again).all()


def test_a_gain_within_chance_is_no_reason_to_change():
    assert surest({"usual": (0.0, 0.0), "a": (0.3, 0.25), "b": (0.1, 0.01)}) == "b"
    assert surest({"usual": (0.0, 0.0), "a": (0.3, 0.31)}) == "usual"
    assert surest({}) == "usual"


def test_clips_of_one_voice_do_not_count_as_many():
    gains = np.repeat([1.0, -1.0], 50) + 0.5
    _, apart = mean_and_error(gains, np.arange(100))
    mean, together = mean_and_error(gains, np.repeat([0, 1], 50))
    assert mean == 0.5 and together == pytest.approx(np.sqrt(50) * apart)


def test_it_asks_for_a_recogniser_with_an_acoustic_model():
    for wrong, came in ((None, "NoneType"), (GmmHmm(), "GmmHmm"), (Pipeline([("a", GmmHmm())]), "Pipeline")):
        with pytest.raises(ValueError) as error:
            Chosen(wrong).fit([], [])
        assert str(error.value) == (
            f"Chosen expected a Pipeline that ends with a PhoneRecogniser, got {came}; give it one: "
            "Chosen(mfcc_gmm_hmm())."
        )
