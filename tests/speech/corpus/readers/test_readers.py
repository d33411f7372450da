"""Users' own recordings, in every kind of manifest that is read."""

import json
from pathlib import Path

import pytest

from components.speech.corpus import normalise, read_corpus
from components.speech.corpus.readers import FORMATS, read_manifest
from tests.fsdd import paths_of

TEXTS = ("One word!", "two", "¿más?")


def write_table(path: Path, rows: list[dict], delimiter: str) -> None:
    lines = [delimiter.join(rows[0])] + [delimiter.join(row.values()) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_jsonl(path: Path, rows: list[dict]) -> None:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def write_kaldi(path: Path, rows: list[dict]) -> None:
    path.mkdir()
    for name, column in {"wav.scp": "path", "text": "text", "utt2spk": "speaker"}.items():
        (path / name).write_text("".join(f"{row['name']} {row[column]}\n" for row in rows), encoding="utf-8")


def write_cuts(path: Path, rows: list[dict]) -> None:
    from lhotse import CutSet, MonoCut, Recording, SupervisionSegment

    cuts = []
    for row in rows:
        sound = Recording.from_file(row["path"], recording_id=row["name"])
        told = {"text": row["text"], "speaker": row["speaker"]}
        said = SupervisionSegment(row["name"], row["name"], 0, sound.duration, **told)
        cuts.append(MonoCut(row["name"], 0, sound.duration, 0, [said], recording=sound))
    CutSet.from_cuts(cuts).to_file(path)


WRITERS = {
    "m.csv": lambda path, rows: write_table(path, rows, ","),
    "m.tsv": lambda path, rows: write_table(path, rows, "\t"),
    "m.jsonl": write_jsonl,
    "kaldi": write_kaldi,
    "cuts.jsonl": write_cuts,
    "cuts.jsonl.gz": write_cuts,
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_gives_the_same_recordings(name, recordings, tmp_path):
    files = paths_of(recordings, "*_0")[: len(TEXTS)]
    rows = [
        {"name": f"utt{place}", "path": str(file), "text": text, "speaker": f"spk{place % 2}"}
        for place, (file, text) in enumerate(zip(files, TEXTS, strict=True))
    ]
    WRITERS[name](tmp_path / name, rows)
    entries = read_manifest(tmp_path / name).entries
    assert [(entry.name, entry.text, entry.speaker) for entry in entries] == [
        (row["name"], normalise(row["text"]), row["speaker"]) for row in rows
    ]
    assert [Path(entry.source.path) for entry in entries] == files


def test_a_common_voice_folder_is_read_as_it_comes(recordings, tmp_path):
    head = "client_id\tpath\tsentence\tup_votes\tgender\taccents\tlocale\n"
    (tmp_path / "clips").mkdir()
    for part, file in zip(("train", "dev", "test"), paths_of(recordings, "*_0"), strict=False):
        (tmp_path / "clips" / file.name).symlink_to(file)
        row = f'spk-{part}\t{file.name}\t"Guten Tag, Welt!\t2\tfemale\tBayern\tde\n'
        (tmp_path / f"{part}.tsv").write_text(head + row)
    (tmp_path / "validated.tsv").write_text(head)
    corpus = read_corpus(str(tmp_path), cache=tmp_path / "cache")
    assert sorted(corpus.parts) == ["dev", "test", "train"] and set(corpus.texts) == {"guten tag welt"}
    assert corpus.language == "de" and corpus.clips[0].tags == {"gender": "female", "accent": "Bayern"}


def test_parts_are_named_for_all_or_none(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("path,text,split\na.wav,a,train\nb.wav,b,\n")
    with pytest.raises(ValueError) as error:
        read_manifest(path)
    assert str(error.value) == (
        f"{path}: 1 of 2 recordings name no part (first m.csv, line 3) though the others do; fill in train, "
        "dev or test for all of them, or for none."
    )


def test_a_folder_or_file_that_is_no_manifest_says_what_is_expected(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ValueError) as error:
        read_manifest(tmp_path / "notes.txt")
    assert str(error.value) == (
        f"{tmp_path / 'notes.txt'} is no manifest that is known: expected {FORMATS}, got a file with '.txt'; "
        "if it is a table, put a line of names above it, such as path,text,speaker."
    )


def test_a_folder_with_a_corpus_in_it_says_which(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "m.csv").write_text("path,text\na.wav,one\n")
    with pytest.raises(ValueError) as error:
        read_manifest(tmp_path)
    assert (
        str(error.value) == f"{tmp_path} has no manifest itself, but in mine/: give the path of that folder."
    )


def test_a_recording_is_no_manifest(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    with pytest.raises(ValueError, match="got a recording; give the folder of the recordings, or a table"):
        read_manifest(tmp_path / "a.wav")
