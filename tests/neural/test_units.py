"""What a network may be taught to say: characters, phonemes or whole words."""

import numpy as np
import pytest

from components.neural import CtcRecogniser
from components.neural.decoding.graph_decoder import GraphDecoder
from components.neural.tokenizer import Tokenizer
from components.speech.inspection import inspect_recogniser
from components.speech.inspection.lm_ablation import predict_knowing
from tests.neural.test_recogniser import QUICK, WORDS, digits

TEXTS = ["zero  one", "two one", "zero"]


@pytest.mark.parametrize(
    ("units", "tokens", "text"),
    [
        ("characters", list(" enortwz"), "zero one"),
        ("words", ["one", "two", "zero"], "zero one"),
        ("phonemes", ["AH", "IH", "N", "OW", "R", "T", "UW", "W", "Z"], "Z IH R OW W AH N"),
    ],
)
def test_a_text_is_spelt_with_its_units_and_read_again(units, tokens, text):
    spelling = Tokenizer(units).fit(TEXTS)
    assert spelling.tokens_ == tokens
    assert spelling.decode(spelling.encode("zero one")) == text


def test_only_characters_have_a_space_between_words():
    spaces = {units: Tokenizer(units).fit(TEXTS).space for units in ("characters", "phonemes", "words")}
    assert spaces == {"characters": 1, "phonemes": None, "words": None}


def test_a_word_of_unheard_tokens_has_no_spelling_and_another_pronunciation_only_if_heard():
    further = ["four", "won", "zero"]
    characters, phonemes, words = (
        Tokenizer(units).fit(["zero", "one"], further) for units in ("characters", "phonemes", "words")
    )
    assert [bool(characters.encodings(word)) for word in further] == [False, False, True]
    assert [bool(words.encodings(word)) for word in further] == [False, False, True]
    assert phonemes.encodings("won") == phonemes.encodings("one") and not phonemes.encodings("four")
    assert len(phonemes.lexicon_["zero"]) == 2 and len(phonemes.encodings("zero")) == 1


def test_phonemes_are_those_of_the_language():
    german = Tokenizer("phonemes", "de").fit(["zehn", "zwei"])
    assert german.decode(german.encode("zehn")) == "ts eː n"


def test_a_character_that_no_training_text_had_is_refused():
    spelling = Tokenizer().fit(["one", "two"])
    with pytest.raises(ValueError) as refused:
        spelling.encode("zone")
    assert str(refused.value) == "spelling expected tokens of 'enotw' alone, got 'zone'."


@pytest.mark.parametrize("units", ["characters", "phonemes", "words"])
def test_a_search_finds_the_sentence_that_the_tokens_spell(units):
    texts = ["zero one", "two one", "zero", "one two two"]
    spelling = Tokenizer(units).fit(texts)
    said = [number for token in spelling.encode("one two two") for number in (token, 0)]
    heard = np.full((len(said), 1 + len(spelling.tokens_)), -6.0, dtype=np.float32)
    heard[np.arange(len(said)), said] = -0.1
    assert GraphDecoder(prior_scale=0.0).fit(texts, spelling, [heard]).text(heard) == "one two two"


@pytest.fixture(scope="module", params=["phonemes", "words"])
def taught(request, recordings):
    clips, texts = digits(recordings, [5, 6])
    return CtcRecogniser(**QUICK, units=request.param).fit(clips, texts), clips


def test_help_of_language_is_told_apart_without_letters(taught):
    recogniser, clips = taught
    knowing = predict_knowing(recogniser, clips, recogniser.predict(clips))
    assert set(knowing) == {"lexicon", "language_model"}
    assert set(knowing["lexicon"]) <= set(WORDS)


def test_what_is_seen_inside_are_the_units(taught):
    recogniser, clips = taught
    seen = inspect_recogniser(recogniser, clips[0])
    assert seen.posteriors.title == recogniser.units.capitalize()
    assert {band.label for band in seen.posteriors.bands} <= {*recogniser.alphabet_, "blank"}
    assert " ".join(word.text for word in seen.words) == seen.transcript


def test_phonemes_are_always_searched_and_words_need_not_be(recordings):
    clips, texts = digits(recordings, [5, 6])
    notes = {
        units: {
            name for note in CtcRecogniser(**QUICK, units=units).fit(clips, texts).history_ for name in note
        }
        for units in ("phonemes", "words")
    }
    assert "greedy_errors" in notes["words"] and "greedy_errors" not in notes["phonemes"]
    assert "search_errors" in notes["words"] & notes["phonemes"]


def test_a_network_of_words_may_be_greedy(recordings):
    clips, texts = digits(recordings, [5, 6])
    greedy = CtcRecogniser(**QUICK, units="words", decoding="greedy").fit(clips, texts)
    assert set(" ".join(greedy.predict(clips)).split()) <= set(WORDS)


def test_a_grammar_s_further_word_is_heard_by_its_phonemes(recordings):
    clips, texts = digits(recordings, [5, 6])
    rules = "#JSGF V1.0;\npublic <word> = one | won | jazz;"
    recogniser = CtcRecogniser(**QUICK, units="phonemes", grammar=rules).fit(clips, texts)
    assert recogniser.search_.oov_words_ == ["jazz"]
    assert set(recogniser.predict(clips)) <= {"one", "won"}
