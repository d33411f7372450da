"""Grammar files with both families: words without training clips, too."""

import numpy as np
import pytest

from components.neural import CtcRecogniser
from components.recognisers import RECOGNISERS, build
from components.speech.inspection.ceiling.analysis import ceiling_analysis
from components.speech.modular.recipes import mfcc_gmm_hmm
from components.study.saving import load, save
from tests.fsdd import DIGITS, in_pairs, paths_of, read
from tests.neural.quick import QUICK

ONE_DIGIT = f"#JSGF V1.0;\npublic <digit> = {' | '.join(DIGITS)};"


@pytest.fixture(scope="module")
def without_five(recordings):
    """150 clips of nine digits for training, and clips of the tenth, whose phones the others have."""
    known = np.random.default_rng(0).permutation(paths_of(recordings, "[!5]_*"))[:150]
    return read(known), read(paths_of(recordings, "5_*"))


def test_a_word_without_training_clips_is_recognised_by_its_phones(without_five, tmp_path):
    (clips, texts), (fives, _) = without_five
    recogniser = build("mfcc-gmm-hmm", grammar=ONE_DIGIT).fit(clips, texts)
    answers = recogniser.predict(fives)
    assert set(answers) <= set(DIGITS)
    assert answers.count("five") > 1  # of sounds as they are in other words
    save(recogniser, tmp_path)
    assert load(tmp_path).predict(fives[:3]) == answers[:3]


def test_only_sentences_of_the_grammar_are_recognised(without_five):
    (clips, texts), _ = without_five
    pairs, pair_texts = in_pairs(clips[:40], texts[:40])
    rules = f"#JSGF V1.0;\npublic <pair> = <d> <d>;\n<d> = {' | '.join(DIGITS[:5])};"
    recogniser = build("mfcc-gmm-hmm", {"words__acoustic_scale": 0.1, "words__word_cost": 0.0}, grammar=rules)
    answers = [answer.split() for answer in recogniser.fit(pairs, pair_texts).predict(pairs)]
    assert all(len(words) == 2 and set(words) <= set(DIGITS[:5]) for words in answers)
    assert ceiling_analysis(recogniser, pairs[:4], pair_texts[:4]).words == 8


def test_an_end_to_end_recogniser_recognises_the_grammar_s_words_that_it_can_spell(without_five):
    (clips, texts), (fives, _) = without_five
    rules = "#JSGF V1.0;\npublic <word> = zero | five | jazz;"
    recogniser = CtcRecogniser(**QUICK, grammar=rules).fit(clips[:30], texts[:30])
    assert recogniser.search_.oov_words_ == ["jazz"]
    assert set(recogniser.predict([*fives, *clips[:30]])) <= {"zero", "five"}


def test_a_grammar_without_one_sentence_that_can_be_spelt_is_refused(without_five):
    (clips, _), _ = without_five
    rules = "#JSGF V1.0;\npublic <word> = zero jazz;"
    with pytest.raises(ValueError) as error:
        CtcRecogniser(**QUICK, grammar=rules).fit(clips[:6], ["zero"] * 6)
    assert str(error.value) == (
        "GraphDecoder expected training texts with all characters of at least one sentence of the grammar, "
        "got 'eorz'; train on more texts."
    )


def test_a_search_with_a_grammar_cannot_be_greedy(without_five):
    (clips, texts), _ = without_five
    with pytest.raises(ValueError) as error:
        CtcRecogniser(**QUICK, grammar=ONE_DIGIT, decoding="greedy").fit(clips[:6], texts[:6])
    assert str(error.value) == (
        'CtcRecogniser expected a decoding that searches with the grammar, got "greedy"; take '
        'decoding="graph" or "auto", or leave out the grammar.'
    )


def test_words_of_one_class_are_recognised_by_both_families(without_five):
    (clips, texts), (fives, _) = without_five
    classes = f"#JSGF V1.0;\n<digit> = {' | '.join(DIGITS)};"
    modular = build("mfcc-gmm-hmm", grammar=classes).fit(clips, texts)
    assert "five" in modular.predict(fives)
    neural = CtcRecogniser(**QUICK, grammar=classes, decoding="graph").fit(clips[:30], texts[:30])
    assert "five" in neural.search_.lm_.vocabulary_


@pytest.mark.parametrize("name", RECOGNISERS)
def test_every_recogniser_that_searches_takes_the_grammar(name):
    grammars = [
        value for knob, value in build(name, grammar=ONE_DIGIT).get_params().items() if "grammar" in knob
    ]
    assert grammars == ([] if RECOGNISERS[name].closed_only else [ONE_DIGIT])


def test_without_a_grammar_nothing_changes(without_five):
    (clips, texts), (fives, _) = without_five
    plain = mfcc_gmm_hmm().fit(clips[:60], texts[:60])
    assert "five" not in plain.predict(fives)
    assert plain[-1].language_model_.vocabulary_ == sorted(set(texts[:60]))
