"""A user's own recordings: NeMo JSON lines, a Kaldi folder, Lhotse cuts, CSV and TSV (Common Voice's too)."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from components.speech import espeak
from components.speech.corpus.entry import Entry, Listing, Source
from components.speech.corpus.rows import PARTS, Unreadable, entries_of, part_of, spoken_language, stretch
from components.speech.corpus.text import normalise

ENDINGS = (".csv", ".tsv", ".jsonl", ".json", ".jsonl.gz", ".json.gz")
KINDS = "NeMo JSON lines, Lhotse cuts (.jsonl, .jsonl.gz), CSV, TSV, or a Kaldi or Common Voice folder"
Read = tuple[list[Entry], str]  # entries, and the language named ("" if none)


def listing(path: Path) -> Listing:
    """A manifest file or a folder becomes its listing; relative paths start from its folder.

    Raises ValueError when no kind of manifest is recognised, when a column is missing, or when some
    recordings name their part and others do not.
    """
    read = [_read_file(file, part) for file, part in _files(path)]
    entries = list(chain.from_iterable(entries for entries, _ in read))
    _check_parts(entries, path)
    named = next((language for _, language in read if language), "")
    language = _espeak_code(named)
    return Listing(path.name, _notice(path, language, entries), language or "en-us", None, entries)


def _files(path: Path) -> list[tuple[Path, str]]:
    """The manifests at a path and the part each stands for: train.tsv and its like, else a single one."""
    if path.is_file() or (path / "wav.scp").is_file():
        return [(path, "")]
    there = [file for file in sorted(path.iterdir()) if _is_manifest(file)]
    parted = [(file, PARTS[_stem(file)]) for file in there if PARTS.get(_stem(file))]
    if parted:
        return parted
    if len(there) == 1:
        return [(there[0], "")]
    raise ValueError(
        f"{path} has {len(there)} manifests ({', '.join(file.name for file in there[:5]) or 'none'}); "
        f"expected one, or train, dev and test: {KINDS}. Give the path of the file itself."
    )


def _is_manifest(path: Path) -> bool:
    return path.name.endswith(ENDINGS) if path.is_file() else (path / "wav.scp").is_file()


def _stem(path: Path) -> str:
    return path.name.split(".")[0].lower()


def _read_file(path: Path, part: str) -> Read:
    """One manifest becomes its entries and language, read by what it looks like."""
    if path.is_dir():
        return _kaldi(path, part), ""
    if path.name.endswith((".csv", ".tsv")):
        rows = _table(path)
    elif path.name.endswith(ENDINGS):
        rows = _json_lines(path)
        if rows and ("recording" in rows[0] or "supervisions" in rows[0] or "tracks" in rows[0]):
            return _cuts(path, part)
    else:
        ending = path.suffix or "no ending"
        raise ValueError(
            f"{path} is no manifest that is known: expected {KINDS}, got a file with {ending!r}."
        )
    return entries_of(rows, path, part), spoken_language(rows)


def _table(path: Path) -> list[dict[str, str]]:
    """A CSV or TSV with a header becomes rows; in a TSV quotation marks are text (Common Voice)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix == ".tsv":
            return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        header = file.readline()
        file.seek(0)
        return list(csv.DictReader(file, delimiter=max(",;\t|", key=header.count)))


def _json_lines(path: Path) -> list[dict]:
    """Each line that is not blank becomes a dict; raises ValueError naming the first line that cannot."""
    opened = gzip.open if path.suffix == ".gz" else open
    rows = []
    with opened(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                rows.append(_json_row(line, f"{path}, line {number}"))
    return rows


def _json_row(line: str, where: str) -> dict:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"{where}: expected a JSON object, got {line.strip()[:40]!r} ({error.msg}); mend it."
        ) from error
    if not isinstance(row, dict):
        raise ValueError(f"{where}: expected a JSON object, got {line.strip()[:40]!r}; one object a line.")
    return row


