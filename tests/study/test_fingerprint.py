"""What changes a fingerprint, and what does not."""

import importlib
import sys

from sklearn.base import BaseEstimator

from components.study.fingerprint import code_version, digest, settings

PART = '''
"""A part."""
from helper_of_part import double
from sklearn.base import BaseEstimator

class Part(BaseEstimator):
    """Says something."""
    def __init__(self, gain=1): self.gain = gain
    def transform(self, X): return double(X)  # a comment
'''
HELPER = "def double(x):\n    return 2 * x\n"


def version(folder, part=PART, helper=HELPER):
    """The code version of a recogniser whose module and helper read as given."""
    (folder / "made_up_part.py").write_text(part)
    (folder / "helper_of_part.py").write_text(helper)
    importlib.invalidate_caches()
    from components import fingerprint

    fingerprint._read.cache_clear()
    sys.path.insert(0, str(folder))
    try:
        for name in ("made_up_part", "helper_of_part"):
            sys.modules.pop(name, None)
        return code_version(importlib.import_module("made_up_part").Part())
    finally:
        sys.path.remove(str(folder))


def test_comments_and_docstrings_do_not_count(tmp_path):
    other = PART.replace("# a comment", "").replace("Says something.", "Says it better.")
    assert version(tmp_path) == version(tmp_path, part=other)


def test_code_of_the_part_counts(tmp_path):
    assert version(tmp_path) != version(tmp_path, part=PART.replace("double(X)", "double(double(X))"))


def test_code_that_the_part_imports_counts(tmp_path):
    assert version(tmp_path) != version(tmp_path, helper=HELPER.replace("2 * x", "3 * x"))


def test_scoring_counts_for_every_recogniser(tmp_path, monkeypatch):
    before = version(tmp_path)
    monkeypatch.setattr("components.study.fingerprint.SCORING", ())
    assert version(tmp_path) != before


def test_a_digest_does_not_mind_the_order_of_settings():
    assert digest({"a": 1, "b": [2, "ü"]}) == digest({"b": [2, "ü"], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


class Outer(BaseEstimator):
    def __init__(self, inner=None, knob=(1, 2)):
        self.inner, self.knob = inner, knob


def test_settings_name_every_knob_of_every_part():
    assert settings(Outer(inner=Outer(knob=7))) == {
        "inner": "Outer",
        "inner__inner": None,
        "inner__knob": 7,
        "knob": [1, 2],
    }
