"""A logged recogniser on a user's own files."""

import json
import sys

import pytest
import soundfile

from components.speech.corpus import read_corpus
from components.speech.modular.recipes import mfcc_gmm_hmm
from components.study.tracking import read_study
from components.subjects.speech import load_recogniser
from flows import cli


@pytest.fixture
def run_id(finished, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", finished[0].address)
    return next(one.run_id for one in read_study(finished[0]).finished if (one.size, one.draw) == (20, 0))


def transcribe(monkeypatch, capsys, *words):
    """Words after `crossover transcribe` -> exit status, output, complaints."""
    monkeypatch.setattr(sys, "argv", ["crossover", "transcribe", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def recorded(digits, folder, name, kind, rate, **how):
    """A real digit, resampled by repetition of samples, in another kind of file -> its path."""
    import numpy as np

    samples, before = soundfile.read(next((digits / "recordings").glob("3_lucas_0.*")), dtype="float32")
    soundfile.write(folder / name, np.repeat(samples, rate // before), rate, format=kind, **how)
    return folder / name


def test_wav_flac_and_opus_of_other_rates_are_heard(run_id, digits, tmp_path, monkeypatch, capsys):
    paths = [
        recorded(digits, tmp_path, "a.wav", "WAV", 16000),
        recorded(digits, tmp_path, "b.flac", "FLAC", 24000),
        recorded(digits, tmp_path, "c.opus", "OGG", 48000, subtype="OPUS"),
    ]
    status, said, complained = transcribe(monkeypatch, capsys, run_id, *paths)
    assert (status, complained) == (0, "")
    lines = [line.split("\t") for line in said.splitlines()]
    assert [path for path, _ in lines] == [str(path) for path in paths]
    words = set(read_corpus("fsdd", data=digits).texts)
    assert all(text in words for _, text in lines)


def test_a_file_of_the_corpus_is_heard_as_in_the_study(run_id, finished, digits, monkeypatch, capsys):
    path = next((digits / "recordings").glob("7_george_0.*"))
    _, said, _ = transcribe(monkeypatch, capsys, run_id, path)
    trial = next(one for one in read_study(finished[0]).finished if one.run_id == run_id)
    table = trial.scores.set_index("id")
    assert said == f"{path}\t{table.loc['7_george_0', 'hypothesis']}\n"


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_heard(
    run_id, digits, tmp_path, monkeypatch, capsys
):
    (tmp_path / "[broken].wav").write_bytes(b"RIFF, but no sound")
    good = recorded(digits, tmp_path, "good.wav", "WAV", 16000)
    broken, missing = tmp_path / "[broken].wav", tmp_path / "missing.wav"
    status, said, complained = transcribe(monkeypatch, capsys, run_id, broken, good, missing)
    assert status == 1
    assert [line.split("\t")[0] for line in said.splitlines()] == [str(good)]
    first, second = complained.splitlines()
    assert first.startswith(f"{broken}: ") and second.startswith(f"{missing}: ")


def test_an_unknown_run_says_where_ids_are_found(run_id, finished, monkeypatch, capsys):
    status, said, complained = transcribe(monkeypatch, capsys, "nonesuch", "a.wav")
    assert (status, said) == (1, "")
    assert complained == (
        f"crossover: run 'nonesuch' expected a trained system in {finished[0].address}, got none; "
        "copy the id of a finished trial from the report's table or the MLflow page.\n"
    )


def test_a_study_is_not_a_recogniser(run_id, finished):
    study = read_study(finished[0]).run_id
    with pytest.raises(ValueError, match=f"run '{study}' expected a trained system"):
        load_recogniser(finished[0], study)


@pytest.fixture
def phones(digits, monkeypatch):
    """A recogniser that knows when words are said, in the place of the one that a run kept."""
    corpus = read_corpus("fsdd", data=digits)
    fitted = mfcc_gmm_hmm().fit(list(corpus.clips), corpus.texts)
    monkeypatch.setattr("flows.speech.transcribe.load_recogniser", lambda *_: (fitted, 8000))


def test_json_and_ctm_tell_the_time_of_each_word_and_how_likely_it_is_right(
    phones, digits, tmp_path, monkeypatch, capsys
):
    path = recorded(digits, tmp_path, "a b.wav", "WAV", 16000)
    _, text, _ = transcribe(monkeypatch, capsys, "run", path)
    _, line, _ = transcribe(monkeypatch, capsys, "run", path, "--format", "json")
    heard = json.loads(line)
    assert heard["file"] == str(path) and text == f"{path}\t{heard['transcript']}\n"
    assert [word["word"] for word in heard["words"]] == heard["transcript"].split() != []
    _, lines, complained = transcribe(monkeypatch, capsys, "run", path, "--format", "ctm")
    assert complained == ""
    for said, word in zip(lines.splitlines(), heard["words"], strict=True):
        name, channel, begin, length, what, sure = said.split()
        assert (name, channel, what) == ("a_b", "1", word["word"])
        assert float(begin) + float(length) == pytest.approx(word["end"], abs=0.001)
        assert 0 <= float(sure) == word["confidence"] <= 0.999


def test_whole_transcripts_have_no_words_to_time(run_id, digits, tmp_path, monkeypatch, capsys):
    path = recorded(digits, tmp_path, "a.wav", "WAV", 16000)
    _, line, _ = transcribe(monkeypatch, capsys, run_id, path, "--format", "json")
    assert json.loads(line)["words"] is None and json.loads(line)["transcript"]
    status, said, complained = transcribe(monkeypatch, capsys, run_id, path, "--format", "ctm")
    assert (status, said) == (1, "")
    assert complained == (
        f"{path}: CTM expected a recogniser that times each word, got one that answers with whole "
        "transcripts; use --format text or json.\n"
    )
