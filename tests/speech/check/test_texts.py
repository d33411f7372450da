"""What is said, counted; and texts in two scripts, whose letters look alike."""

from components.speech.check.texts import script_checks, text_facts, vocabulary


class Corpus:
    """Of a corpus, what these checks look at."""

    def __init__(self, *texts, unit="word"):
        self.texts, self.unit = texts, unit


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
