"""Texts of many languages, whose remarks, letters and numbers were taught as words that nobody says.

- Remarks were known in English and in ASCII brackets alone: （笑）, 【噪音】, (rire) and (смех) were words.
  So were -noise-, a bracket that nobody closed, and the name of the speaker in "George: one".
- One word was two where a letter has two codes, or looks like another one: şapte and șapte, น้ำ and นํ้า, hoà
  and hòa, один with an o of Latin, one l·l of Catalan in five ways, one language in two alphabets.
- 1 000 was "one, zero zero zero", 2.5kg "two 5kg", 6½ sixty-one and a two, 1er and 2.ª were no words, Rp5.000
  "rp5 zero zero zero"; dates, times, ranges and ordinals were read as other numbers, and nobody was told.
- English in a text of Chinese outweighed it by its letters, so that 今天开meeting was one word.
"""

import unicodedata

import pytest
import soundfile

from tests.cases.cases import message, read, reasons, said, verdicts
from tests.fsdd import SPEAKERS, digits


@pytest.fixture
def told(recordings, tmp_path):
    """What to write for a digit, by its place among ten recordings; gives their corpus."""
    clips, texts = digits(recordings, (0,), SPEAKERS[:5])

    def corpus(write, language):
        folder = tmp_path / "data"
        folder.mkdir()
        rows = ["path,text,speaker,language"]
        for place, (clip, text) in enumerate(zip(clips, texts, strict=True)):
            soundfile.write(folder / f"{clip.name}.wav", clip.samples, clip.rate)
            rows.append(f'{clip.name}.wav,"{write(place, text, clip.speaker)}",{clip.speaker},{language}')
        (folder / "m.csv").write_text("\n".join(rows), encoding="utf-8")
        return read(folder / "m.csv")

    return corpus


def turns(*ways):
    """Texts that are written in turn, whatever is said."""
    return lambda place, text, speaker: ways[place % len(ways)]


@pytest.mark.parametrize(
    "remark",
    [
        "（笑）",
        "(rire)",
        "(смех)",
        "【噪音】",
        "(unbekanntes geräuschwort)",
        "-noise-",
        "(coughs loudly)",
        "[laughs",
    ],
)
def test_remarks_are_taken_out_and_told(told, remark):
    corpus = told(lambda place, text, speaker: f"{text} {remark}" if place % 3 else text, "en")
    assert set(said(corpus)) == {
        "zero",
        *["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    }
    assert verdicts(corpus)["tags"] == "look" and unicodedata.normalize("NFKC", remark)[1:-1] in message(
        corpus, "tags"
    )


def test_words_in_parentheses_are_kept_and_told(told):
    corpus = told(lambda place, text, speaker: f"the ({text}) end" if place % 2 else f"{text} the", "en")
    assert "the one end" in said(corpus) or "the two end" in said(corpus)
    assert verdicts(corpus)["parentheses"] == "look" and "tags" not in verdicts(corpus)


def test_names_of_speakers_are_taken_out_and_told(told):
    corpus = told(lambda place, text, speaker: f"{speaker.title()}: {text}", "en")
    assert "one" in said(corpus) and len(said(corpus)) == 10
    assert verdicts(corpus)["speaker-labels"] == "look"


@pytest.mark.parametrize(
    ("language", "ways", "words"),
    [
        ("ro", ["şapte", "șapte"], {"șapte"}),
        ("th", ["น้ำ", "นํ้า", "น้ํา"], {"น้ ำ"}),
        ("vi", ["hoà", "hòa"], {"hòa"}),
        ("ru", ["один", "oдин", "oдин"], {"один"}),
        ("ca", ["col·legi", "coŀlegi", "col.legi", "col•legi"], {"col·legi"}),
        ("sr", ["један", "jedan"], {"jedan"}),
        ("de", ["fünf", "fuenf", "fünf"], {"fünf"}),
        ("fr", ["cœur", "cœur", "coeur"], {"cœur"}),
    ],
)
def test_one_word_in_several_letters_is_one(told, language, ways, words):
    assert set(said(told(turns(*ways), language))) == words


@pytest.mark.parametrize(
    ("language", "ways", "words"),
    [
        ("fr", ["1 000", "1\u202f000", "mille"], {"mille"}),
        ("fr", ["1er", "premier"], {"premier"}),
        ("es", ["la 2.ª", "la segunda"], {"la segunda"}),
        ("en", ["2.5kg", "two point five kg"], {"two point five kg"}),
        ("en", ["6½", "six and a half"], {"six and a half"}),
        ("tr", ["25", "yirmi beş"], {"yirmi beş"}),
        ("ko", ["5시", "다섯 시"], {"다섯 시"}),
        ("zh", ["2020年", "二零二零年"], {"二 零 二 零 年"}),
    ],
)
def test_numbers_are_read_as_they_are_said(told, language, ways, words):
    corpus = told(turns(*ways), language)
    assert set(said(corpus)) == words and verdicts(corpus)["numbers"] == "look"


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "am 1. Mai"), ("en", "on 2020-05-03"), ("ru", "5-й дом"), ("fr", "de 3-4 ans")],
)
def test_figures_that_are_said_in_several_ways_stop(told, language, text):
    assert verdicts(told(turns(text, "a b", "c d"), language))["numbers-uncertain"] == "stop"


def test_words_in_a_text_without_spaces_stay_whole(told):
    corpus = told(turns("今天开meeting", "我 的 iPhone 很 好"), "zh")
    assert set(said(corpus)) == {"今 天 开 meeting", "我 的 iphone 很 好"} and corpus.unit == "mixed"
    assert corpus.reading["errors counted in"].endswith("(mixed error rate, MER)")


def test_two_sets_of_chinese_characters_are_told(told):
    corpus = told(turns("他们来了", "他們來了"), "zh")
    assert verdicts(corpus)["chinese-characters"] == "look"


def test_ordinary_texts_stay_as_they_are(told):
    ordinary = ["one", "it's", "o'clock", "w01", "kilo", "don't", "naïve", "über", "x-ray", "u.s."]
    corpus = told(turns(*ordinary), "en")
    assert set(said(corpus)) == {*ordinary[:8], "x ray", "u s"} and not reasons(corpus)
    new = {"tags", "parentheses", "letters", "numbers", "numbers-uncertain", "symbols", "colons", "spellings"}
    assert not new & verdicts(corpus).keys()
