"""Languages that are written in two ways."""

from components.speech.corpus.alphabets import chinese_check, in_one_alphabet


def test_serbian_in_two_alphabets_is_written_in_one():
    texts, (check,) = in_one_alphabet(["један љубав", "jedan"], "sr")
    assert texts == ["jedan ljubav", "jedan"]
    assert (check.name, check.verdict, check.examples) == ("alphabets", "look", ("један = jedan",))
    assert in_one_alphabet(["један", "iphone"], "sr") == (["један", "iphone"], [])
    assert in_one_alphabet(["он", "on"], "ru") == (["он", "on"], [])


def test_simplified_and_traditional_characters_are_told():
    both = ["他们来了", "谢谢", "他們來了", "謝謝"]
    (check,) = chinese_check(both, "cmn")
    assert (check.name, check.verdict) == ("chinese-characters", "look")
    assert check.message.startswith("2 of 4 transcripts have simplified characters, 2 traditional ones")
    assert chinese_check(both[:2], "cmn") == chinese_check(both[2:], "yue") == chinese_check(both, "ja") == []
