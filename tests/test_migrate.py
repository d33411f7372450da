"""What an earlier version saved is loaded by its names of then, and by nothing else."""

import importlib
import inspect
import json
import subprocess
import sys
from zipfile import ZipFile

import numpy as np
import pytest
import skops.io

from components import migrate
from components.migrate import MOVED_CLASSES, OLD_IMPORTS, RENAMED_ATTRIBUTES, SCHEMA
from components.speech.features.deltas import Deltas
from components.study.saving import FILE, load, save

OLD_SCRIPT = """
import io
from pathlib import Path
from components.contract import Clip
from components.corpus.audio_file import resample
from components.saving import load
from components.tracking.models import read_rate
from components.study import saving
import components.corpus.audio_file, components.speech.corpus.audio_file as new, components.tracking.models
assert components.corpus.audio_file.resample is new.resample is resample
assert load is saving.load and saving.__spec__.name == saving.__name__ == "components.study.saving"
print(read_rate.__name__)
"""


def target(name):
    module, _, kind = name.rpartition(".")
    return getattr(importlib.import_module(module), kind)


@pytest.mark.parametrize("name", MOVED_CLASSES.values())
def test_every_class_that_moved_is_where_the_table_says(name):
    kind = target(name)
    assert inspect.isclass(kind) and kind.__module__ == name.rpartition(".")[0]


def test_every_renamed_attribute_is_of_a_class_that_is_there_and_no_setting_is_left_behind():
    for name, renamed in RENAMED_ATTRIBUTES.items():
        settings = set(target(name)().get_params(deep=False))
        for old, new in renamed.items():
            assert old not in settings and (new in settings or new.endswith("_")), (name, old, new)


PLACES = [place for names in OLD_IMPORTS.values() for place in names.values()]


@pytest.mark.parametrize("place", PLACES)
def test_everything_that_old_scripts_import_is_where_the_table_says(place):
    assert callable(target(place))


def test_no_old_name_is_a_new_one():
    moved = {old: new for old, new in MOVED_CLASSES.items() if old != new}
    assert not moved.keys() & MOVED_CLASSES.values()


def with_old_names(path, names, attributes=None):
    """The skops file, rewritten as an earlier version would have written it."""
    with ZipFile(path) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    text = json.dumps(json.loads(entries[SCHEMA]))
    for old, new in names.items():
        module, _, kind = new.rpartition(".")
        old_module, _, old_kind = old.rpartition(".")
        before = f'"__class__": "{kind}", "__module__": "{module}"'
        assert before in text
        text = text.replace(before, f'"__class__": "{old_kind}", "__module__": "{old_module}"')
    for old, new in (attributes or {}).items():
        assert f'"{new}":' in text
        text = text.replace(f'"{new}":', f'"{old}":')
    with ZipFile(path, "w") as file:
        for name, data in (entries | {SCHEMA: text.encode()}).items():
            file.writestr(name, data)


def test_a_part_saved_by_its_old_name_is_loaded(tmp_path):
    save(Deltas(order=1), tmp_path)
    now = {old: new for old, new in MOVED_CLASSES.items() if target(new) is Deltas}
    with_old_names(tmp_path / FILE, now)
    assert "components.features.deltas.Deltas" in skops.io.get_untrusted_types(file=tmp_path / FILE)
    again = load(tmp_path)
    assert type(again) is Deltas and again.get_params() == Deltas(order=1).get_params()


def test_renamed_attributes_are_put_where_they_are_now(tmp_path, monkeypatch):
    monkeypatch.setitem(RENAMED_ATTRIBUTES, f"{Deltas.__module__}.Deltas", {"half_width": "width"})
    save(Deltas(width=5), tmp_path)
    with_old_names(tmp_path / FILE, {}, {"half_width": "width"})
    assert vars(load(tmp_path))["width"] == 5 and "half_width" not in vars(load(tmp_path))


def test_a_file_of_this_version_is_read_as_it_is(tmp_path):
    save(Deltas(), tmp_path)
    assert migrate.migrated_skops(tmp_path / FILE) == (tmp_path / FILE).read_bytes()


def test_translation_makes_nobody_trusted(tmp_path, monkeypatch):
    class_of_theirs = "another_project.Deltas"
    save(Deltas(), tmp_path)
    with_old_names(tmp_path / FILE, {class_of_theirs: f"{Deltas.__module__}.Deltas"})
    with pytest.raises(ValueError, match=r"expected parts of this project .*, got another_project\.Deltas"):
        load(tmp_path)
    monkeypatch.setitem(
        MOVED_CLASSES, class_of_theirs, "components.speech.corpus.workers.ProcessPoolExecutor"
    )
    with pytest.raises(ValueError, match=r"expected parts of this project .*, got .*ProcessPoolExecutor"):
        load(tmp_path)


def test_the_script_of_a_model_finds_its_modules_by_the_names_of_then():
    done = subprocess.run([sys.executable, "-c", OLD_SCRIPT], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "read_rate", done.stderr


def test_no_other_old_module_is_there():
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("components.features")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("components.corpus.manifest")


def test_numbers_of_an_old_file_are_untouched(tmp_path):
    from components.speech.features.cmvn import Cmvn

    frames = [np.arange(12, dtype=np.float32).reshape(6, 2)]
    fitted = Cmvn().fit(frames)
    save(fitted, tmp_path)
    with_old_names(tmp_path / FILE, {"components.features.cmvn.Cmvn": "components.speech.features.cmvn.Cmvn"})
    np.testing.assert_array_equal(load(tmp_path).transform(frames)[0], fitted.transform(frames)[0])