def _kaldi(folder: Path, part: str) -> list[Entry]:
    """A Kaldi data folder: wav.scp and text, with segments, utt2spk and spk2gender where there are any.

    Lhotse reads the files one by one: its whole-folder reader gives up at the first bad recording.
    """
    from lhotse.kaldi import load_kaldi_text_file, load_kaldi_text_mapping

    wavs = load_kaldi_text_mapping(folder / "wav.scp", must_exist=True)
    texts = load_kaldi_text_file(folder / "text")
    speakers = load_kaldi_text_mapping(folder / "utt2spk")
    genders = load_kaldi_text_mapping(folder / "spk2gender")
    segments = load_kaldi_text_mapping(folder / "segments") or {name: name for name in wavs}
    entries = []
    for name, where in segments.items():
        speaker = speakers.get(name) or ""
        gender = {"gender": genders[speaker]} if genders.get(speaker) else {}
        source = _kaldi_source(where.split(), wavs, folder)
        entries.append(Entry(name, speaker, normalise(texts.get(name, "")), part, source, gender))
    return entries


def _kaldi_source(where: Sequence[str], wavs: Mapping[str, str], folder: Path) -> Source:
    """A line of segments (recording, start, end; end -1: to its end) or a whole recording."""
    recording, start, end = where if len(where) == 3 else (where[0], "0", "-1")
    wav = wavs.get(recording)
    if wav is None:
        return Unreadable(f"wav.scp has no recording {recording!r}")
    if wav.endswith("|"):
        return Unreadable("a command in wav.scp: commands are not run, write its output to a file")
    whole = end in ("-1", "-1.0")
    return stretch(wav, folder, start, None if whole else float(end) - float(start))


def _cuts(path: Path, part: str) -> Read:
    """Lhotse's cuts; several supervisions of one cut are one text, in the order of their start."""
    from lhotse import load_manifest

    cuts = list(load_manifest(path))
    languages = (one.language for cut in cuts for one in cut.supervisions if one.language)
    return [_cut_entry(cut, path, part) for cut in cuts], next(languages, "")


def _cut_entry(cut, path: Path, part: str) -> Entry:
    said = sorted(cut.supervisions, key=lambda one: one.start)
    custom = getattr(cut, "custom", None) or {}
    own_part = part_of(str(custom.get("split", custom.get("part", ""))), f"{path}, {cut.id}")
    first = said[0] if said else None
    return Entry(
        name=cut.id,
        speaker=(first.speaker if first else "") or "",
        text=normalise(" ".join(one.text or "" for one in said)),
        part=own_part or part,
        source=_cut_source(cut, path.parent),
        tags={"gender": first.gender} if first and first.gender else {},
    )


def _cut_source(cut, folder: Path) -> Source:
    recording = getattr(cut, "recording", None)
    if recording is None:
        return Unreadable(
            f"a {type(cut).__name__} without a recording of its own; save it with cut.save_audio"
        )
    if recording.transforms or len(recording.sources) != 1 or recording.sources[0].type != "file":
        return Unreadable("its recording is not one plain file; save it with cut.save_audio")
    return stretch(recording.sources[0].source, folder, cut.start, cut.duration)


def _check_parts(entries: Sequence[Entry], path: Path) -> None:
    counts = Counter(one.part for one in entries)
    if counts[""] and len(counts) > 1:
        name = next(one.name for one in entries if not one.part)
        raise ValueError(
            f"{path}: {counts['']} of {len(entries)} recordings name no part (first {name!r}) though the "
            "others do; fill in train, dev or test for all of them, or for none."
        )


def _espeak_code(named: str) -> str:
    """A manifest's language ("de", "pt_BR", "French") becomes an eSpeak NG code, "" where none fits."""
    code, known = named.strip().lower().replace("_", "-"), espeak.languages()
    if code in ("", "en", "english"):
        return "en-us" if code else ""
    short = code.split("-")[0]
    by_name = next((one for one, name in known.items() if name.lower().startswith(code)), "")
    by_family = next((one for one in known if one.startswith(f"{short}-")), "")
    in_order = (code, short, f"{short}-{short}", by_family, by_name)
    return next((one for one in in_order if one in known), "")


def _notice(path: Path, language: str, entries: Sequence[Entry]) -> str:
    """What a reader of the report must know about these recordings."""
    told = [f"Recordings listed in {path.name}; their licence is their owner's to state"]
    if not language:
        told.append("they name no language that eSpeak NG speaks, so words are pronounced as en-us")
    if not any(one.speaker for one in entries):
        told.append("no speakers are named, so a test on new voices cannot be promised")
    return "; ".join(told) + "."
