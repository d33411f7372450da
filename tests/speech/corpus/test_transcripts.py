"""Transcripts as written -> as they are trained on and scored."""

import pytest

from components.speech.corpus.transcripts import scripts_of, unit_reading, write_alike


@pytest.mark.parametrize(
    ("written", "language", "text"),
    [
        ("п’ять", "uk", "п'ять"),
        ("Gro\u0308ße", "de", "größe"),
        ("צה״ל", "he", "צהל"),
        ("I ❤\ufe0f you 1\ufe0f\u20e3", "none", "i you 1"),
        ("١٢ نعم", "none", "12 نعم"),
        ("ẹ̀kọ́", "none", "ẹ̀kọ́"),
        ("IŞIK İki", "tr", "ışık iki"),
    ],
)
def test_letters_of_many_languages_stay(written, language, text):
    assert write_alike([written, "a"], language).texts[0] == text


def test_text_that_was_encoded_twice_stops():
    (check,) = write_alike(["mÃ¡s", "ÑANDÚ"], "es").checks
    assert (check.name, check.verdict, check.examples) == ("encoding", "stop", ("mÃ¡s",))


def test_kana_and_kanji_are_written_together():
    assert scripts_of(["東京タワーです", "ok"]) == {"Japanese or Chinese": 7, "Latin": 2}
    assert write_alike(["東京タワー"], "ja").unit == "character"


@pytest.mark.parametrize(
    ("language", "written", "text"),
    [
        ("cmn", "今天开Meeting", "今 天 开 meeting"),
        ("ja", "今日はMeetingがある", "今 日 は meeting が あ る"),
        ("th", "วันนี้มีmeeting", "วั น นี้ มี meeting"),
        ("ko", "오늘 Meeting이 있다", "오늘 meeting이 있다"),
    ],
)
def test_words_within_a_text_without_spaces_stay_whole(language, written, text):
    alike = write_alike([written], language)
    assert alike.texts == [text] and alike.unit == ("word" if language == "ko" else "mixed")
    assert ("MER" in unit_reading(alike.unit).get("errors counted in", "")) == (alike.unit == "mixed")
