"""Words and their phones from each source, one phone set per lexicon."""

import pytest

from components.speech.lexicon import pronounce


def test_english_words_come_from_cmudict_with_all_variants_and_no_stress():
    lexicon = pronounce(["the", "Zero", "d'artagnan"])
    assert lexicon["the"] == [("DH", "AH"), ("DH", "IY")]
    assert lexicon["Zero"] == [("Z", "IH", "R", "OW"), ("Z", "IY", "R", "OW")]
    assert lexicon["d'artagnan"] == [("D", "AH", "R", "T", "AE", "NG", "Y", "AH", "N")]
    assert list(lexicon) == ["the", "Zero", "d'artagnan"]


def test_variants_that_differ_in_stress_alone_are_one():
    assert len(pronounce(["address"])["address"]) == len(set(pronounce(["address"])["address"]))


def test_one_word_outside_cmudict_takes_the_whole_lexicon_to_espeak():
    lexicon = pronounce(["seven", "zzqx"])
    assert lexicon["seven"] == [("s", "ɛ", "v", "ə", "n")]
    assert lexicon["zzqx"][0]


def test_other_languages_come_from_espeak():
    assert pronounce(["zwei"], language="de") == {"zwei": [("ts", "v", "aɪ")]}


def test_graphemes_are_letters_and_digits_in_lower_case():
    assert pronounce(["Don't", "b2"], source="graphemes") == {
        "Don't": [("d", "o", "n", "t")],
        "b2": [("b", "2")],
    }


def test_nothing_becomes_an_empty_lexicon_and_a_word_twice_stands_once():
    assert pronounce([]) == {}
    assert list(pronounce(["one", "one"])) == ["one"]


WRONG = {
    "unknown lexicon source 'cmu'; did you mean 'cmudict'? known: auto, cmudict, espeak, graphemes.": (
        dict(words=["a"], source="cmu")
    ),
    "pronounce expected words, got an empty one; split transcripts at white space.": dict(words=["a", " "]),
    "pronounce expected a pronunciation from cmudict for each of 2 words, got none for 1, such as zzqx; "
    'take source="auto".': dict(words=["one", "zzqx"], source="cmudict"),
    "pronounce expected a pronunciation from auto for each of 2 words, got none for 1, such as --; "
    "take them out of the transcripts.": dict(words=["one", "--"]),
}


@pytest.mark.parametrize("text", WRONG)
def test_errors_say_what_it_cannot_pronounce(text):
    with pytest.raises(ValueError) as caught:
        pronounce(**WRONG[text])
    assert str(caught.value) == text
