"""Each stage replaced by an oracle, on synthetic utterances in which only that stage errs."""

import numpy as np
import pytest

from components.speech.decoding.class_lm import ClassModel
from components.speech.decoding.grammars import OneWordGrammar
from components.speech.decoding.language_model import NgramModel
from components.speech.decoding.rule_grammar import RuleGrammar
from components.speech.inspection.ceiling import AS_TRAINED, ORACLES
from components.speech.inspection.ceiling.analysis import ceiling_analysis
from components.speech.inspection.ceiling.oracles import (
    PrecomputedScores,
    oracle_language_model,
    oracle_lexicon,
)
from components.speech.lexicon import pronounce
from components.speech.modular.recipes import mfcc_gmm_hmm, mfcc_svm
from tests.fsdd import in_pairs, paths_of, read
from tests.speech.inspection.sounds import EACH, sounding, system


def errors(pipeline, clips, texts):
    result = ceiling_analysis(pipeline, clips, texts)
    return {name: result.wrong(name) for name in result.errors}, result.scores


def only(trained, **better):
    """The same errors whatever is replaced, but for those named."""
    return {name: better.get(name.replace(" ", "_"), trained) for name in (AS_TRAINED, *ORACLES)}


def test_correct_words_stay_correct_whatever_is_replaced():
    pipeline, columns = system(["cat cap", "cap cat", "cat cat", "cap cap"])
    wrong, scores = errors(pipeline, [sounding(columns, ["K", "AE", "T", "K", "AE", "P"])], ["cat cap"])
    assert wrong == only(0)
    assert (scores.words, scores.frames, scores.frames_right) == (2, 18, 18)
    assert (scores.phones, scores.phone_errors) == (6, 0)
    assert (scores.boundaries, scores.boundary_ms) == (4, 0)
    assert (scores.changed, scores.improved, scores.missed, scores.unaligned) == (0, 0, 0, 0)


def test_true_phones_correct_a_word_with_wrong_phones():
    pipeline, columns = system(["cat", "cap", "cat cap", "cap cat"])
    wrong, scores = errors(pipeline, [sounding(columns, ["K", "AE", "P"])], ["cat"])
    assert wrong == only(1, true_phones=0)
    assert (scores.frames, scores.frames_right) == (9, 6)
    assert (scores.phones, scores.phone_errors) == (3, 1)


def test_an_oracle_language_model_corrects_homophones_and_nothing_else_does():
    pipeline, columns = system(["to", "to", "to", "two"])
    wrong, scores = errors(pipeline, [sounding(columns, ["T", "UW"])] * 2, ["two", "two"])
    assert wrong == only(2, oracle_LM=0)
    assert scores.phone_errors == 0


def test_true_boundaries_correct_an_insertion():
    pipeline, columns = system(["cat", "at cat", "cat at", "at"])
    clip = sounding(columns, ["K", "AE", "T", "AE", "T"])
    wrong, scores = errors(pipeline, [clip], ["cat"])
    assert wrong == only(1, true_boundaries=0, true_phones=0, oracle_LM=wrong["oracle LM"])
    assert scores.boundaries == 2
    assert scores.boundary_ms == 60  # the word ends with the clip, not after three phones


def test_an_oracle_lexicon_corrects_an_unknown_word():
    pipeline, columns = system(["cat cap", "cap", "tap", "tack"])
    clip = sounding(columns, ["K", "AE", "T", "P", "AE", "K"])
    wrong, scores = errors(pipeline, [clip], ["cat pack"])
    assert wrong[AS_TRAINED] > 0 and wrong["oracle lexicon"] == 0
    assert (scores.unknown, scores.unpronounced, scores.unaligned) == (1, 0, 0)
    assert scores.lm_words == 0, "a text with an unknown word has no probability"


def test_a_word_of_unknown_phones_stays_wrong_and_is_counted():
    pipeline, columns = system(["cat", "cap", "cat cap"])
    wrong, scores = errors(pipeline, [sounding(columns, ["K", "AE", "T"])], ["dog"])
    assert wrong == only(1)
    assert (scores.unknown, scores.unpronounced, scores.unaligned, scores.frames) == (1, 1, 1, 0)


def test_an_added_word_borrows_units_from_words_that_have_their_own():
    pipeline, _ = system(["cat", "cap"])
    recogniser = pipeline[-1]
    spelled = {"cat": [("K@cat.0", "AE@cat.1", "T@cat.2")], "cap": [("K", "AE", "P")]}
    states = {unit: [n] for n, unit in enumerate(["sil", "K@cat.0", "AE@cat.1", "T@cat.2", "K", "AE", "P"])}
    recogniser.acoustic_ = PrecomputedScores(states, np.full(7, -0.7), spelled)
    larger = oracle_lexicon(recogniser, ["tack"])
    assert larger.acoustic_.spellings_["tack"] == [("T@cat.2", "AE", "K")]
    assert "tack" in larger.language_model_.vocabulary_ and "tack" not in recogniser.lexicon_


