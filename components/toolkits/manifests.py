"""Clips -> WAV files and a manifest of them, as toolkits read them."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from components.contract import Clip
from components.speech.sound_file import sound_bytes
from components.toolkits.recipe import Form

FORMS: tuple[Form, ...] = get_args(Form)
NOT_PLAIN = re.compile(r"[^\w.-]+")  # nothing of these in an id


@dataclass(frozen=True)
class Utterance:
    """A clip that was written. text: None where it is to be found out. seconds: its length."""

    id: str
    path: Path
    speaker: str
    text: str | None
    seconds: float


def ids_of(clips: Sequence[Clip]) -> list[str]:
    """Clips -> an id of each: its speaker and its content key, which tell nothing of what is said.

    Names of recordings often do. An id begins with the speaker's name, as Kaldi sorts them; copies of one
    clip are counted.
    """
    seen: Counter[str] = Counter()
    ids = []
    for clip in clips:
        name = "-".join(filter(None, (NOT_PLAIN.sub("_", clip.speaker), clip.digest[:16])))
        seen[name] += 1
        ids.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return ids


def write_manifest(form: Form, folder: Path, clips: Sequence[Clip], texts: Sequence[str] | None) -> Path:
    """Clips, and their texts if they are known -> the manifest in the folder: a file, or Kaldi's folder."""
    (folder / "wav").mkdir(parents=True)
    utterances = []
    for place, (name, clip) in enumerate(zip(ids_of(clips), clips, strict=True)):
        path = folder / "wav" / f"{name}.wav"
        path.write_bytes(sound_bytes(clip, "WAV"))
        text = None if texts is None else texts[place]
        speaker = NOT_PLAIN.sub("_", clip.speaker) or name
        utterances.append(Utterance(name, path, speaker, text, clip.seconds))
    return WRITERS[form](folder, utterances)


def _kaldi(folder: Path, utterances: Sequence[Utterance]) -> Path:
    """A folder with wav.scp, utt2spk, spk2utt, utt2dur, and text if it is known; sorted as Kaldi wants it."""
    utterances = sorted(utterances, key=lambda one: one.id)
    _write_map(folder / "wav.scp", {one.id: str(one.path) for one in utterances})
    _write_map(folder / "utt2spk", {one.id: one.speaker for one in utterances})
    _write_map(folder / "utt2dur", {one.id: f"{one.seconds:.3f}" for one in utterances})
    by_speaker: dict[str, list[str]] = {}
    for one in utterances:
        by_speaker.setdefault(one.speaker, []).append(one.id)
    _write_map(folder / "spk2utt", {name: " ".join(ids) for name, ids in sorted(by_speaker.items())})
    if texts := {one.id: one.text for one in utterances if one.text is not None}:
        _write_map(folder / "text", texts)
    return folder


def _write_map(path: Path, values: Mapping[str, str]) -> None:
    _write_lines(path, [f"{name} {value}" for name, value in values.items()])


def _write_lines(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _nemo(folder: Path, utterances: Sequence[Utterance]) -> Path:
    """JSON Lines with audio_filepath, duration, and text if it is known."""
    rows = [
        {"audio_filepath": str(one.path), "duration": one.seconds, "text": one.text} for one in utterances
    ]
    known = [{key: value for key, value in row.items() if value is not None} for row in rows]
    return _write_lines(folder / "manifest.jsonl", [json.dumps(row, ensure_ascii=False) for row in known])


def _lhotse(folder: Path, utterances: Sequence[Utterance]) -> Path:
    """Lhotse's cuts as JSON Lines, each with a supervision of its speaker, and text if it is known."""
    from lhotse import CutSet  # seconds to import, and seldom needed

    path = folder / "cuts.jsonl"
    CutSet.from_cuts(map(_cut, utterances)).to_file(path)
    return path


def _cut(one: Utterance) -> object:
    from lhotse import Recording, SupervisionSegment

    recording = Recording.from_file(one.path, recording_id=one.id)
    said = SupervisionSegment(
        one.id, one.id, start=0.0, duration=recording.duration, text=one.text, speaker=one.speaker
    )
    cut = recording.to_cut()
    cut.id, cut.supervisions = one.id, [said]
    return cut


def _csv(folder: Path, utterances: Sequence[Utterance]) -> Path:
    """A table with columns id, path, speaker, seconds, and text if it is known."""
    known = any(one.text is not None for one in utterances)
    columns = ["id", "path", "speaker", "seconds", *(["text"] if known else [])]
    path = folder / "manifest.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(vars(one) for one in utterances)
    return path


WRITERS: Mapping[Form, Callable[[Path, Sequence[Utterance]], Path]] = dict(
    zip(FORMS, (_kaldi, _nemo, _lhotse, _csv), strict=True)
)
