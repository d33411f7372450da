"""What is said, counted; and texts in two scripts, whose letters look alike."""

from components.speech.check.texts import script_checks, text_facts, vocabulary


class Corpus:
    """Of a corpus, what these checks look at."""

    def __init__(self, *texts, unit="word", language="none"):
        self.texts, self.unit, self.language = texts, unit, language


def test_words_and_texts_are_counted():
    assert text_facts(Corpus("go left", "go left", "stop")) == {
        "texts": "5 words said, 3 different; 2 different texts"
    }
    assert text_facts(Corpus("東 京", "京", unit="character")) == {
        "texts": "3 characters said, 2 different; 2 different texts"
    }
    assert vocabulary(["go left", "go"]) == {"go", "left"}


def test_one_script_is_nothing_to_look_at():
    assert script_checks(Corpus("one", "größe", "it's")) == []
    assert script_checks(Corpus("東京タワー", "ひらがな")) == []


def test_a_few_words_in_another_script_are_named():
    (result,) = script_checks(Corpus(*["seven eight nine"] * 10, "сорок", "fivе"))
    assert (result.name, result.verdict) == ("scripts", "look")
    assert result.message.startswith(
        "The texts are in several scripts: Latin (143 letters), Cyrillic (6 letters)."
    )
    assert result.examples == ("fivе", "сорок")


def test_half_the_words_in_another_script_are_told_too():
    (result,) = script_checks(Corpus("šest", "шест", "dva", "два"))
    assert result.name == "scripts"


def test_a_language_in_a_script_that_its_voice_does_not_read_is_told():
    assert script_checks(Corpus("один", language="ru")) == []
    (result,) = script_checks(Corpus("odin", "dva", language="ru"))
    assert str(result) == (
        "The language is ru, and Latin letters are not what it is written in: its voice reads them by other "
        "rules, if at all. If the language is another one, name it with --language; none reads letter by "
        "letter."
    )
