"""A name for each recording."""

from components.speech.corpus.manifest import UnreadableSource
from components.speech.corpus.naming import name_recordings
from components.speech.corpus.readers.listing import Listed


def names(*rows):
    listed = [Listed(UnreadableSource(""), "x", path, "", name, part=part) for name, path, part in rows]
    named, checks = name_recordings(listed)
    return named, [check.name for check in checks]


def test_ids_are_names_where_they_differ():
    assert names(("u1", "a", ""), ("u2", "b", "")) == (["u1", "u2"], [])


def test_ids_that_repeat_or_are_missing_give_way_to_paths():
    assert names(("ann", "a", ""), ("ann", "b", "")) == (["a", "b"], ["ids"])
    assert names(("u1", "a", ""), ("", "b", "")) == (["a", "b"], ["ids"])


def test_ids_that_count_anew_in_each_part_are_told_apart():
    assert names(("0", "a", "train"), ("0", "b", "test")) == (["train/0", "test/0"], [])


def test_what_is_listed_twice_keeps_one_name():
    assert names(("", "a", ""), ("", "a", "")) == (["a", "a"], [])
