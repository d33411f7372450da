"""Corpora as other tools write them, which gave a wrong answer without a word, or none without the way out.

- Windows of Lhotse's cuts: a text was taught on half of its sound, and counted in two cuts.
- Lhotse's recordings and supervisions without cuts, LJSpeech's metadata.csv as a file, lists of speech
  synthesis, WeNet's data.list, FunASR's source and target, arrays in Parquet, JSON beside audio and JSON by
  lists of columns were refused, the last as one recording of a very long name.
- Several references of a text were joined into one.
- What Common Voice's listeners had rejected was used.
- Paths of another machine, of names alone, with %20, another ending or in other letters led nowhere.
- Commands in wav.scp that only decode a file were set aside; a folder of features was "no manifest".
- Floating-point samples in units of 16 bits were 90 dB too loud; f?nf was two words without a word on it.
- Mac's ._files counted as manifests.
"""

import json
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from components.speech.corpus.readers.lhotse_cuts import AGAIN, OUTSIDE
from tests.cases.cases import message, read, reasons, refusal, said, speakers, verdicts

WORDS = {1: "one", 2: "two", 6: "six"}
PEOPLE = ("george", "jackson", "lucas", "theo")
RATE = 8000


@pytest.fixture
def rows(home, spoken):
    """Name, word and speaker of a file in wavs/ for each word and speaker, written there."""
    (home / "wavs").mkdir()
    for digit, word in WORDS.items():
        for who in PEOPLE:
            soundfile.write(home / "wavs" / f"{word}_{who}.wav", spoken(digit, who), RATE)
    return [(f"{word}_{who}", word, who) for word in WORDS.values() for who in PEOPLE]


def lines(path, values):
    path.write_text(
        "".join(f"{value if isinstance(value, str) else json.dumps(value)}\n" for value in values)
    )
    return path


def is_whole(corpus):
    assert said(corpus) == dict.fromkeys(WORDS.values(), len(PEOPLE)) and not corpus.set_aside
    return True


@pytest.fixture
def long_recordings(home, spoken):
    """Lhotse's recordings and supervisions of a file a speaker, who says all words."""
    from lhotse import Recording, RecordingSet, SupervisionSegment, SupervisionSet

    found, segments = [], []
    for who in PEOPLE:
        at, pieces = 0, []
        for digit, word in WORDS.items():
            samples, begin = spoken(digit, who), at / RATE
            supervision = SupervisionSegment(f"{who}-{word}", who, begin, len(samples) / RATE, 0, text=word)
            segments.append(supervision)
            supervision.speaker = who
            pieces += [samples, np.zeros(400, np.float32)]
            at += len(samples) + 400
        soundfile.write(home / f"{who}.wav", np.concatenate(pieces), RATE)
        found.append(Recording.from_file(home / f"{who}.wav"))
    return RecordingSet.from_recordings(found), SupervisionSet.from_segments(segments)


def test_windows_of_lhotse_teach_no_text_that_is_not_heard(home, long_recordings):
    from lhotse import CutSet

    cuts = CutSet.from_manifests(*long_recordings)
    cuts.cut_into_windows(0.5).to_file(home / "windows.jsonl.gz")
    corpus = read(home / "windows.jsonl.gz")
    assert sum(len(text.split()) for text in corpus.texts) < 6
    assert {reason for reason in reasons(corpus).values() if "supervision" in reason} == {OUTSIDE}
    words = list(cuts.trim_to_supervisions(keep_overlapping=False))
    again = [cut.with_id(f"{cut.id}-again") for cut in words]
    CutSet.from_cuts([*words, *again]).to_file(home / "twice.jsonl")
    twice = read(home / "twice.jsonl")
    assert is_whole(replace(twice, set_aside=[])) and list(reasons(twice).values()) == [AGAIN] * 12
    cuts.truncate(max_duration=0.2, offset_type="start").to_file(home / "truncated.jsonl")
    assert "reaches outside of its cut" in refusal(home / "truncated.jsonl")
    cuts.trim_to_supervisions(keep_overlapping=False).to_file(home / "trimmed.jsonl")
    assert is_whole(read(home / "trimmed.jsonl"))


def test_recordings_and_supervisions_of_lhotse_are_read_together(home, long_recordings):
    for manifest, name in zip(long_recordings, ("recordings", "supervisions"), strict=True):
        manifest.to_file(home / f"digits_{name}_all.jsonl.gz")
    corpus = read(home)
    assert is_whole(corpus) and set(speakers(corpus)) == set(PEOPLE) and max(corpus.clips.seconds) < 1


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("metadata.csv", "{n}|{w}|{w}"),
        ("filelist.txt", "wavs/{n}.wav|{s}|{w}"),
        ("train.list", "wavs/{n}.wav|{w}"),
        ("transcripts.txt", "{n} {w}"),
        ("m.csv", 'wavs/{n}.wav, "{w}", {p}'),
        ("data.list", '{{"key": "{n}", "wav": "wavs/{n}.wav", "txt": "{w}"}}'),
        ("f.jsonl", '{{"key": "{n}", "source": "wavs/{n}.wav", "target": "{w}"}}'),
        ("m.jsonl", '{{"path": "wavs/{n}.wav", "text": {{"en": "{w}"}}, "speaker": {{"id": "{p}"}}}},'),
    ],
)
def test_lists_and_lines_of_other_tools(home, rows, name, form):
    head = ["path, text, speaker"] if name == "m.csv" else []
    body = [form.format(n=n, w=w, p=p, s=PEOPLE.index(p)) for n, w, p in rows]
    corpus = read(lines(home / name, [*head, *body]))
    named = "{s}" in form or "{p}" in form
    assert is_whole(corpus) and len(set(speakers(corpus))) == (len(PEOPLE) if named else 1)


