"""A picture of what a logged recogniser makes of a user's file, as its user asks for it."""

import sys

import numpy as np
import pytest
import soundfile

from components.speech.corpus import read_corpus
from components.speech.modular.recipes import mfcc_gmm_hmm
from components.subjects.speech import log_recogniser
from flows import cli


@pytest.fixture(scope="module")
def kept(digits, _new_store, tmp_path_factory):
    """A store with a run that keeps a small recogniser of phones, and the run's id."""
    import shutil

    from components.study.tracking import Store

    folder = tmp_path_factory.mktemp("kept")
    shutil.copy(_new_store, folder / "mlflow.db")
    store = Store(f"sqlite:///{folder}/mlflow.db")
    experiment = store.client.create_experiment("e", artifact_location=(folder / "artifacts").as_uri())
    run = store.client.create_run(experiment).info.run_id
    corpus = read_corpus("fsdd", data=digits)
    log_recogniser(store, run, mfcc_gmm_hmm().fit(list(corpus.clips), corpus.texts), corpus.clips[0])
    return store, run


@pytest.fixture
def explain(kept, tmp_path, monkeypatch, capsys):
    """Words after `crossover explain RUN`, in an empty folder -> exit status, output, complaints."""

    def run(*words, run=kept[1]):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("MLFLOW_TRACKING_URI", kept[0].address)
        monkeypatch.setattr(sys, "argv", ["crossover", "explain", run, *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


def a_seven(digits):
    return next((digits / "recordings").glob("7_george_5.*"))


def test_the_picture_lies_in_the_current_folder_and_the_terminal_says_what_was_heard(
    explain, digits, tmp_path
):
    path = a_seven(digits)
    before = path.read_bytes()
    status, said, complained = explain(path)
    assert (status, complained) == (0, "")
    assert (tmp_path / "7_george_5.png").read_bytes().startswith(b"\x89PNG")
    lines = said.splitlines()
    assert lines[0] == "seven" and lines[-1] == "Picture: 7_george_5.png"
    assert "confidence" in said and "likeliest transcripts" in said
    assert path.read_bytes() == before


def test_an_svg_holds_every_panel_and_the_words_as_text(explain, digits, tmp_path):
    status, _, _ = explain(a_seven(digits), "--out", tmp_path / "picture.svg")
    drawn = (tmp_path / "picture.svg").read_text()
    assert status == 0
    for text in ("Waveform", "MFCC", "States", "Phones", "Words", "seconds", "Viterbi alignment"):
        assert text in drawn
    assert drawn.count(">seven<") == 1 and "“seven”" in drawn  # in the row of words, and above all
    assert all(f">{phone}<" in drawn for phone in ("S", "EH", "V", "AH", "N"))


@pytest.mark.parametrize(
    ("samples", "why"),
    [
        (np.zeros(8000), "silent: nothing above -80 dB of full scale"),
        (np.full(80, 0.1), "0.010 s long, at least 0.1 s expected"),
    ],
    ids=["silent", "too short"],
)
def test_a_clip_that_cannot_be_used_is_named_with_the_reason(explain, tmp_path, samples, why):
    soundfile.write(tmp_path / "bad.wav", samples, 8000)
    assert explain("bad.wav") == (1, "", f"crossover: bad.wav: {why}\n")
    assert not (tmp_path / "bad.png").exists()


def test_a_file_that_cannot_be_read_is_named(explain, tmp_path):
    (tmp_path / "broken.wav").write_bytes(b"RIFF\x00\x01\x02\xff" * 9)
    status, said, complained = explain("broken.wav")
    assert (status, said) == (1, "") and complained.startswith("crossover: broken.wav: unreadable or cut off")
    assert explain("missing.wav")[2] == "crossover: missing.wav: no such file: missing.wav\n"


def test_an_unknown_run_says_where_ids_are_found(explain, kept, digits):
    status, _, complained = explain(a_seven(digits), run="nonesuch")
    assert status == 1 and complained.startswith(
        f"crossover: run 'nonesuch' expected a trained system in {kept[0].address}, got none"
    )


def test_a_picture_of_another_kind_or_in_no_folder_or_over_the_recording_is_refused(explain, tmp_path):
    assert explain("a.wav", "--out", "a.jpeg")[2] == (
        "crossover: --out expected a file that ends in .png or .svg, got 'a.jpeg'; rename it.\n"
    )
    assert explain("a.wav", "--out", "gone/a.png")[2] == (
        "crossover: --out expected a folder that is there, got 'gone'; make it first.\n"
    )
    (tmp_path / "odd.png").write_bytes(b"a recording under another name")
    assert explain("odd.png")[2] == (
        "crossover: --out expected another file than the recording, got 'odd.png'; rename it.\n"
    )
