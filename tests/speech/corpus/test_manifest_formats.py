"""A user's own recordings, in every kind of manifest that is read."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from components.speech.corpus import manifest_formats, normalise, read_corpus

NOISE = np.random.default_rng(0).normal(0, 0.1, 32000).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a.wav, b.wav and c.flac of 2 s at 16 kHz."""
    made = tmp_path_factory.mktemp("own")
    for name in ("a.wav", "b.wav", "c.flac"):
        soundfile.write(made / name, NOISE * {"a": 1, "b": 0.5, "c": 0.2}[name[0]], 16000)
    return made


def write_csv(path: Path, rows: list[dict], delimiter: str = ",") -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def write_tsv(path: Path, rows: list[dict]) -> None:
    lines = ["\t".join(rows[0])] + ["\t".join(row.values()) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_jsonl(path: Path, rows: list[dict]) -> None:
    renamed = [{"audio_filepath": row["path"], **row} for row in rows]
    path.write_text("\n".join(json.dumps(row) for row in renamed), encoding="utf-8")


def write_kaldi(path: Path, rows: list[dict]) -> None:
    path.mkdir(exist_ok=True)
    columns = {"wav.scp": "path", "text": "text", "utt2spk": "speaker"}
    for name, column in columns.items():
        (path / name).write_text("".join(f"{row['name']} {row[column]}\n" for row in rows), encoding="utf-8")


def write_cuts(path: Path, rows: list[dict]) -> None:
    from lhotse import CutSet, MonoCut, Recording, SupervisionSegment

    cuts = []
    for row in rows:
        recording = Recording.from_file(path.parent / row["path"], recording_id=row["name"])
        supervision = SupervisionSegment(
            row["name"], row["name"], 0, 2.0, text=row["text"], speaker=row["speaker"]
        )
        cuts.append(MonoCut(row["name"], 0, 2.0, 0, [supervision], recording=recording))
    CutSet.from_cuts(cuts).to_file(path)


WRITERS = {
    "m.csv": write_csv,
    "m.tsv": write_tsv,
    "m.jsonl": write_jsonl,
    "kaldi": write_kaldi,
    "cuts.jsonl": write_cuts,
    "cuts.jsonl.gz": write_cuts,
}
TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=12
).map(lambda text: f"x{text}")


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=12, deadline=None)
@given(texts=st.lists(st.lists(TEXT, min_size=1, max_size=3).map(" ".join), min_size=3, max_size=3))
def test_what_is_written_is_read_back(name, texts, folder):
    files = ("a.wav", "b.wav", "c.flac")
    there = files if name != "kaldi" else [str(folder / file) for file in files]
    rows = [
        {"name": f"utt{index}", "path": path, "text": text, "speaker": f"spk{index % 2}"}
        for index, (path, text) in enumerate(zip(there, texts, strict=True))
    ]
    WRITERS[name](folder / name, rows)
    read = {entry.name: entry for entry in manifest_formats.read_manifest(folder / name).entries}
    assert sorted(read) == ["utt0", "utt1", "utt2"]
    for row in rows:
        entry = read[row["name"]]
        assert (entry.text, entry.speaker) == (normalise(row["text"]), row["speaker"])
        assert Path(entry.source.path).resolve() == (folder / row["path"]).resolve()


@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_gives_the_same_samples(name, folder, tmp_path):
    files = ("a.wav", "b.wav", "c.flac")
    rows = [
        {"name": file[0], "path": str(folder / file), "text": f"Word {file[0]}!", "speaker": "ann"}
        for file in files
    ]
    WRITERS[name](tmp_path / name, rows)
    corpus = read_corpus(str(tmp_path / name), cache=tmp_path / "cache")
    assert corpus.texts == ["word a", "word b", "word c"] and corpus.rate == 16000 and not corpus.set_aside
    assert [round(float(np.abs(clip.samples).max() / np.abs(NOISE).max()), 2) for clip in corpus.clips] == [
        1,
        0.5,
        0.2,
    ]
    assert {clip.speaker for clip in corpus.clips} == {"ann"} and set(corpus.parts) == {""}


def test_nemo_offsets_and_durations_are_honoured(folder, tmp_path):
    rows = [
        {"audio_filepath": str(folder / "a.wav"), "offset": 0.5, "duration": 0.25, "text": "one"},
        {"audio_filepath": str(folder / "a.wav"), "offset": 1.0, "duration": 1.5, "text": "two"},
        {"audio_filepath": str(folder / "b.wav"), "duration": 2.0, "text": "three"},
    ]
    (tmp_path / "m.json").write_text("\n".join(map(json.dumps, rows)))
    corpus = read_corpus(str(tmp_path / "m.json"), cache=tmp_path)
    assert np.allclose(corpus.clips[0].samples, NOISE[8000:12000], atol=1e-4)
    assert corpus.texts == ["one", "three"]
    assert corpus.set_aside[0].reason == "truncated: 2.00 s where 2.50 s are needed"


