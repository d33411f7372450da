"""What changes a fingerprint, and what does not."""

import importlib
import os
import sys
import time
from pathlib import Path

import pytest
from sklearn.base import BaseEstimator
from sklearn.preprocessing import FunctionTransformer

from components.recognisers import build
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.augmentation.policy import draw_masks
from components.study.fingerprint import code_version, digest, forget_sources, settings

PART = '''
"""A part."""
from helper_of_part import double
import pytest
from sklearn.base import BaseEstimator
from sklearn.preprocessing import FunctionTransformer

class Part(BaseEstimator):
    """Says something."""
    def __init__(self, gain=1): self.gain = gain
    def transform(self, X): return double(X)  # a comment
'''
HELPER = "def double(x):\n    return 2 * x\n"


def version(folder, part=PART, helper=HELPER, also=()):
    """The code version of a recogniser whose module and helper read as given."""
    (folder / "made_up_part.py").write_text(part)
    (folder / "helper_of_part.py").write_text(helper)
    importlib.invalidate_caches()
    forget_sources()
    sys.path.insert(0, str(folder))
    try:
        for name in ("made_up_part", "helper_of_part"):
            sys.modules.pop(name, None)
        return code_version(importlib.import_module("made_up_part").Part(), also)
    finally:
        sys.path.remove(str(folder))


def test_comments_and_docstrings_do_not_count(tmp_path):
    other = PART.replace("# a comment", "").replace("Says something.", "Says it better.")
    assert version(tmp_path) == version(tmp_path, part=other)


def test_code_of_the_part_counts(tmp_path):
    assert version(tmp_path) != version(tmp_path, part=PART.replace("double(X)", "double(double(X))"))


def test_code_that_the_part_imports_counts(tmp_path):
    assert version(tmp_path) != version(tmp_path, helper=HELPER.replace("2 * x", "3 * x"))


def test_further_modules_count_for_every_recogniser(tmp_path):
    scored = version(tmp_path, also=["components.speech.scoring"])
    assert version(tmp_path) != scored == version(tmp_path, also="components.speech.scoring")


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


class Reader(BaseEstimator):
    """A part that reads a file."""

    def __init__(self, words=None, inner=None):
        self.words, self.inner = words, inner

    def depends_on(self):
        return [] if self.words is None else [Path(self.words)]


@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_that_a_part_reads_counts_by_its_content_wherever_it_lies(tmp_path, kind):
    for folder, text in (("here", "yes"), ("there", "yes"), ("changed", "no")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "words.txt").write_text(text)
    parts = [
        Outer(inner=Reader(kind(tmp_path / folder / "words.txt"))) for folder in ("here", "there", "changed")
    ]
    for measured in (settings, code_version):
        here, there, changed = map(measured, parts)
        assert here == there != changed


def test_a_file_that_is_changed_in_one_process_counts_as_changed(tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("yes")
    before = code_version(Reader(file))
    file.write_text("nay")
    os.utime(file, ns=(1, 1))
    assert code_version(Reader(file)) != before


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError) as error:
        code_version(Reader(tmp_path / "words.txt"))
    assert str(error.value) == (
        f"Reader expected the file {tmp_path / 'words.txt'}, on which it depends, got: "
        "No such file or directory; correct its path."
    )


def test_code_of_models_in_lists_and_of_functions_counts():
    alone = code_version(FunctionTransformer())
    assert code_version(FunctionTransformer(kw_args={"model": GmmHmm()})) != alone
    assert code_version(FunctionTransformer(draw_masks)) != alone


def test_the_version_of_a_recogniser_takes_no_time():
    recogniser = build("mfcc-gmm-hmm")
    code_version(recogniser)
    started = time.perf_counter()
    for _ in range(20):
        code_version(recogniser)
    assert (time.perf_counter() - started) / 20 < 0.005
