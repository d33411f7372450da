"""Units of tokens: characters, phonemes, whole words or their parts; two heads with units of their own."""

import pickle

import numpy as np
import pytest

from components.neural import CtcRecogniser
from components.neural.decoding.graph_decoder import GraphDecoder
from components.neural.tokenizer import Tokenizer
from components.speech.inspection import inspect_recogniser
from components.speech.inspection.lm_ablation import predict_ablated
from tests.fsdd import DIGITS, digits
from tests.neural.quick import QUICK

TEXTS = ["zero  one", "two one", "zero"]


@pytest.mark.parametrize(
    ("units", "tokens", "text"),
    [
        ("characters", list(" enortwz"), "zero one"),
        ("words", ["one", "two", "zero"], "zero one"),
        ("phonemes", ["AH", "IH", "N", "OW", "R", "T", "UW", "W", "Z"], "Z IH R OW W AH N"),
    ],
)
def test_a_text_is_encoded_in_its_units_and_decoded_again(units, tokens, text):
    tokenizer = Tokenizer(units).fit(TEXTS)
    assert tokenizer.tokens_ == tokens
    assert tokenizer.decode(tokenizer.encode("zero one")) == text


def test_only_characters_have_a_space_between_words():
    spaces = {units: Tokenizer(units).fit(TEXTS).space for units in ("characters", "phonemes", "words")}
    assert spaces == {"characters": 1, "phonemes": None, "words": None}


def test_a_word_of_unknown_tokens_has_no_encoding_nor_has_a_pronunciation_of_them():
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
    tokenizer = Tokenizer().fit(["one", "two"])
    with pytest.raises(ValueError) as refused:
        tokenizer.encode("zone")
    assert str(refused.value) == (
        "Tokenizer expected tokens of 'enotw' alone, got 'zone'; train on texts that have all of them."
    )


@pytest.mark.parametrize("units", ["characters", "phonemes", "words"])
def test_the_graph_decoder_finds_the_sentence_of_the_tokens(units):
    texts = ["zero one", "two one", "zero", "one two two"]
    tokenizer = Tokenizer(units).fit(texts)
    path = [token for token_id in tokenizer.encode("one two two") for token in (token_id, 0)]
    log_probs = np.full((len(path), 1 + len(tokenizer.tokens_)), -6.0, dtype=np.float32)
    log_probs[np.arange(len(path)), path] = -0.1
    assert GraphDecoder(prior_scale=0.0).fit(texts, tokenizer, [log_probs]).text(log_probs) == "one two two"


@pytest.fixture(scope="module", params=["phonemes", "words"])
def trained(request, recordings):
    clips, texts = digits(recordings, [5, 6])
    return CtcRecogniser(**QUICK, units=request.param).fit(clips, texts), clips


def test_ablation_has_no_letters_without_characters(trained):
    recogniser, clips = trained
    ablated = predict_ablated(recogniser, clips, recogniser.predict(clips))
    assert set(ablated) == {"lexicon", "language_model"}
    assert set(ablated["lexicon"]) <= set(DIGITS)


def test_inspection_shows_the_units(trained):
    recogniser, clips = trained
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
    assert set(" ".join(greedy.predict(clips)).split()) <= set(DIGITS)


def test_a_grammar_s_further_word_is_recognised_by_its_phonemes(recordings):
    clips, texts = digits(recordings, [5, 6])
    rules = "#JSGF V1.0;\npublic <word> = one | won | jazz;"
    recogniser = CtcRecogniser(**QUICK, units="phonemes", grammar=rules).fit(clips, texts)
    assert recogniser.search_.oov_words_ == ["jazz"]
    assert set(recogniser.predict(clips)) <= {"one", "won"}


def test_a_word_has_three_parts_whatever_its_label_and_rare_words_share_one(monkeypatch):
    parts = Tokenizer("word-parts").fit(["w01 w02", "w01"])
    assert parts.tokens_ == [f"{word} {part}/3" for word in ("w01", "w02") for part in (1, 2, 3)]
    assert parts.encode("w02 w01").tolist() == [4, 5, 6, 1, 2, 3]
    monkeypatch.setattr("components.neural.tokenizer.MOST_IN_PARTS", 1)
    frequent = Tokenizer("word-parts").fit(["w01 w02", "w01"], ["w03"])
    assert frequent.tokens_[0] == "<other>" and frequent.encode("w02 w01").tolist() == [1, 2, 3, 4]
    assert frequent.encodings("w02") == frequent.encodings("w03") == []  # no search can say them


@pytest.mark.parametrize(("coded", "chosen"), [(True, "word-parts"), (False, None)])
def test_the_head_with_fewer_errors_on_dev_clips_decodes_and_is_all_that_is_kept(recordings, coded, chosen):
    clips, texts = digits(recordings, (0, 5, 6))
    texts = [f"w{10 + DIGITS.index(text)}" if coded else text for text in texts]
    model = CtcRecogniser(second_units="word-parts", **{**QUICK, "steps": 150}).fit(clips, texts)
    notes = next(note for note in model.history_ if "units" in note)
    errors = {units: notes[f"{units}_errors"] for units in ("characters", "word-parts")}
    assert model.tokenizer_.units == notes["units"] == min(errors, key=errors.get)
    assert chosen in (None, notes["units"])
    assert not [name for name in model.weights_ if name.startswith("heads.second")]
    assert model.weights_["heads.ctc.output.weight"].shape[0] == 2 * (1 + len(model.alphabet_))
    assert set(model.predict(clips[:4])) <= set(texts)
    assert set(pickle.loads(pickle.dumps(model)).predict(clips[:4])) <= set(texts)


def test_a_head_that_cannot_write_what_a_grammar_allows_does_not_decode(recordings):
    """Parts of words that no training text has cannot be learned: of few clips, they decoded all the same."""
    clips, texts = digits(recordings, (5,), words=range(1, 10))  # all letters of ten, but not the word
    grammar = "#JSGF V1.0; grammar digits; public <digit> = ten;"
    model = CtcRecogniser(second_units="word-parts", grammar=grammar, **QUICK).fit(clips, texts)
    assert model.tokenizer_.units == "characters" and model.predict(clips[:2]) == ["ten", "ten"]
    few = CtcRecogniser(second_units="word-parts", **QUICK).fit(clips, texts)
    assert few.tokenizer_.units == "word-parts"