def test_kaldi_segments_are_honoured_and_its_commands_are_not_run(folder, tmp_path):
    (tmp_path / "wav.scp").write_text(f"rec {folder / 'a.wav'}\npipe touch {tmp_path / 'run'} |\n")
    (tmp_path / "segments").write_text("u1 rec 0.5 0.75\nu2 rec 1.5 -1\nu3 pipe 0 1\nu4 gone 0 1\n")
    (tmp_path / "text").write_text("u1 one\nu2 two\nu3 three\nu4 four\n")
    (tmp_path / "utt2spk").write_text("u1 ann\nu2 ann\nu3 ann\nu4 ann\n")
    (tmp_path / "spk2gender").write_text("ann f\n")
    corpus = read_corpus(str(tmp_path), cache=tmp_path / "cache")
    assert [len(clip.samples) for clip in corpus.clips] == [4000, 8000] and corpus.clips[0].tags == {
        "gender": "f"
    }
    assert {entry.name: entry.reason for entry in corpus.set_aside} == {
        "u3": "a command in wav.scp: commands are not run, write its output to a file",
        "u4": "wav.scp has no recording 'gone'",
    }
    assert not (tmp_path / "run").exists()


def test_a_common_voice_folder_is_read_as_it_comes(folder, tmp_path):
    (tmp_path / "clips").mkdir()
    for name in ("a.wav", "b.wav", "c.flac"):
        (tmp_path / "clips" / name).write_bytes((folder / name).read_bytes())
    head = "client_id\tpath\tsentence\tup_votes\tgender\taccents\tlocale\n"
    for part, name in {"train": "a.wav", "dev": "b.wav", "test": "c.flac"}.items():
        (tmp_path / f"{part}.tsv").write_text(
            head + f'spk-{part}\t{name}\t"Guten Tag, Welt!\t2\tfemale\tBayern\tde\n'
        )
    (tmp_path / "validated.tsv").write_text(head)
    corpus = read_corpus(str(tmp_path), cache=tmp_path / "cache")
    assert dict(zip([clip.name for clip in corpus.clips], corpus.parts, strict=True)) == {
        "a.wav": "train",
        "b.wav": "dev",
        "c.flac": "test",
    }
    assert set(corpus.texts) == {"guten tag welt"} and corpus.language == "de"
    assert corpus.clips[0].speaker.startswith("spk-") and corpus.clips[0].tags == {
        "gender": "female",
        "accent": "Bayern",
    }


def test_a_part_column_is_read_and_must_be_filled_throughout(folder, tmp_path):
    names = [str(folder / name) for name in ("a.wav", "b.wav")]
    write_csv(
        tmp_path / "m.csv",
        [
            {"path": names[0], "text": "a", "split": "Training"},
            {"path": names[1], "text": "b", "split": "validation"},
        ],
        ";",
    )
    assert read_corpus(str(tmp_path / "m.csv"), cache=tmp_path).parts == ["train", "dev"]
    write_csv(
        tmp_path / "m.csv",
        [{"path": names[0], "text": "a", "split": "train"}, {"path": names[1], "text": "b", "split": ""}],
    )
    with pytest.raises(ValueError) as error:
        read_corpus(str(tmp_path / "m.csv"), cache=tmp_path)
    assert str(error.value) == (
        f"{tmp_path / 'm.csv'}: 1 of 2 recordings name no part (first {names[1]!r}) though the others do; "
        "fill in train, dev or test for all of them, or for none."
    )


def test_missing_columns_are_an_error_that_lists_them(folder, tmp_path):
    write_csv(tmp_path / "m.csv", [{"file": "a.wav", "words": "one", "who": "ann"}])
    with pytest.raises(ValueError) as error:
        read_corpus(str(tmp_path / "m.csv"), cache=tmp_path)
    assert str(error.value) == (
        f"{tmp_path / 'm.csv'} lacks columns (text: one of text, sentence, transcript, transcription); "
        "it has file, words, who. Rename or add them."
    )


def test_a_broken_line_is_named(tmp_path):
    (tmp_path / "m.jsonl").write_text('{"audio_filepath": "a.wav", "text": "one"}\n{"audio_fil\n')
    with pytest.raises(ValueError) as error:
        read_corpus(str(tmp_path / "m.jsonl"), cache=tmp_path)
    assert str(error.value) == (
        f"{tmp_path / 'm.jsonl'}, line 2: expected a JSON object, "
        "got '{\"audio_fil' (Invalid control character at); mend it."
    )


def test_a_folder_or_file_that_is_no_manifest_says_what_is_wanted(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ValueError) as error:
        read_corpus(str(tmp_path), cache=tmp_path)
    assert str(error.value) == (
        f"{tmp_path} has 0 manifests (none); expected one, or train, dev and test: "
        f"{manifest_formats.FORMATS}. Give the path of the file itself."
    )
    with pytest.raises(ValueError) as error:
        read_corpus(str(tmp_path / "notes.txt"), cache=tmp_path)
    assert str(error.value) == (
        f"{tmp_path / 'notes.txt'} is no manifest that is known: expected {manifest_formats.FORMATS}, "
        "got a file with '.txt'."
    )


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("de", "de"),
        ("fr", "fr-fr"),
        ("pt_BR", "pt-br"),
        ("German", "de"),
        ("en", "en-us"),
        ("xx", ""),
        ("", ""),
    ],
)
def test_a_named_language_becomes_an_espeak_code(named, code):
    assert manifest_formats._espeak_code(named) == code


def test_relative_paths_start_from_the_manifest(folder, tmp_path):
    write_csv(tmp_path / "m.csv", [{"path": os.path.relpath(folder / "a.wav", tmp_path), "text": "one"}])
    assert len(read_corpus(str(tmp_path / "m.csv"), cache=tmp_path)) == 1
