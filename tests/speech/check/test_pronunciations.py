"""Where pronunciations come from: said in the facts, and which words are pronounced by rules."""

import numpy as np
import pytest

from components.speech.check.pronunciations import pronunciation_checks, pronunciation_facts
from components.speech.corpus import read_corpus


class Texts:
    """Of a corpus, what these checks look at."""

    def __init__(self, *texts, language="en-us"):
        self.texts, self.language = texts, language


@pytest.fixture(scope="module")
def digits(recordings, tmp_path_factory):
    return read_corpus("fsdd", data=recordings / "fsdd", cache=tmp_path_factory.mktemp("cache"))


def test_real_digits_are_all_in_cmudict(digits):
    assert pronunciation_facts(digits) == {"pronunciations": "CMUdict"}
    assert pronunciation_checks(digits) == []


def test_words_by_rules_are_counted_and_named_with_their_phones():
    corpus = Texts(*["one two three"] * 20, "blorfing blorfing quirt")
    assert pronunciation_facts(corpus) == {"pronunciations": "CMUdict; 2 words by eSpeak NG's rules"}
    (result,) = pronunciation_checks(corpus)
    assert (result.name, result.verdict) == ("pronounced-by-rules", "fine")
    assert result.examples == ("blorfing (B L AO R F IH NG)", "quirt (K W ER T)")
    assert "CMUdict lacks 2 of the words, 5 % of those said" in result.message


def test_many_of_them_are_worth_a_look():
    (result,) = pronunciation_checks(Texts("one two blorfing"))
    assert result.verdict == "look"


def test_a_lexicon_of_the_user_s_is_named_with_what_it_lacks(digits):
    lexicon = "#FILE my.txt\none W AH N\ntwo T UW\n"
    assert pronunciation_facts(digits, lexicon) == {"pronunciations": "my.txt; 8 words are not in it"}
    (result,) = pronunciation_checks(digits, lexicon)
    assert result.message == ("my.txt lacks 8 words; they are pronounced by CMUdict or by eSpeak NG's rules.")
    assert np.all(np.isin(result.examples, digits.texts))
