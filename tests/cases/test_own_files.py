"""How users' own recordings are listed: what once went wrong is right, or refused by name."""

import numpy as np
import pytest

from components.speech.corpus import read_corpus
from tests.cases.cases import (
    ALL_ASIDE,
    MEND,
    PEOPLE,
    THREE_WORDS,
    assert_alike,
    error_rate,
    is_whole,
    look,
    message,
    read,
    reasons,
    refusal,
    said,
    speakers,
    verdicts,
)


def test_01_segments_may_be_given_by_their_end(made):
    by_end, by_length = (
        read(made("01-csv-start-end") / f"{name}.csv") for name in ("start_end", "start_duration")
    )
    assert is_whole(by_end) and max(clip.seconds for clip in by_end.clips) < 1
    assert_alike(by_end, by_length, rounded=8)
    assert abs(error_rate(by_end) - error_rate(by_length)) < 0.07 and error_rate(by_end) < 0.2
    table = (made("01-csv-start-end") / "start_end.csv").read_text()
    alone = made("01-csv-start-end") / "start.csv"
    alone.write_text("\n".join(line.rpartition(",")[0] for line in table.splitlines()))
    assert refusal(alone) == (
        f"{alone} has a column 'start', where segments start, and none where they end; add end or duration "
        "(in seconds), or take the column out if each row is a whole file."
    )


def test_02_a_line_of_segments_may_end_in_a_channel(made):
    with_channel, plain = (
        read(made("02-kaldi-segments-channel") / name) for name in ("with_channel", "plain")
    )
    assert is_whole(with_channel)
    assert_alike(with_channel, plain)


def test_04_a_cut_with_two_speakers_is_set_aside(made):
    path = made("04-lhotse-two-speakers") / "cuts.jsonl.gz"
    why = "2 speakers (george, jackson); lhotse cut trim-to-supervisions"
    assert refusal(path) == ALL_ASIDE.format(count=30, path=path, why=why, first="d0") + MEND


def test_06_quotation_marks_are_text_between_bars_and_an_error_when_open(made):
    folder = made("06-unbalanced-quote")
    assert is_whole(read(folder / "pipe.csv")) and is_whole(read(folder / "tab.txt.csv"))
    assert refusal(folder / "comma.csv") == (
        f'{folder / "comma.csv"}, line 12: a quotation mark (") opens and is not closed there (it goes on to '
        'line 42); close it, or write it twice ("") where it is part of the text.'
    )


def test_14_ids_may_count_anew_in_each_part(made):
    corpus = read(made("14-ids-restart") / "tables")
    assert is_whole(corpus) and corpus.parts.count("train") == 60 and corpus.parts.count("test") == 30
    assert {"train/0", "test/0"} <= {clip.name for clip in corpus.clips}


def test_15_names_that_repeat_are_no_ids(made):
    people, classes = (read(made("15-name-column") / name) for name in ("m.csv", "id.csv"))
    assert len(people) == 90 and is_whole(classes) and verdicts(classes) == {"ids": "look"}
    assert verdicts(people) == {"split": "stop", "ids": "look", "speakers-missing": "look"}
    assert message(people, "ids") == (
        "Recordings are named by their paths, as the ids repeat (6 for 90 recordings; 'George' 15 times). "
        "If the column says who speaks, call it speaker."
    )


def test_16_a_headerless_file_is_set_aside(made):
    corpus = read(made("16-raw-file") / "m.csv")
    assert len(corpus) == 89 and reasons(corpus) == {
        "one_jackson_2.raw": "headerless (.raw): its rate is not known; convert it, as with "
        "sox -t raw -r 16000 -e signed -b 16 -c 1 x.raw x.wav"
    }


NAMED_COLUMNS = "hf_metadata speechbrain fluent label command normalized both Text spk user coqui utt"


@pytest.mark.parametrize("name", [*(f"{name}.csv" for name in NAMED_COLUMNS.split()), "fairseq.tsv"])
def test_27_columns_of_well_known_tools_are_read(made, name):
    assert is_whole(read(made("27-columns") / name))


def test_27_a_list_without_names_of_columns_is_read(made):
    assert said(read(made("27-columns") / "metadata.csv")) == THREE_WORDS
    corpus = read(made("27-columns") / "deepspeech.csv")
    assert message(corpus, "no-speaker-column") == (
        "No column is known to name speakers; not read: wav_filesize. If one of them does, call it speaker."
    )


@pytest.mark.parametrize(
    "name", ["utf-8.csv", "utf-8-sig.csv", "utf-16.csv", "sep.csv", "bom.jsonl", "kaldi"]
)
def test_28_marked_encodings_are_read(made, name):
    corpus = read(made("28-encodings") / name)
    assert said(corpus) == {"más": 30, "año": 30, "qué": 30} and set(speakers(corpus)) == PEOPLE


