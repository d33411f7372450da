"""A user's grammar and language model were not written as the transcripts are, and nothing said so.

- IŞIK in a Turkish ARPA file or grammar was işik, and ışık in the transcripts.
- A Chinese grammar had words, the transcripts characters: every sentence was wrong.
- An ARPA file or a grammar that lacks most of what is said was taken without a word.
"""

from components.speech.check.language_files import language_file_checks
from components.speech.decoding.build_lm import build_lm
from components.speech.study import SpeechStudy
from components.study.dataset import Dataset
from components.subjects.speech import SPEECH

ARPA = """\\data\\
ngram 1={count}

\\1-grams:
-1.0 </s>
{lines}

\\end\\
"""
GRAMMAR = "#JSGF V1.0;\ngrammar g;\npublic <command> = {words};\n"


class Corpus:
    """Of a corpus, what this check looks at."""

    def __init__(self, *texts, language, unit="word"):
        self.texts, self.language, self.unit = texts, language, unit


def arpa(*words):
    return "#FILE my.arpa\n" + ARPA.format(count=1 + len(words), lines="\n".join(f"-1.0 {w}" for w in words))


def test_capitals_of_turkish_are_those_of_turkish():
    corpus = Corpus("ışık", "iki", language="tr")
    assert language_file_checks(corpus, "", arpa("IŞIK", "İKİ")) == []
    assert language_file_checks(corpus, GRAMMAR.format(words="IŞIK | İKİ"), "") == []


def test_recognisers_get_the_file_in_the_letters_of_the_language(tmp_path):
    (tmp_path / "tr.jsgf").write_text(GRAMMAR.format(words="IŞIK"), encoding="utf-8")
    study = SpeechStudy(grammar=str(tmp_path / "tr.jsgf"))
    dataset = Dataset(
        examples=[], targets=[], ids=[], groups=[], parts=[], fingerprint="", facts={"language": "tr"}
    )
    recogniser = SPEECH.build(study, dataset, "mfcc-gmm-hmm")
    assert build_lm(["ışık"], recogniser.get_params()["words__grammar"]).words_ == ["ışık"]


def test_a_chinese_grammar_is_of_characters_as_the_texts_are():
    grammar = GRAMMAR.format(words="打开 | 关灯")
    assert build_lm(["打 开"], grammar).words_ == list("打开关灯")
    assert language_file_checks(Corpus("打 开", "关 灯", language="cmn", unit="character"), grammar, "") == []


def test_words_that_a_file_lacks_are_told_and_stop_where_they_are_most():
    corpus = Corpus("go left", "go right", language="en-us")
    (result,) = language_file_checks(corpus, "", arpa("go", "left"))
    assert (result.verdict, result.examples) == ("look", ("right",))
    assert result.message == (
        "my.arpa lacks 1 of the words of this corpus, 25 % of those said; these are as likely as its unknown "
        "word. If it should have them, write them as in the texts."
    )
    (result,) = language_file_checks(corpus, GRAMMAR.format(words="stop"), "")
    assert result.verdict == "stop" and "can never be recognised" in result.message


def test_classes_of_words_lack_nothing():
    assert (
        language_file_checks(Corpus("go left", language="en-us"), "#JSGF V1.0;\n<side> = left | right;\n", "")
        == []
    )
