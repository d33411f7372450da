"""Votes on recordings."""

import pytest

from components.speech.corpus.readers import read_manifest
from components.speech.corpus.readers.rows import rows_to_listing
from components.speech.corpus.readers.votes import OUTVOTED


def listing(tmp_path, *votes):
    (tmp_path / "a.wav").touch()
    rows = [{"path": "a.wav", "sentence": "one", "up_votes": up, "down_votes": down} for up, down in votes]
    return rows_to_listing(rows, tmp_path / "m.tsv")


def test_what_more_people_reject_than_accept_is_set_aside(tmp_path):
    listed = listing(tmp_path, ("2", "0"), ("2", "2"), ("1", "2"))
    reasons = [getattr(one.source, "reason", "") for one in listed.recordings]
    assert reasons == ["", "", OUTVOTED] and not [one for one in listed.checks if one.name == "votes"]


def test_what_nobody_has_checked_is_told(tmp_path):
    (check,) = [one for one in listing(tmp_path, ("1", "0"), ("3", "")).checks if one.name == "votes"]
    assert check.verdict == "look" and check.message.startswith("1 of 2 recordings have fewer than 2 votes")


@pytest.mark.parametrize("names", [("validated", "invalidated", "other", "reported")])
def test_without_parts_what_is_validated_is_read_alone(put, tmp_path, names):
    put("clips/a.wav")
    for name in names:
        (tmp_path / f"{name}.tsv").write_text(f"client_id\tpath\tsentence\nann\ta.wav\t{name}\n")
    manifest = read_manifest(tmp_path)
    assert [entry.text for entry in manifest.entries] == ["validated"]
    assert manifest.reading["files not read"] == "invalidated.tsv, other.tsv, reported.tsv"