def test_words_added_to_a_grammar_of_one_word_are_as_likely_as_its_rarest():
    pipeline, _ = system(["cat", "cat", "cap"], model=OneWordGrammar())
    model = oracle_lexicon(pipeline[-1], ["tack"]).language_model_
    assert model.vocabulary_ == ["cap", "cat", "tack"]
    np.testing.assert_allclose(np.exp(model.log_probs_), np.array([2, 3, 2]) / 7)


def test_an_oracle_language_model_learns_from_the_test_and_keeps_the_vocabulary():
    pipeline, _ = system(["cat cap", "tap"])
    other = oracle_language_model(pipeline[-1], ["cat dog", "cat", "dog"])
    assert other.language_model_.vocabulary_ == pipeline[-1].language_model_.vocabulary_
    assert other.language_model_.counts_[""] == {"cat": 2, "</s>": 2}
    assert oracle_language_model(pipeline[-1], ["dog"]) is pipeline[-1]


RULES = "#JSGF V1.0;\npublic <s> = cat (cap | pack);"
CLASSES = "#JSGF V1.0;\n<thing> = cap | pack;"


@pytest.mark.parametrize(
    ("model", "learner"), [(RuleGrammar(RULES), NgramModel), (ClassModel(CLASSES), ClassModel)]
)
def test_a_grammar_from_a_file_can_be_replaced_as_well(model, learner):
    test_texts = ["cat cap", "cat pack", "cap cat", "pack cat"]
    lexicon = pronounce(sorted({word for text in test_texts for word in text.split()}))
    pipeline, columns = system(test_texts, lexicon, model=model)
    clips = [sounding(columns, ["K", "AE", "T", *last]) for last in (["K", "AE", "P"], ["P", "AE", "K"])]
    wrong, scores = errors(pipeline, clips, ["cat cap", "cat pack"])
    assert wrong == only(0)
    assert (scores.lm_words, scores.unaligned) == (4, 0)
    assert type(oracle_language_model(pipeline[-1], test_texts).language_model_) is learner
    larger = oracle_lexicon(pipeline[-1], ["tack"])
    assert "tack" in larger.language_model_.vocabulary_
    assert larger.decode(clips[0].samples).words == ["cat", "cap"]


def test_a_wider_beam_corrects_search_errors():
    early = {f"w{n}": [(f"Q{n}", "Z")] for n in range(30)}
    lexicon = {**early, "late": [("K", "P")]}
    pipeline, columns = system(list(lexicon), lexicon, beam=4.0, model=OneWordGrammar())
    clip = sounding(columns, ["K", "P"])
    clip.samples[:EACH, [columns[f"Q{n}"] for n in range(30)]] = 3.0  # at first, anything but the truth
    wrong, scores = errors(pipeline, [clip], ["late"])
    assert wrong[AS_TRAINED] == 1 and wrong["wider beam"] == 0
    assert (scores.changed, scores.improved, scores.missed) == (1, 1, 1)


def test_only_what_is_made_of_stages_can_be_analysed():
    with pytest.raises(ValueError) as error:
        ceiling_analysis(mfcc_svm(), [], [])
    assert str(error.value) == (
        "ceiling analysis expected a Pipeline that ends with a PhoneRecogniser, got Pipeline whose last step "
        "is WholeWordSvm; analyse a modular recogniser such as mfcc-gmm-hmm."
    )


@pytest.fixture(scope="module")
def pairs(recordings):
    """40 real pairs of digits to learn from and 12 to test, drawn by chance."""
    drawn = np.random.default_rng(1).permutation(paths_of(recordings))[:104]
    return in_pairs(*read(drawn[:80])), in_pairs(*read(drawn[80:]))


def test_on_recordings_the_first_row_is_the_recogniser_itself(pairs):
    (clips, texts), (test_clips, test_texts) = pairs
    fitted = mfcc_gmm_hmm().fit(clips, texts)
    before = fitted.predict(test_clips)
    done = []
    result = ceiling_analysis(fitted, test_clips, test_texts, lambda: done.append(1))
    right = [text == answer for text, answer in zip(test_texts, before, strict=True)]
    assert [not each for each in result.errors[AS_TRAINED]] == right
    assert len(done) == len(test_clips) and fitted.predict(test_clips) == before
    assert result.words == 24 and result.wrong("true phones") == 0
    assert result.scores.unaligned == 0 and result.scores.rates()["frame accuracy"] > 0.4
    assert result.scores.missed <= result.scores.improved + 1
