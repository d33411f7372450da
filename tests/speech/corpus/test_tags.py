"""Tags in transcripts."""

import pytest

from components.speech.corpus.tags import stands_for_words, tag_check, without_tags


@pytest.mark.parametrize(
    ("text", "said", "tags"),
    [
        ("one <unk>", "one", ["<unk>"]),
        ("[noise] one {laugh}", "one", ["[noise]", "{laugh}"]),
        ("(uh) one !SIL", "one", ["!SIL", "(uh)"]),
        ("(1)/(one) b/", "one", ["(1)/(one)", "b/"]),
        ("++GARBAGE++ one", "one", ["++GARBAGE++"]),
        ("1+2+3 and c++", "1+2+3 and c++", []),
        ("3 < 5 and 7 > 2", "3 < 5 and 7 > 2", []),
        ("(really) yes!", "(really) yes!", []),
        ("［雑音］one", "one", ["[雑音]"]),
        ("（uh）one", "one", ["(uh)"]),
        ("one (coughing)", "one", ["(coughing)"]),
        ("(coughs loudly) one", "one", ["(coughs loudly)"]),
        ("(the music) is loud", "(the music) is loud", []),
        ("one -noise- --laughs--", "one", ["-noise-", "--laughs--"]),
        ("I -um- think, x - noise - y", "I -um- think, x - noise - y", []),
        ("one [laughs", "one", ["[laughs"]),
        ("[coughs one", "one", ["[coughs"]),
        ("laughs] one", "one", ["laughs]"]),
        ("(laughs] one (1,000)", "one (1,000)", ["(laughs]"]),
        ("3 < noise", "3 < noise", []),
        ("[one", "[one", []),
        ("one (0.5) two (.)", "one two", ["(0.5)", "(.)"]),
        ("東京（とうきょう）へ", "東京 へ", ["(とうきょう)"]),
    ],
)
def test_what_is_not_said_is_taken_out(text, said, tags):
    rest, found = without_tags(text)
    assert (" ".join(rest.split()), found) == (said, tags)


def test_a_tag_for_words_is_told_from_words_in_brackets():
    assert stands_for_words(["[noise]", "<UNK>"]) and stands_for_words(["[xxx]"])
    assert not stands_for_words(["[drunk]", "{chunk}", "<laugh>"])


def test_the_check_counts_tags():
    assert tag_check([[], []]) == []
    (check,) = tag_check([["[noise]", "[noise]"], []])
    assert str(check) == (
        "1 of 2 transcripts hold tags, which nobody says; these were left out. For example: [noise] (2)."
    )