def test_json_by_lists_of_columns(home, rows):
    columns = {"path": [f"wavs/{name}.wav" for name, _, _ in rows], "text": [word for _, word, _ in rows]}
    assert is_whole(read(lines(home / "m.json", [columns])))
    split = {"columns": list(columns), "data": [list(row) for row in zip(*columns.values(), strict=True)]}
    assert is_whole(read(lines(home / "split.json", [split])))


def test_several_references_are_refused(home, rows):
    path = lines(home / "m.jsonl", [{"path": f"wavs/{n}.wav", "text": [w, w.upper()]} for n, w, _ in rows])
    assert refusal(path) == (
        f"{path}, line 1: expected one text in 'text', got a list of 2: ['one', 'ONE']; keep one text, words "
        "between blanks."
    )


def test_what_listeners_rejected_is_set_aside(home, rows):
    head = "client_id\tpath\tsentence\tup_votes\tdown_votes"
    body = [f"{p}\twavs/{n}.wav\t{w}\t2\t{3 * (w == 'six')}" for n, w, p in rows]
    corpus = read(lines(home / "m.tsv", [head, *body]))
    assert set(said(corpus)) == {"one", "two"} and set(reasons(corpus).values()) == {
        "more votes against it than for it"
    }


@pytest.mark.parametrize(
    "form",
    [
        *("/home/ann/wavs/{n}.wav", "C:\\ann\\wavs\\{n}.wav", "{n}.wav", "{n}", "wavs/{n}.mp3"),
        *("Wavs/{n}.WAV", "file:///home/ann/wavs/{n}.wav"),
    ],
)
def test_paths_of_another_machine(home, rows, form):
    body = [f"{form.format(n=n)},{w},{p}" for n, w, p in rows]
    corpus = read(lines(home / "m.csv", ["path,text,speaker", *body]))
    assert is_whole(corpus) and verdicts(corpus)["paths"] == "look"
    assert "12 of 12 were found elsewhere" in message(corpus, "paths")


def test_escapes_in_paths(home, rows):
    body = [f"wavs/{n.replace('_', '%5F')}.wav,{w},{p}" for n, w, p in rows]
    corpus = read(lines(home / "m.csv", ["path,text,speaker", *body]))
    assert is_whole(corpus) and "paths" not in verdicts(corpus)


def test_commands_and_features_of_kaldi(home, rows):
    (home / "k").mkdir()
    lines(home / "k" / "text", [f"{n} {w}" for n, w, _ in rows])
    lines(home / "k" / "feats.scp", [f"{n} raw.ark:{at}" for at, (n, _, _) in enumerate(rows)])
    assert refusal(home / "k").endswith(
        "got feats.scp, whose features are no recordings; give the folder from which it was made, or write "
        "wav.scp into it."
    )
    lines(home / "k" / "wav.scp", [f"{n} sox ../wavs/{n}.wav -t wav - |" for n, _, _ in rows])
    corpus = read(home / "k")
    assert is_whole(corpus) and "which are never run" in message(corpus, "commands")
    lines(home / "k" / "wav.scp", [f"{n} sox ../wavs/{n}.wav -t wav - speed 0.9 |" for n, _, _ in rows])
    assert "a command in wav.scp: commands are not run, write its output to a file" in refusal(home / "k")


def test_floats_in_units_of_16_bits(home, rows, spoken):
    for name, word, who in rows:
        digit = next(number for number, text in WORDS.items() if text == word)
        soundfile.write(home / "wavs" / f"{name}.wav", 32768 * spoken(digit, who), RATE, subtype="FLOAT")
    corpus = read(lines(home / "m.csv", ["path,text", *(f"wavs/{n}.wav,{w}" for n, w, _ in rows)]))
    assert is_whole(corpus) and max(np.abs(clip.samples).max() for clip in corpus.clips) <= 1


def test_a_question_mark_within_a_word_is_told(home, rows):
    body = [f"wavs/{n}.wav,{'f?nf' if w == 'six' else w},{p}" for n, w, p in rows]
    corpus = read(lines(home / "m.csv", ["path,text,speaker", *body]))
    assert message(corpus, "encoding").startswith("4 of 12 transcripts have a question mark within a word")


def test_hidden_files_are_no_manifests(home, rows):
    lines(home / "m.csv", ["path,text,speaker", *(f"wavs/{n}.wav,{w},{p}" for n, w, p in rows)])
    (home / "._m.csv").write_bytes(b"\0\5\x16\7")
    assert is_whole(read(home))


def test_objects_of_json_beside_audio(home, rows):
    for name, word, who in rows:
        lines(home / "wavs" / f"{name}.json", [{"text": word, "speaker": who}])
    corpus = read(home / "wavs")
    assert is_whole(corpus) and set(speakers(corpus)) == set(PEOPLE)
