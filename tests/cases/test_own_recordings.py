"""What once went wrong with users' own recordings: each is right, or refused by name."""

import numpy as np
import pytest

from components.speech.corpus import read_corpus
from tests.cases.cases import (
    assert_alike,
    error_rate,
    look,
    make,
    message,
    read,
    reasons,
    refusal,
    said,
    speakers,
    verdicts,
)

PEOPLE = {"george", "jackson", "lucas", "nicolas", "theo", "yweweler"}
THREE_WORDS = {"one": 30, "two": 30, "six": 30}
ALL_ASIDE = (
    "All {count} recordings of the corpus '{path}' had to be set aside: {why} ({count}); first {first!r}. "
)
MEND = "Mend these files or give other ones."


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Name of a case -> the folder of its data."""
    folder = tmp_path_factory.mktemp("cases")
    return lambda case: make(case, folder)


def is_whole(corpus) -> bool:
    """Whether a corpus has the 90 clips of three words by six people that most cases are made of."""
    return said(corpus) == THREE_WORDS and set(speakers(corpus)) == PEOPLE and not corpus.set_aside


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


@pytest.mark.parametrize(
    ("name", "code"), [("zh-CN", "cmn"), ("cmn", "cmn"), ("ru", "ru"), ("ru-none", "none"), ("none", "none")]
)
def test_05_a_named_language_finds_its_voice(made, name, code):
    corpus = read(made("05-language-map") / f"{name}.csv")
    assert len(corpus) == 90 and corpus.language == code
    assert ("language-not-named" in verdicts(corpus)) == (code == "none")
    assert corpus.unit == ("word" if name.startswith("ru") else "character")


def test_06_quotation_marks_are_text_between_bars_and_an_error_when_open(made):
    folder = made("06-unbalanced-quote")
    assert is_whole(read(folder / "pipe.csv")) and is_whole(read(folder / "tab.txt.csv"))
    assert refusal(folder / "comma.csv") == (
        f'{folder / "comma.csv"}, line 12: a quotation mark (") opens and is not closed there (it goes on to '
        'line 42); close it, or write it twice ("") where it is part of the text.'
    )


def test_07_copies_are_set_aside_and_contradictions_stop(made):
    folder = made("07-duplicates-leak")
    declared, contradiction = read(folder / "declared.csv"), read(folder / "contradiction.csv")
    assert declared.parts.count("train") == 36 and declared.parts.count("test") == 54
    assert reasons(declared)["one_george_0.wav"] == "sounds exactly like session0_0.wav"
    assert len(declared.set_aside) == 54 and verdicts(declared)["copies"] == "look"
    assert len(contradiction) == 36 and verdicts(contradiction)["two-texts"] == "stop"
    assert reasons(contradiction)["one_george_0.wav"] == (
        "the same sound has two texts: 'one', and 'two' in session0_0.wav"
    )
    undeclared = read(folder / "undeclared.csv")
    assert len(undeclared) == 90 and set(speakers(undeclared)) == PEOPLE


def test_08_a_speaker_in_several_spellings_is_one(made):
    corpus = read(made("08-speaker-spellings") / "m.csv")
    assert set(speakers(corpus)) == PEOPLE - {"theo"} | {"thé"} and said(corpus) == THREE_WORDS
    assert verdicts(corpus) == {"speaker-spellings": "look"}
    assert message(corpus, "speaker-spellings").startswith(
        "6 speakers are written in several ways and were taken for one person each: 6 speakers, not 18."
    )


@pytest.mark.parametrize("name", ["empty", "unknown"])
def test_10_recordings_without_a_speaker_stay_out_of_the_split(made, name):
    corpus = read(made("10-speakers-partly-missing") / f"{name}.csv")
    assert speakers(corpus).count("") == 54 and verdicts(corpus) == {"speakers-missing": "look"}
    assert look(corpus).facts["split"].endswith("54 without a speaker not used")


def test_11_the_speaker_of_most_recordings_does_not_test(made):
    corpus = read(made("11-dominating-speaker") / "m.csv")
    assert look(corpus).facts["split"] == (
        "by speaker, as the corpus declares none: 150 utterances by 1 speaker train, "
        "36 utterances by 4 speakers test"
    )


def test_12_a_declared_validation_part_tests_where_there_is_no_test(made):
    folder = made("12-train-valid-only")
    assert look(read(folder / "m.csv")).facts["split"] == (
        "the corpus's own, tested on its dev part, as it has no test part: 60 utterances "
        "by 4 speakers train, 30 utterances by 2 speakers test"
    )
    assert look(read(folder / "three.csv")).facts["split"] == (
        "the corpus's own: 60 utterances by 4 speakers train, 15 utterances by 1 speaker test; "
        "15 of part dev not used"
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


def test_19_a_constant_offset_changes_nothing(made):
    folder = made("19-dc-offset")
    plain, half = (error_rate(read(folder / f"{name}.csv")) for name in ("plain", "half"))
    assert plain < 0.3 and abs(half - plain) < 0.04


def test_20_tags_are_taken_out(made):
    corpus = read(made("20-text-tags") / "m.csv")
    assert (
        set(said(corpus)) == {"one", "two", "six"}
        and len(corpus) == 90
        and verdicts(corpus) == {"tags": "look"}
    )
    assert reasons(corpus)["silence.wav"] == "no text"
    assert message(corpus, "tags").startswith(
        "31 of 91 transcripts hold tags, which nobody says; these were left out. In 3 of them a tag stands "
        "for words, so that more is said than the text has."
    )


def test_21_digits_and_words_are_one_word(made):
    digits, words = (read(made("21-numbers") / name) for name in ("m.csv", "words.csv"))
    assert_alike(digits, words)
    assert verdicts(digits) == {"numbers": "look"} and verdicts(words) == {}


def test_22_scripts_without_spaces_are_taken_by_character(made):
    joined, spaced = (read(made("22-unspaced-scripts") / name) for name in ("cmn.csv", "cmn_spaced.csv"))
    assert_alike(joined, spaced)
    assert joined.unit == "character" and verdicts(joined) == {}
    assert joined.reading["errors counted in"] == "characters (CER), as the script has no spaces"
    assert {unit for text in joined.texts for unit in text.split()} == set("零一二三")
    assert error_rate(joined, name="mfcc-gmm-hmm") < 0.1


def test_23_turkish_has_two_letters_i(made):
    mixed, lower = (read(made("23-turkish-i") / name) for name in ("m.csv", "lower.csv"))
    assert_alike(mixed, lower)
    assert said(mixed) == {"iki": 30, "ışık": 30, "altı": 30}


NAMED_COLUMNS = "hf_metadata speechbrain fluent label command normalized both Text spk user coqui utt"


@pytest.mark.parametrize("name", [*(f"{name}.csv" for name in NAMED_COLUMNS.split()), "fairseq.tsv"])
def test_27_columns_of_well_known_tools_are_read(made, name):
    assert is_whole(read(made("27-columns") / name))


def test_27_a_table_without_names_of_columns_says_so(made):
    path = made("27-columns") / "metadata.csv"
    assert refusal(path).startswith(f"{path} lacks columns (path: path, audio_filepath, ")
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


@pytest.mark.parametrize("name", ["m.csv", "declared.csv"])
def test_33_words_that_are_tested_and_never_trained_stop(made, name):
    corpus = read(made("33-unseen-words") / name)
    assert len(corpus) == 72 and verdicts(corpus) == {"unseen-words": "stop"}
    assert message(corpus, "unseen-words").startswith("100 % of the tested words stand in no training text.")


def test_35_texts_that_are_numbers_are_told(made):
    corpus = read(made("35-integer-labels") / "m.csv")
    assert said(corpus) == {"0": 30, "1": 30, "2": 30}
    assert verdicts(corpus) == {"numbers-only": "look", "pronounced-by-rules": "look"}


@pytest.mark.parametrize("name", ["plain", "tabs", "crlf"])
def test_37_kaldi_folders_with_any_white_space(made, name):
    corpus = read(made("37-kaldi-odds") / name)
    assert is_whole(corpus) and corpus.language == "en-us"


def test_37_what_is_wrong_in_a_kaldi_folder_is_told(made):
    folder = made("37-kaldi-odds")
    assert refusal(folder / "notext") == (
        f"{folder / 'notext'} has wav.scp and no file text; write one, a line 'ID WORDS ...' for each."
    )
    backwards = "a segment that ends before it begins: 0.30 to 0.10 s"
    for name, why in {
        "reversed": backwards,
        "pipe": "a command in wav.scp: commands are not run, write its output to a file",
        "pipespace": "a command in wav.scp: commands are not run, write its output to a file",
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


def test_45_phrases_that_repeat_are_classes(made):
    phrases = read(made("45-one-odd-text") / "phrases.csv")
    assert said(phrases) == {"turn on": 30, "turn off": 30, "go up": 30} and verdicts(phrases) == {}
    assert error_rate(phrases) < 0.3


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
