"""`crossover export` writes the network of a run where it was told to."""

import sys
from pathlib import Path

import pytest

from flows import cli


@pytest.fixture
def export(monkeypatch, capsys, tmp_path):
    """Words after `crossover export 4f1c` -> exit status, output, complaints; networks are words here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "components.subjects.speech.load_recogniser",
        lambda store, run, trusted: (f"the network of {run}", 8000),
    )

    def written(recogniser, path):
        Path(path).write_text(recogniser)
        return {"rate": "8000", "alphabet": '["a", "[b]"]'}

    monkeypatch.setattr("components.neural.export.export_onnx", written)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["crossover", "export", "4f1c", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


@pytest.mark.parametrize(("words", "file"), [((), "4f1c.onnx"), (("--out", "hear.onnx"), "hear.onnx")])
def test_the_file_is_named_and_what_stands_in_it_is_said(export, words, file):
    assert export(*words) == (0, f'{file}: rate 8000, alphabet ["a", "[b]"]\n', "")
    assert Path(file).read_text() == "the network of 4f1c"


def test_a_folder_that_is_missing_is_said_before_anything_is_loaded(export):
    assert export("--out", "nowhere/hear.onnx") == (
        1,
        "",
        "crossover: --out expected a folder that is there, got 'nowhere'; make it first.\n",
    )
