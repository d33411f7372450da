"""Lhotse's cuts, and what is none."""

import json

import pytest

from components.speech.corpus.manifest import UnreadableSource
from components.speech.corpus.readers.json_file import read
from components.speech.corpus.readers.lhotse_cuts import AGAIN, OUTSIDE
from tests.fsdd import paths_of


@pytest.fixture
def cut(recordings):
    source = {"type": "file", "channels": [0], "source": str(paths_of(recordings)[0])}
    recording = {"id": "r", "sources": [source], "sampling_rate": 8000, "num_samples": 4000, "duration": 0.5}
    return {"id": "c", "start": 0.1, "duration": 0.2, "channel": 0, "supervisions": [], "type": "MonoCut"} | {
        "recording": recording | {"channel_ids": [0]}
    }


def test_a_cut_is_its_segment(cut, tmp_path):
    (tmp_path / "m.jsonl").write_text(json.dumps(cut | {"custom": {"split": "dev"}}))
    (listed,) = read(tmp_path / "m.jsonl").recordings
    assert (listed.source.start, listed.source.seconds, listed.part) == (0.1, 0.2, "dev")


@pytest.mark.parametrize("wrong", [{"start": None}, {"type": "Cake"}, {"supervisions": 3}, {"recording": {}}])
def test_what_is_no_cut_is_named_by_its_line(cut, tmp_path, wrong):
    (tmp_path / "m.jsonl").write_text(f"{json.dumps(cut)}\n{json.dumps(cut | wrong)}")
    with pytest.raises(ValueError) as error:
        read(tmp_path / "m.jsonl")
    assert str(error.value).startswith(
        f"{tmp_path / 'm.jsonl'}, line 2: expected a cut of Lhotse, got one with"
    )


@pytest.mark.parametrize(("start", "duration"), [(-0.1, 0.2), (0.1, 0.2)])
def test_a_supervision_that_reaches_outside_of_its_cut_is_set_aside(cut, tmp_path, start, duration):
    said = {"id": "s", "recording_id": "r", "channel": 0, "text": "one", "start": start, "duration": duration}
    (tmp_path / "m.jsonl").write_text(json.dumps(cut | {"supervisions": [said]}))
    (listed,) = read(tmp_path / "m.jsonl").recordings
    assert listed.source == UnreadableSource(OUTSIDE)


def test_a_supervision_may_be_rounded(cut, tmp_path):
    said = {"id": "s", "recording_id": "r", "channel": 0, "text": "one", "start": -0.01, "duration": 0.22}
    (tmp_path / "m.jsonl").write_text(json.dumps(cut | {"supervisions": [said]}))
    assert read(tmp_path / "m.jsonl").recordings[0].source.seconds == 0.2


def test_a_supervision_is_heard_in_one_cut_alone(cut, tmp_path):
    said = {"id": "s", "recording_id": "r", "channel": 0, "text": "one", "duration": 0.1}
    cuts = [
        cut | {"id": f"c{n}", "start": start, "supervisions": [said | {"start": own}]}
        for n, (start, own) in enumerate([(0.1, 0.1), (0.15, 0.05), (0.3, 0.05)])
    ]
    (tmp_path / "m.jsonl").write_text("\n".join(map(json.dumps, cuts)))
    reasons = [getattr(one.source, "reason", "") for one in read(tmp_path / "m.jsonl").recordings]
    assert reasons == ["", AGAIN, ""]
