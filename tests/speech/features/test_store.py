"""Features shared by trials: the same numbers as without, computed once, whole or absent."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from components.clip import Attested, Clip
from components.parts import stateless_stages
from components.speech.features import store
from components.speech.features.deltas import Deltas
from components.speech.features.log_mel import LogMel
from components.speech.features.mfcc import Mfcc
from components.speech.features.store import (
    compute_features,
    looked_up,
    shared_features,
    stage_key,
)
from components.study import fingerprint


def clips(count, seed=7):
    rng = np.random.default_rng(seed)
    waves = [0.1 * rng.standard_normal(2000 + 100 * row).astype(np.float32) for row in range(count)]
    return [
        Clip(f"clip{row}", "", wave, 8000, attested=Attested(f"digest{row}", wave))
        for row, wave in enumerate(waves)
    ]


@pytest.fixture
def computed(monkeypatch):
    """How many clips each call of LogMel computed, rather than looked up."""
    counts = []
    compute = LogMel._compute
    monkeypatch.setattr(
        LogMel, "_compute", lambda self, some: counts.append(len(some)) or compute(self, some)
    )
    return counts


@pytest.mark.parametrize("stage", [Mfcc(), LogMel(bands=20)], ids=["mfcc", "log-mel"])
def test_shared_features_are_the_same_to_the_last_bit(stage, tmp_path):
    some = clips(9)
    plain = stage.transform(some)
    compute_features([stage], some, tmp_path)
    with shared_features(tmp_path):
        shared = stage.transform(some[::-1])[::-1]
    assert all(map(np.array_equal, plain, shared))


def test_what_is_there_is_not_computed_again(tmp_path, computed):
    some = clips(6)
    assert compute_features([LogMel()], some[:4], tmp_path) == 4
    assert compute_features([LogMel()], some, tmp_path) == 2
    assert compute_features([LogMel()], some, tmp_path) == 0
    with shared_features(tmp_path):
        LogMel().transform(some)
    assert computed == [4, 2]


def test_clips_that_were_made_since_are_computed_where_they_stand(tmp_path, computed):
    kept = clips(3)
    made = [clip.with_samples(clip.samples * 0.5) for clip in kept]
    assert compute_features([LogMel()], kept, tmp_path) == 3
    with shared_features(tmp_path):
        heard = LogMel().transform([made[0], kept[2], made[1]])
    assert computed == [3, 2]
    assert all(map(np.array_equal, heard, LogMel().transform([made[0], kept[2], made[1]])))


def test_outside_the_context_nothing_is_looked_up(tmp_path, computed):
    compute_features([LogMel()], clips(2), tmp_path)
    with shared_features(tmp_path):
        pass
    LogMel().transform(clips(2))
    assert computed == [2, 2]


def test_other_settings_another_rate_and_other_code_have_another_key(tmp_path, computed, monkeypatch):
    assert stage_key(Mfcc()) != stage_key(Mfcc(bands=30)) != stage_key(LogMel(bands=30))
    compute_features([LogMel()], clips(1), tmp_path)
    with shared_features(tmp_path):
        LogMel().transform([replace(clips(1)[0], rate=16000)])
    before = stage_key(Mfcc())
    monkeypatch.setattr(fingerprint, "code_version", lambda stage: "changed")
    assert stage_key(Mfcc()) != before
    assert computed == [1, 1]


def test_a_part_whose_index_was_never_written_counts_as_absent(tmp_path, computed):
    compute_features([LogMel()], clips(2), tmp_path)
    for index in tmp_path.rglob("*.json"):
        index.unlink()
    assert compute_features([LogMel()], clips(2), tmp_path) == 2
    assert not list(tmp_path.rglob("*.unfinished"))


def test_progress_counts_every_part_and_stage(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "PART_CLIPS", 2)
    seen = []
    compute_features([Mfcc(), LogMel()], clips(3), tmp_path, lambda done, total: seen.append((done, total)))
    assert seen == [(2, 6), (3, 6), (5, 6), (6, 6)]


def test_what_a_stage_learned_does_not_get_into_the_store(tmp_path):
    fitted = Mfcc().fit(clips(1))
    assert stage_key(fitted) == stage_key(Mfcc())


def test_the_stages_to_share_are_those_that_listen_to_clips_and_learn_nothing():
    first = Mfcc()
    assert stateless_stages(make_pipeline(first, Deltas())) == [first]
    assert stateless_stages(make_pipeline(Deltas())) == []
    assert stateless_stages(object()) == []


def test_a_recogniser_that_is_no_pipeline_names_them_itself():
    class Asked:
        def stateless_stages(self):
            return [Mfcc()]

    assert [type(stage) for stage in stateless_stages(Asked())] == [Mfcc]


def test_any_stage_can_share_by_looked_up(tmp_path):
    with shared_features(tmp_path):
        assert looked_up(Mfcc(), clips(1), lambda some: [some[0].name]) == ["clip0"]


def test_a_data_file_that_a_stage_reads_is_in_its_key(tmp_path):
    table = tmp_path / "weights.txt"
    table.write_text("1")
    before = stage_key(Weighed(str(table)))
    table.write_text("22")
    assert stage_key(Weighed(str(table))) != before


class Weighed(LogMel):
    """Clips -> log mel energies by a table."""

    def __init__(self, table=""):
        super().__init__()
        self.table = table

    @classmethod
    def _get_param_names(cls):
        return ["table"]

    def depends_on(self):
        return [Path(self.table)]
