"""Manifests of every kind, with the oddities of real ones, as strategies of Hypothesis."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from components.speech.corpus.readers.columns import COLUMNS

CHARACTERS = st.one_of(
    st.characters(),
    st.sampled_from("\u0085\u2028\u000b\u200b\u200d\ufe0f\u20e3\u0301'\"’ʻ،。¿½²٣३\t|,;"),
)
PLAIN_WORDS = "yes|No!|don't|1|1,00,000|3.5|2nd|$5|5 %|<unk>|[noise]|(uh)|!SIL"
OTHER_SCRIPTS = "ʻokina|п'ять|कि|הַשָּׁלוֹם|السَّلامُ|안녕|สวัสดี|東京タワーです|ẹ̀kọ́|Größe|İKİ|x\ufe0f|\u0301"
WORDS = st.sampled_from([*PLAIN_WORDS.split("|"), *OTHER_SCRIPTS.split("|")])
TEXTS = st.one_of(st.lists(WORDS, max_size=3).map(" ".join), st.text(CHARACTERS, max_size=12))
SPEAKERS = st.one_of(
    st.sampled_from(
        ["ann", "Ann ", "ANN", "bob", "sp0.9-ann", "unknown", "", "ann\u200b", "José", "Jose\u0301"]
    ),
    st.text(CHARACTERS, max_size=4),
)
PARTS = st.sampled_from(["", "train", "Training", "dev", "validation", "test", "eval", " TEST "])
PATHS = ' . / gone.wav A.WAV ./a.wav sub\\a.wav "a.wav" file://[x s3://x/a.wav file:///nowhere/a.wav'
ODD_PATHS = st.one_of(
    st.sampled_from(
        [*PATHS.split(" "), "x" * 5000, *["a.wav|", "x.raw", "x.m4a", "notes.txt", "~/a.wav", "\x00a.wav"]]
    ),
    st.text(CHARACTERS, max_size=8),
)
NUMBERS = st.one_of(
    st.sampled_from(
        ["", "0", "0.0", "0.1", "0.25", "-1", "3", "1e9", "nan", "inf", "-inf", "0,5", "x", "1e400"]
    ),
    st.floats(-1, 2).map(str),
)
CHANNELS = st.sampled_from(["", "0", "1", "2", "A", "left", "²", "1.0", "-1"])
LANGUAGES = st.one_of(st.sampled_from(["", "en", "de", "zh-CN", "xx", "English", "tr"]), st.text(max_size=3))
ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(
        st.sampled_from(["path", "bytes", "x"]), st.one_of(st.none(), st.text(max_size=3)), max_size=2
    ),
    st.sampled_from(["\ud800", "\udfff x"]),
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"])
LINE_ENDS = st.sampled_from(["\n", "\n", "\r\n", "\r"])


@dataclass(frozen=True)
class Written:
    """Files by name, the one to read ("" for the folder), and how many it lists, if that is plain."""

    files: Mapping[str, bytes]
    name: str
    rows: int | None

    def write(self, folder: Path) -> str:
        """Write the files to a folder -> the path to read."""
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return str(folder / self.name)


def paths(known: Sequence[str]) -> st.SearchStrategy[str]:
    """Paths of recordings, most of them there."""
    return st.one_of(st.sampled_from(known), st.sampled_from(known), ODD_PATHS)


@st.composite
def rows(draw, known: Sequence[str]) -> list[dict[str, str]]:
    """Rows by column, some columns under odd names; every value a text."""
    values = {
        **{"path": paths(known), "text": TEXTS, "speaker": SPEAKERS, "part": PARTS, "start": NUMBERS},
        **{"end": NUMBERS, "seconds": NUMBERS, "channel": CHANNELS, "language": LANGUAGES},
        **{"name": st.one_of(st.integers(0, 3).map(str), st.text(max_size=3)), "gender": TEXTS},
    }
    optional = draw(st.sets(st.sampled_from(sorted(values.keys() - {"path", "text"})), max_size=5))
    fields = ["path", "text", *sorted(optional)]
    names = {field: draw(st.sampled_from(COLUMNS[field])) for field in fields}
    if draw(st.booleans()):
        names = {
            field: draw(st.sampled_from([name.upper(), f" {name}", name.replace("_", " ")]))
            for field, name in names.items()
        }
    count = draw(st.integers(0, 5))
    return [{names[field]: draw(values[field]) for field in fields} for _ in range(count)]


def _encoded(text: str, encoding: str, packed: bool) -> bytes:
    content = text.encode(encoding, "replace")
    return gzip.compress(content) if packed else content


@st.composite
def tables(draw, known: Sequence[str]) -> Written:
    """A CSV or TSV, quoted as its separator asks for, with empty lines."""
    listed = draw(rows(known))
    ending, delimiter = draw(
        st.sampled_from(
            [(".csv", ","), (".csv", ";"), (".csv", "|"), (".csv", "\t"), (".tsv", "\t"), (".CSV", ",")]
        )
    )
    file = io.StringIO(newline="")
    end = draw(LINE_ENDS)
    head = list(listed[0]) if listed else ["path", "text"]
    if delimiter in "\t|":
        clean = str.maketrans(dict.fromkeys("\t|\r\n", " "))
        lines = [head, *(row.values() for row in listed)]
        file.write(end.join(delimiter.join(value.translate(clean) for value in line) for line in lines))
    else:
        quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        writer = csv.DictWriter(file, head, delimiter=delimiter, lineterminator=end, quoting=quoting)
        writer.writeheader()
        writer.writerows(listed)
    packed = draw(st.booleans())
    text = (
        draw(st.sampled_from(["", "", end, f"sep={delimiter}{end}"]))
        + file.getvalue()
        + end * draw(st.integers(0, 2))
    )
    name = f"m{ending}" + (".gz" if packed else "")
    counted = [row for row in listed if any(value.strip() for value in row.values())]
    return Written({name: _encoded(text, draw(ENCODINGS), packed)}, name, len(counted))


@st.composite
def objects(draw, known: Sequence[str]) -> Written:
    """JSON: lines, a list, or objects by id; some values of other types."""
    listed: list[dict[str, object]] = [
        {
            name: draw(st.one_of(st.just(value), st.just(value), st.just(value), ODD_VALUES))
            for name, value in row.items()
            if draw(st.integers(0, 9))
        }
        for row in draw(rows(known))
    ]
    ascii_only = draw(st.booleans())
    dumped = [json.dumps(row, ensure_ascii=ascii_only) for row in listed]
    kind = draw(st.sampled_from(["lines", "list", "by id", "cut off"]))
    if kind == "list":
        text = f"[{', '.join(dumped)}]"
    elif kind == "by id":
        text = json.dumps({f"u{place}": row for place, row in enumerate(listed)})
    else:
        text = draw(LINE_ENDS).join(dumped)
        text = text[: draw(st.integers(0, len(text)))] if kind == "cut off" else text
    ending = draw(st.sampled_from([".json", ".jsonl", ".ndjson", ".jsonl.gz"]))
    packed = ending.endswith(".gz")
    # one object of objects cannot be told from objects by id
    sure = kind in ("lines", "list") and not (len(listed) == 1 and kind == "lines")
    return Written(
        {f"m{ending}": _encoded(text, draw(ENCODINGS), packed)}, f"m{ending}", len(listed) if sure else None
    )


@st.composite
def kaldi_folders(draw, known: Sequence[str]) -> Written:
    """wav.scp, text and whichever others; ids that some of them lack."""
    ids = draw(st.lists(st.sampled_from(["u1", "u2", "u3", "é", "u-4"]), unique=True, max_size=4))
    some = st.lists(st.sampled_from(["u1", "u2", "u3", "é", "gone"]), unique=True, max_size=4)
    gap, end = draw(st.sampled_from([" ", "\t", "  "])), draw(LINE_ENDS)

    def lines(names: Sequence[str], values: st.SearchStrategy[str]) -> bytes:
        return end.join(f"{name}{gap}{draw(values)}" for name in names).encode(encoding, "replace")

    encoding = draw(ENCODINGS)
    segment = st.one_of(
        st.tuples(st.sampled_from(["u1", "u2", "gone"]), NUMBERS, NUMBERS).map(" ".join),
        st.tuples(st.sampled_from(["u1", "u2"]), NUMBERS, NUMBERS, CHANNELS).map(" ".join),
    )
    files = {
        "wav.scp": lines(ids, paths([*known, "sox x -t wav - |", "x.ark:12"])),
        "text": lines(draw(some), TEXTS),
    }
    more = {"utt2spk": SPEAKERS, "utt2lang": LANGUAGES, "spk2gender": TEXTS, "segments": segment}
    for name in draw(st.sets(st.sampled_from(sorted(more)))):
        files[name] = lines(draw(some), more[name])
    return Written({f"kaldi/{name}": content for name, content in files.items()}, "kaldi", None)


@st.composite
def cuts(draw, known: Sequence[str]) -> Written:
    """Cuts as Lhotse writes them, some with fields of other types or without them."""
    listed = []
    for place in range(draw(st.integers(1, 4))):
        source = {
            "type": draw(st.sampled_from(["file", "file", "url", "command"])),
            "channels": [0],
            "source": draw(paths(known)),
        }
        recording = {
            "id": "r",
            "sources": [source],
            "sampling_rate": 8000,
            "num_samples": 4000,
            "duration": 0.5,
            "channel_ids": [0],
        }
        said = [
            {
                "id": "s",
                "recording_id": "r",
                "start": 0.0,
                "duration": 0.4,
                "text": draw(TEXTS),
                "speaker": draw(SPEAKERS),
            }
            for _ in range(draw(st.integers(0, 2)))
        ]
        cut: dict[str, object] = {
            "id": f"c{place}",
            "start": draw(st.floats(-1, 1)),
            "duration": draw(st.floats(-1, 2)),
            "channel": 0,
        }
        cut |= {
            "supervisions": said,
            "recording": recording,
            "type": "MonoCut",
            "custom": {"split": draw(PARTS)},
        }
        if not draw(st.integers(0, 5)):
            cut[draw(st.sampled_from(sorted(cut)))] = draw(ODD_VALUES)
        listed.append(cut)
    text = "\n".join(map(json.dumps, listed))
    ending = draw(st.sampled_from([".jsonl", ".jsonl.gz"]))
    return Written({f"m{ending}": _encoded(text, "utf-8", ending.endswith("gz"))}, f"m{ending}", len(listed))


@st.composite
def noise(draw) -> Written:
    """Files that are no manifest at all."""
    name = draw(st.sampled_from(["m.csv", "m.tsv", "m.json", "m.jsonl", "m.csv.gz", "m.jsonl.gz"]))
    mark = draw(st.sampled_from([b"", b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"\x1f\x8b"]))
    return Written({name: mark + draw(st.binary(max_size=60))}, name, None)


def manifests(known: Sequence[str]) -> st.SearchStrategy[Written]:
    """Manifests of every kind over recordings with these paths."""
    return st.one_of(tables(known), objects(known), kaldi_folders(known), cuts(known), noise())