@pytest.mark.parametrize(
    ("name", "line", "byte"), [("cp1252.csv", 2, "e1"), ("mac_roman.csv", 2, "87"), ("latin.jsonl", 1, "e1")]
)
def test_28_other_encodings_are_named_with_the_way_out(made, name, line, byte):
    path = made("28-encodings") / name
    assert refusal(path) == (
        f"{path}, line {line}: expected UTF-8, got the byte 0x{byte}, as in Windows-1252 or another old "
        "encoding; save it as UTF-8 (in Excel: CSV UTF-8)."
    )


def test_28_text_that_was_encoded_twice_stops(made):
    assert verdicts(read(made("28-encodings") / "mojibake.csv"))["encoding"] == "stop"


def test_29_paths_in_other_spellings_are_found_and_addresses_named(made):
    folder = made("29-paths")
    corpus = read(folder / "m.csv")
    names, why = {clip.name for clip in corpus.clips}, reasons(corpus)
    assert len(names) + len(why) == 52
    found = [name for name in names | why.keys() if "\\" in name or name.startswith("file://") or "é" in name]
    assert len(found) == 9 and not any("no such file" in why.get(name, "") for name in found)
    assert why["https://example.org/george_h.wav"] == (
        "an address, not a file: https://example.org/george_h.wav; download it first"
    )
    assert why["george_UP.wav"] == f"no such file: {folder / 'george_UP.wav'}; there is 'george_UP.WAV'"
    assert why["george_ext"] == f"no such file: {folder / 'george_ext'}; there is 'george_ext.wav'"


@pytest.mark.parametrize("name", ["plain", "tabs", "crlf"])
def test_37_kaldi_folders_with_any_white_space(made, name):
    corpus = read(made("37-kaldi-odds") / name)
    assert is_whole(corpus) and corpus.language == "en-us"


@pytest.mark.parametrize("name", ["pipe", "pipespace"])
def test_37_a_file_that_a_command_decodes_is_read(made, name):
    corpus = read(made("37-kaldi-odds") / name)
    assert is_whole(corpus) and verdicts(corpus)["commands"] == "look"


def test_37_what_is_wrong_in_a_kaldi_folder_is_told(made):
    folder = made("37-kaldi-odds")
    assert refusal(folder / "notext") == (
        f"{folder / 'notext'} has wav.scp and no file text; write one, a line 'ID WORDS ...' for each."
    )
    backwards = "a segment that ends before it begins: 0.30 to 0.10 s"
    for name, why in {
        "reversed": backwards,
        "ark": "a place in a Kaldi archive (.ark); write files with Kaldi's wav-copy",
    }.items():
        expected = ALL_ASIDE.format(count=90, path=folder / name, why=why, first="george-one-0")
        assert refusal(folder / name) == expected + MEND
    bad = read(folder / "badseg")
    assert (
        reasons(bad)["george-one-0"]
        == "segments, line 1: 'george-one-0 0.0 x' is not start and end in seconds"
    )
    assert len(bad) + len(bad.set_aside) == 90
    extra = read(folder / "extra")
    assert len(extra) == 87 and set(reasons(extra).values()) == {"no text"}
    assert look(extra).facts["texts without a recording"] == "2 (first ghost-utt)"
    assert read(folder / "utt2lang").language == "de"
    assert verdicts(read(folder / "noutt2spk")) == {"split": "stop", "speakers-missing": "look"}


@pytest.mark.parametrize("name", ["plain", "split"])
def test_41_the_index_of_pandas_is_no_column(made, name):
    assert is_whole(read(made("41-pandas-index") / f"{name}.csv"))


def test_41_long_recordings_stay_whole(made):
    corpus = read(made("41-pandas-index") / "long.csv")
    assert len(corpus) == 14 and min(clip.seconds for clip in corpus.clips) > 7


def test_43_missing_files_are_not_taken_from_the_working_folder(made, monkeypatch):
    folder = made("43-cwd-fallback")
    monkeypatch.chdir(folder / "old")
    corpus = read_corpus(str(folder / "new" / "m.csv"), cache=folder / "cache", workers=1)
    assert reasons(corpus) == {
        f"wavs/{name}.wav": f"no such file: {folder / 'new' / 'wavs' / name}.wav" for name in ("003", "050")
    }


@pytest.mark.parametrize("name", ["m.jsonl.gz", "plain.jsonl.gz"])
def test_47_a_broken_download_is_named(made, name):
    path = made("47-truncated-gz") / name
    assert refusal(path) == f"{path} is cut off or no gzip file; download it, or compress it, again."


def test_48_an_open_quotation_mark_is_found_in_a_long_table(made):
    path = made("48-field-limit") / "m.csv"
    assert refusal(path) == (
        f'{path}, line 4: a quotation mark (") opens and is not closed there (it goes on to line 6001); '
        'close it, or write it twice ("") where it is part of the text.'
    )


def test_samples_are_those_of_the_files(made):
    folder = made("16-raw-file")
    import soundfile

    clip = read(folder / "m.csv").clips[0]
    assert np.allclose(clip.samples, soundfile.read(folder / clip.name, dtype="float32")[0], atol=1e-6)
