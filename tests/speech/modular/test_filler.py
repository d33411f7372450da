"""Words that training never had are heard as nothing, where a filler is asked for."""

import numpy as np
import pytest

from components.recognisers import build
from components.speech.decoding.grammars import OneWordGrammar
from components.speech.decoding.language_model import NgramModel
from components.speech.decoding.lexicon import pronounce
from components.speech.inspection.ceiling.analysis import ceiling
from components.speech.inspection.ceiling.oracles import with_parts
from components.speech.inspection.ceiling.true_boundaries import WordLattice
from components.speech.inspection.pipeline import step_outputs
from components.speech.modular.filler import FILLER, FillerGrammar, with_filler
from components.speech.modular.recipes import mfcc_gmm_hmm
from tests.speech.inspection.test_ceiling_analysis import sounding, system
from tests.speech.modular.test_recipes import read


def test_the_filler_scores_the_mean_of_the_likeliest_tenth_of_speech():
    scores = np.arange(60, dtype=np.float32).reshape(2, 30)
    found = with_filler(scores, np.arange(1, 29))
    assert np.array_equal(found[:, :30], scores)
    assert found[:, 30].tolist() == [np.mean([26, 27, 28]), np.mean([56, 57, 58])]


@pytest.mark.parametrize("model", [OneWordGrammar(), NgramModel(order=1), NgramModel(order=2)])
def test_fillers_stand_between_words_or_alone_and_change_no_other_cost(model):
    model.fit(["one", "two", "one"])
    plain, filled = WordLattice(model), WordLattice(FillerGrammar(model, 7.0))
    one = plain.cost(["one"])
    assert filled.cost(["one"]) == pytest.approx(one, abs=1e-3)
    assert filled.cost([FILLER, "one", FILLER, FILLER]) == pytest.approx(one + 21, abs=1e-3)
    assert filled.cost([FILLER]) == pytest.approx(7, abs=1e-3)
    assert filled.cost(["one", "two"]) == pytest.approx(plain.cost(["one", "two"]), abs=1e-3)


def test_a_word_of_other_sounds_is_heard_as_nothing_and_known_ones_around_it_stay():
    lexicon = pronounce(["cat", "dip", "sum"])
    pipeline, columns = system(["cat dip", "sum cat", "dip sum"], lexicon)
    clip = sounding(columns, ["K", "AE", "T", "P", "S", "AE", "IH", "D", "IH", "P"])
    hearing = with_parts(pipeline[-1], filler_cost=4.0)
    assert pipeline[-1].decode(clip.samples).words != ["cat", "dip"]
    path = hearing.decode(clip.samples)
    assert path.words == ["cat", "dip"] and path.word_frames == [(0, 9), (21, 30)]
    assert path.states.max() < len(columns)
    sentences = hearing.n_best(clip.samples, 5)
    assert sentences[0].text == "cat dip" and len({one.text for one in sentences}) == len(sentences)


@pytest.fixture(scope="module")
def four_digits(recordings):
    """200 clips of four digits to learn from, and 60 of all ten to hear."""
    paths = np.random.default_rng(0).permutation(sorted((recordings / "fsdd" / "recordings").glob("*.flac")))
    known = [path for path in paths if path.stem[0] in "2567"]
    return read(known[:200]), read(paths[-60:])


def test_most_unknown_words_are_rejected_and_few_known_ones_lost(four_digits):
    (clips, texts), (heard, said) = four_digits
    recogniser = build("mfcc-gmm-hmm", {"words__filler_cost": 5.0}).fit(clips, texts)
    answers = recogniser.predict(heard)
    known = [answer for answer, text in zip(answers, said, strict=True) if text in texts]
    strange = [answer for answer, text in zip(answers, said, strict=True) if text not in texts]
    assert strange.count("") > 0.6 * len(strange)
    assert known.count("") < 0.25 * len(known)
    assert step_outputs(recogniser, heard[0])["transcript"] == answers[0]


def test_where_each_stage_is_replaced_no_filler_may_be(four_digits):
    (clips, texts), _ = four_digits
    recogniser = mfcc_gmm_hmm().set_params(words__filler_cost=5.0).fit(clips[:20], texts[:20])
    with pytest.raises(ValueError) as error:
        ceiling(recogniser, clips[:1], texts[:1])
    assert str(error.value) == (
        "ceiling expected a recogniser without filler, got filler_cost=5.0; train one with filler_cost=None."
    )
