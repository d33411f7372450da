"""Studies whose names hold no letter from a to z overwrote each other's reports."""

from flows.pages import slug


def test_names_in_any_script_have_folders_of_their_own():
    names = ["числа", "слова", "ф", "études", "tudes", "study", "数字"]
    slugs = [slug(name) for name in names]
    assert len(set(slugs)) == len(names)
    assert all(set(one) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for one in slugs)


def test_other_names_are_what_they_were():
    assert slug("Speech-Commands: zero to five!") == "speech-commands-zero-to-five"
    assert slug("***") == "study"
