"""Lexicons and language models of the user's own, in both families."""

import numpy as np
import pytest

from components.neural import CtcRecogniser
from components.recognisers import RECOGNISERS, build
from components.speech.inspection.ceiling.analysis import ceiling_analysis
from components.study.saving import load, save
from tests.fsdd import DIGITS, in_pairs, paths_of, read
from tests.neural.quick import QUICK

PHONES = dict(
    zip(DIGITS, ["ziro", "wan", "tu", "sri", "for", "faiv", "siks", "sevn", "et", "nain"], strict=True)
)
LEXICON = "".join(f"{word} 1.0 {' '.join(phones)}\n" for word, phones in PHONES.items())
WITH_VARIANT = LEXICON + "zero 0.5 o\n"
ARPA = "\\data\\\nngram 1=4\n\\1-grams:\n-99 <s> 0\n-0.3 </s>\n-0.6 FIVE\n-0.6 jazz\n-0.6 <unk>\n\\end\\\n"


@pytest.fixture(scope="module")
def pairs(recordings):
    """60 pairs of digits without five, and clips of five."""
    known = np.random.default_rng(0).permutation(paths_of(recordings, "[!5]_*"))[:120]
    return in_pairs(*read(known)), read(paths_of(recordings, "5_*"))[0]


def modular(**settings):
    weights = {"words__acoustic_scale": 0.1, "words__word_cost": 0.0}
    return build("mfcc-gmm-hmm", weights, **settings)


def test_the_user_s_phones_and_probabilities_are_used(pairs, tmp_path):
    (clips, texts), _ = pairs
    recogniser = modular(lexicon=WITH_VARIANT, language="sw").fit(clips, texts)
    words = recogniser[-1]
    assert words.lexicon_["zero"] == [tuple("ziro"), ("o",)]
    assert words.variant_costs_ == {"zero": [0.0, pytest.approx(np.log(2))]}
    answers = recogniser.predict(clips[:5])
    assert answers == texts[:5]
    save(recogniser, tmp_path)
    assert load(tmp_path).predict(clips[:5]) == answers


def test_a_word_of_further_sentences_is_recognised(pairs):
    (clips, texts), fives = pairs
    assert not any("five" in answer for answer in modular().fit(clips, texts).predict(fives))
    recogniser = modular(lm_text="five five\nfive\nfive one\n").fit(clips, texts)
    assert 0 < recogniser[-1].language_model_.weight_ < 1
    assert any("five" in answer for answer in recogniser.predict(fives))


def test_an_arpa_file_takes_the_place_of_the_learned_model_in_both_families(pairs):
    (clips, texts), _ = pairs
    words = modular(lm=ARPA).fit(clips, texts)[-1]
    assert {"five", "jazz"} < set(words.language_model_.vocabulary_)
    network = CtcRecogniser(**QUICK, lm=ARPA, decoding="graph").fit(clips[:30], texts[:30])
    assert "five" in network.search_.lm_.vocabulary_ and network.search_.oov_words_ == ["jazz"]
    assert len(network.predict(clips[:3])) == 3


def test_a_network_of_phonemes_says_the_lexicon_s(pairs):
    (clips, texts), _ = pairs
    settings = {**QUICK, "units": "phonemes", "lexicon": WITH_VARIANT, "language": "sw"}
    network = CtcRecogniser(**settings, lm_text="five five").fit(clips[:30], texts[:30])
    assert set(network.tokenizer_.tokens_) <= set("".join(PHONES.values()))
    assert network.tokenizer_.variant_costs(["zero"]) == {"zero": [0.0, pytest.approx(np.log(2))]}
    assert network.predict_ablated(clips[:2], network.predict(clips[:2])).keys() == {
        "lexicon",
        "language_model",
    }


def test_a_lexicon_of_other_phones_that_lacks_a_word_is_refused(pairs):
    (clips, texts), _ = pairs
    with pytest.raises(ValueError, match="got none for two; add them to it"):
        modular(lexicon=LEXICON.replace("two", "too"), language="en-us").fit(clips, texts)


@pytest.mark.parametrize("given", [{"lm": ARPA}, {"lm_text": "five five\nfive one"}], ids=["lm", "lm_text"])
def test_what_holds_it_back_can_be_told_with_the_files(pairs, given):
    (clips, texts), _ = pairs
    recogniser = modular(**given, lexicon=WITH_VARIANT, language="sw").fit(clips, texts)
    assert ceiling_analysis(recogniser, clips[:4], texts[:4]).words == 8


@pytest.mark.parametrize("name", RECOGNISERS)
def test_every_recogniser_that_searches_takes_the_files(name):
    texts = {"lm_text": "five five", "lm_vocabulary": 7}
    given = {
        knob.split("__")[-1]: v for knob, v in build(name, **texts).get_params().items() if "lm_" in knob
    }
    assert RECOGNISERS[name].closed_only or texts.items() <= given.items()
