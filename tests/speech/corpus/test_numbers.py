"""Numbers in transcripts, written out as words."""

import pytest

from components.speech.corpus.numbers import write_out
from components.speech.corpus.symbols import symbol_check


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en-us", "1,000", "one thousand"),
        ("en-us", "1,00,000", "one hundred thousand"),
        ("en-us", "1,000,000.5", "one million point five"),
        ("en-us", "3.141", "three point one four one"),
        ("en-us", "0.125", "zero point one two five"),
        ("en-us", "007", "zero zero seven"),
        ("en-us", "the 22nd", "the twenty-second"),
        ("en-us", "१२ cats", "twelve cats"),
        ("de", "1.000", "eintausend"),
        ("de", "1,5", "eins Komma fünf"),
        ("de", "3.14", "drei Komma eins vier"),
        ("de", "1 000", "eintausend"),
        ("de", "10.30 Uhr", "zehn Uhr dreißig"),
        ("de", "5 €", "fünf Euro"),
        ("fr-fr", "1 000,5", "mille virgule cinq"),
        ("fr-fr", "1\u202f000\u202f000", "un million"),
        ("fr-fr", "1er et 2e", "premier et deuxième"),
        ("fr-fr", "10h30", "dix heures trente"),
        ("fr-fr", "50 %", "cinquante pour cent"),
        ("ru", "1 000", "одна тысяча"),
        ("es", "3.ª y 1er", "tercera y primer"),
        ("it", "2º", "secondo"),
        ("nl", "2de", "tweede"),
        ("sv", "1:a", "första"),
        ("tr", "25", "yirmi beş"),
        ("tr", "%5", "yüzde beş"),
        ("ar", "١٢٣", "مائة وثلاثة وعشرون"),
        ("ar", "٣٫٥", "ثلاثة فاصلة خمسة"),
        ("ar", "١٬٠٠٠", "ألف"),
        ("ko", "5시", "다섯 시"),
        ("ko", "20개 3분", "스무 개 삼 분"),
        ("cmn", "2020年5月", "二零二零 年 五 月"),
        ("cmn", "12人", "十二 人"),
        ("cmn", "1,010", "一千零一十"),
        ("cmn", "100500", "十万零五百"),
        ("cmn", "3.14", "三点一四"),
        ("cmn", "50%", "百分之 五十"),
        ("cmn", "３．５％", "百分之 三点五"),
        ("en-us", "1.000.000", "one million"),
        ("en-us", "1,2,3", "one two three"),
        ("en-us", "2.5kg", "two point five kg"),
        ("en-us", "10am", "ten am"),
        ("en-us", "6½", "six and a half"),
        ("en-us", "$5 and £1", "five dollars and one pound"),
        ("en-us", "5%", "five percent"),
        ("en-us", "10:30", "ten thirty"),
        ("en-us", "8-6-9", "eight six nine"),
        ("en-us", "90° ５", "ninety ° five"),
        ("en-us", "0049 30", "zero zero four nine thirty"),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(language, text, words):
    written, checks = write_out([text, "and so on"], language)
    assert " ".join(written[0].split()) == words and [check.name for check in checks] == ["numbers"]


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("de", "am 1. Mai", "am 1 . Mai"),
        ("de", "3.5.2020", "3 5 2020"),
        ("cs", "5. května", "5 . května"),
        ("ru", "5-й", "5 -й"),
        ("ru", "100-летие", "100 -летие"),
        ("de", "um 1 Uhr", "um eins Uhr"),
        ("ru", "1 апреля", "один апреля"),
        ("es", "21 casas", "veintiuno casas"),
        ("cmn", "2个", "二 个"),
        ("tr", "5'te", "5 'te"),
        ("en-us", "2020-05-03", "2020 05 03"),
        ("en-us", "192.168.0.1", "192 168 0 1"),
        ("en-us", "3-4", "three four"),
        ("en-us", "10:05", "ten zero five"),
        ("de", "10:30", "zehn dreißig"),
        ("fr-fr", "3,50", "trois virgule cinq zéro"),
    ],
)
def test_figures_that_are_said_in_several_ways_are_told(language, text, words):
    written, checks = write_out([text, "and so on"], language)
    assert " ".join(written[0].split()) == words
    assert [(check.name, check.verdict) for check in checks] == [
        ("numbers", "look"),
        ("numbers-uncertain", "stop"),
    ]
    assert write_out([text, *["and so on"] * 99], language)[1][1].verdict == "look"


@pytest.mark.parametrize("text", ["mp3", "w01", "3D", "v2.0", "Rp5.000", "Chapter XIV", "o'clock", "u.s."])
def test_digits_of_names_stay(text):
    assert write_out([text, "one"], "en-us")[0] == [text, "one"]


def test_no_figure_is_dropped_or_crashes():
    odd = ["½", "6⅞", "2²", "1e6", "1/2", "5'10\"", "٪٥", "1..2", "1,,2", "9" * 40, "1.2.3.4.5", "०", "①"]
    odd += ["-5", "3:4:5:6", "00,5", "1.000,5.6", "5-", "+49 (0)30"]
    for language in (
        "en-us",
        "fr-fr",
        "de",
        "ru",
        "ar",
        "fa",
        "ko",
        "ja",
        "th",
        "tr",
        "hi",
        "none",
        "pl",
        "he",
    ):
        spelled, _ = write_out([*odd, "a word"], language)
        assert len(spelled) == len(odd) + 1
        assert all(text.strip() for text, before in zip(spelled, odd, strict=False) if before != "½")


def test_numbers_stay_where_they_are_labels_or_nobody_can_say_them():
    assert write_out(["1", "2"], "en-us")[0] == ["1", "2"]
    assert write_out(["1 haus", "2"], "none")[0] == ["1 haus", "2"]
    assert write_out(["mp3", "w01"], "en-us") == (["mp3", "w01"], [])


def test_symbols_that_are_said_stop_where_they_are_many():
    assert symbol_check(["yes"]) == []
    assert symbol_check(["$5", "yes"])[0].verdict == "stop"
    assert symbol_check(["5 %", *["yes"] * 99])[0].verdict == "look"
