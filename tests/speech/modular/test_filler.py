"""The filler: out-of-vocabulary words are left out of transcripts."""

import numpy as np
import pytest

from components.recognisers import build
from components.speech.decoding.grammars import OneWordGrammar
from components.speech.decoding.language_model import NgramModel
from components.speech.inspection.ceiling.analysis import ceiling_analysis
from components.speech.inspection.ceiling.oracles import with_parts
from components.speech.inspection.ceiling.true_boundaries import WordLattice
from components.speech.inspection.pipeline import step_outputs
from components.speech.lexicon import pronounce
from components.speech.modular.filler import FILLER, FillerGrammar, with_filler
from components.speech.modular.recipes import mfcc_gmm_hmm
from tests.fsdd import paths_of, read
from tests.speech.inspection.sounds import sounding, system


def test_the_filler_scores_the_mean_of_the_likeliest_tenth_of_speech():
    scores = np.arange(60, dtype=np.float32).reshape(2, 30)
    with_filler_scores = with_filler(scores, np.arange(1, 29))
    assert np.array_equal(with_filler_scores[:, :30], scores)
    assert with_filler_scores[:, 30].tolist() == [np.mean([26, 27, 28]), np.mean([56, 57, 58])]


@pytest.mark.parametrize("model", [OneWordGrammar(), NgramModel(order=1), NgramModel(order=2)])
def test_fillers_may_be_between_words_or_alone_and_change_no_other_cost(model):
    model.fit(["one", "two", "one"])
    plain, filled = WordLattice(model), WordLattice(FillerGrammar(model, 7.0))
    one = plain.cost(["one"])
    assert filled.cost(["one"]) == pytest.approx(one, abs=1e-3)
    assert filled.cost([FILLER, "one", FILLER, FILLER]) == pytest.approx(one + 21, abs=1e-3)
    assert filled.cost([FILLER]) == pytest.approx(7, abs=1e-3)
    assert filled.cost(["one", "two"]) == pytest.approx(plain.cost(["one", "two"]), abs=1e-3)


def test_an_unknown_word_is_left_out_and_known_ones_around_it_stay():
    lexicon = pronounce(["cat", "dip", "sum"])
    pipeline, columns = system(["cat dip", "sum cat", "dip sum"], lexicon)
    clip = sounding(columns, ["K", "AE", "T", "P", "S", "AE", "IH", "D", "IH", "P"])
    recogniser = with_parts(pipeline[-1], filler_cost=4.0)
    assert pipeline[-1].decode(clip.samples).words != ["cat", "dip"]
    path = recogniser.decode(clip.samples)
    assert path.words == ["cat", "dip"] and path.word_frames == [(0, 9), (21, 30)]
    assert path.states.max() < len(columns)
    sentences = recogniser.n_best(clip.samples, 5)
    assert sentences[0].text == "cat dip" and len({one.text for one in sentences}) == len(sentences)


@pytest.fixture(scope="module")
def four_digits(recordings):
    """48 training clips of four digits, and 60 of all ten to test."""
    train = [path for take in (5, 6) for path in paths_of(recordings, f"[2567]_*_{take}")]
    return read(train), read(paths_of(recordings, "*_0"))


@pytest.fixture(scope="module")
def four_digits_of_200(all_recordings):
    """200 training clips of four digits, and 60 of all ten to test."""
    paths = np.random.default_rng(0).permutation(paths_of(all_recordings))
    known = [path for path in paths if path.stem[0] in "2567"]
    return read(known[:200]), read(paths[-60:])


def test_most_unknown_words_are_rejected_and_few_known_ones_lost(four_digits_of_200):
    (clips, texts), (test_clips, test_texts) = four_digits_of_200
    recogniser = build("mfcc-gmm-hmm", {"words__filler_cost": 5.0}).fit(clips, texts)
    answers = recogniser.predict(test_clips)
    known_answers = [answer for answer, text in zip(answers, test_texts, strict=True) if text in texts]
    unknown_answers = [answer for answer, text in zip(answers, test_texts, strict=True) if text not in texts]
    assert unknown_answers.count("") > 0.6 * len(unknown_answers)
    assert known_answers.count("") < 0.25 * len(known_answers)
    assert step_outputs(recogniser, test_clips[0])["transcript"] == answers[0]


def test_a_ceiling_analysis_refuses_a_filler(four_digits):
    (clips, texts), _ = four_digits
    recogniser = mfcc_gmm_hmm().set_params(words__filler_cost=5.0).fit(clips[:20], texts[:20])
    with pytest.raises(ValueError) as error:
        ceiling_analysis(recogniser, clips[:1], texts[:1])
    assert str(error.value) == (
        "ceiling analysis expected a recogniser without filler, got filler_cost=5.0; train one with "
        "filler_cost=None."
    )
