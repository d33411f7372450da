"""A Kaldi data folder."""

import numpy as np
import pytest
import soundfile

from components.speech.corpus import read_corpus
from components.speech.corpus.readers import read_manifest
from components.speech.corpus.readers.kaldi_folder import read
from tests.fsdd import paths_of


@pytest.fixture
def folder(recordings, tmp_path):
    (tmp_path / "wav.scp").write_text(f"rec {paths_of(recordings)[0]}\npipe touch {tmp_path / 'run'} |\n")
    (tmp_path / "text").write_text("u1 one\nu2\ttwo\u2028too\nu3 three\nu4 four\nu5 five\n", encoding="utf-8")
    return tmp_path


def test_segments_are_honoured_and_commands_are_not_run(folder):
    (folder / "segments").write_text(
        "u1 rec 0.1 0.25\nu2 rec 0.05 -1\nu3 pipe 0 1\nu4 gone 0 1\nu5 rec 0 nan 0\n"
    )
    (folder / "utt2spk").write_text("".join(f"u{place} ann\n" for place in range(1, 6)))
    (folder / "spk2gender").write_text("ann f\n")
    corpus = read_corpus(str(folder), cache=folder / "cache")
    assert [clip.name for clip in corpus.clips] == ["u1", "u2"] and corpus.texts[1] == "two too"
    assert len(corpus.clips[0].samples) == 1200 and corpus.clips[0].tags == {"gender": "f"}
    assert {item.name: item.reason for item in corpus.set_aside} == {
        "u3": "a command in wav.scp: commands are not run, write its output to a file",
        "u4": "wav.scp has no recording 'gone'",
        "u5": "a segment without a beginning and an end: 0.00 to nan s",
    }
    assert not (folder / "run").exists()


def test_a_line_that_is_none_and_an_id_that_repeats_are_named(folder):
    (folder / "segments").write_text("u1 rec 0.1\n")
    with pytest.raises(ValueError) as error:
        read(folder)
    assert str(error.value) == (
        f"{folder / 'segments'}, line 1: expected a recording, start and end, and perhaps a channel behind "
        "the id, got 'rec 0.1'; mend the line."
    )
    (folder / "segments").write_text("u1 rec 0 1\nu1 rec 1 2\n")
    with pytest.raises(ValueError, match="line 2: expected every id once, got 'u1' as in line 1"):
        read(folder)


@pytest.mark.parametrize(
    ("names", "got"), [(["feats.scp"], "feats.scp, whose features are no"), (["utt2spk", "text"], "none;")]
)
def test_what_has_no_recordings_is_refused(tmp_path, names, got):
    for name in names:
        (tmp_path / name).write_text("u1 x\n")
    with pytest.raises(
        ValueError, match=rf"expected wav.scp, a line 'ID PATH' for each recording, got {got}"
    ):
        read_manifest(tmp_path)


def test_a_file_that_a_command_decodes_is_read_with_its_channel(recordings, tmp_path):
    left, right = (soundfile.read(path)[0][:1600] for path in paths_of(recordings)[:2])
    soundfile.write(tmp_path / "call.sph", np.stack([left, right], axis=1), 8000, format="NIST")
    lines = (f"{side} sph2pipe -f wav -p -c {n} {tmp_path}/call.sph |\n" for n, side in ((1, "A"), (2, "B")))
    (tmp_path / "wav.scp").write_text("".join(lines))
    (tmp_path / "text").write_text("A one\nB two\n")
    (tmp_path / "segments").write_text("A A 0 0.2\nB B 0 0.2\n")
    for path in (tmp_path, tmp_path / "wav.scp"):
        listing = read_manifest(path)
        samples = [entry.source.read(20)[0] for entry in listing.entries]
        assert np.abs(samples[1] - right).max() < 1e-3 and np.abs(samples[0] - left).max() < 1e-3
        assert "commands" in [check.name for check in listing.checks]
