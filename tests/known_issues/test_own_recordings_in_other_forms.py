"""Forms in which people have their recordings, and which gave a wrong answer without a word, or lost clips.

- reco2file_and_channel was not read: both people of a telephone call were mixed, and short segments did not
  show it.
- Of NeMo's segments without a length the one that starts at 0 was the whole file.
- Starts and ends under other names (from, xmin, startTime, "Start (s)") were not read, and neither were
  columns onset and offset; in milliseconds or samples they were "too long".
- The texts nan and N/A were words. The second of two columns of one name was dropped.
- spk1, spk01 and spk-1; 1, 1.0 and 01; "Smith, Ann" and "Ann Smith" were several speakers, as were ann_1.1x
  and ann_reverb: one voice on both sides of the split. Copies of a recording at another speed were further
  recordings.
- spk2utt without utt2spk was not read.
- A part all of whose recordings were copies vanished, and the split was drawn anew "as the corpus declares
  none"; so it was with a dev part alone, a column fold or set, and metadata.csv whose paths begin with
  train/ and test/.
- A folder cv/ beside train/ and test/ was passed over, with all its recordings.
- Most of a corpus with a second text for nearly the same sound was only worth a look.
- Kanji were pronounced "Chinese letter" where kana stood beside them; Korean was taken for misread.
- Two scripts for one word were told only where one was rare; Latin letters in Hebrew or Chinese were not.
- One word with and without vowel signs, stress, hamza, ß or an okina was two; &amp; was the word amp; 5시
  kept its digit; 1990 was one thousand nine hundred and ninety; *cough* and %uh were words; a Hebrew
  acronym was two words.
- A truncated AIFF, AU, Wave64, RF64, NIST or Ogg file was read as far as it goes. GSM in WAV was
  "unseekable".
- Names of folders were what is said where they are people and files are called one_1.wav.
"""

import json

import numpy as np
import pytest
import soundfile

from components.speech.corpus import normalise
from components.speech.corpus.codes import without_codes
from components.speech.corpus.numbers import write_out
from components.speech.corpus.speakers import name_speakers
from components.speech.corpus.spellings import spell_alike
from components.speech.corpus.tags import without_tags
from components.speech.corpus.transcripts import write_alike
from components.speech.lexicon import pronounced_by
from tests.cases.cases import look, message, read, reasons, refusal, said, speakers, verdicts

WORDS = {1: "one", 2: "two", 6: "six"}
PEOPLE = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
RATE = 8000


@pytest.fixture
def rows(home, spoken):
    """Path, word and speaker of a file for each word and speaker, written there."""
    made = []
    for digit, word in WORDS.items():
        for who in PEOPLE:
            soundfile.write(home / f"{word}_{who}.wav", spoken(digit, who), RATE)
            made.append((f"{word}_{who}.wav", word, who))
    return made


@pytest.fixture
def cut(home, spoken):
    """Path, word, speaker, start and end in seconds: one file a speaker."""
    made = []
    for who in PEOPLE:
        said_by_one, at = [], 0
        for digit, word in WORDS.items():
            samples = spoken(digit, who)
            made.append((f"{who}.wav", word, who, at / RATE, (at + len(samples)) / RATE))
            said_by_one += [samples, np.zeros(400, np.float32)]
            at += len(samples) + 400
        soundfile.write(home / f"{who}.wav", np.concatenate(said_by_one), RATE)
    return made


def table(path, names, lines, between=","):
    """A table of such columns and rows -> its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(between.join(map(str, line)) for line in (names.split(), *lines)) + "\n")
    return path


def is_cut(corpus):
    return set(said(corpus).values()) == {6} and not corpus.set_aside and max(corpus.clips.seconds) < 1


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("from", "to"),
        ("xmin", "xmax"),
        ("t0", "t1"),
        ("startTime", "endTime"),
        ("onset", "offset"),
        ("segment_start", "segment_end"),
        ("start_s", "end_s"),
        ("Start(s)", "End(s)"),
    ],
)
def test_starts_and_ends_have_many_names(home, cut, start, end):
    assert is_cut(read(table(home / "m.csv", f"path text speaker {start} {end}", cut)))


@pytest.mark.parametrize(
    ("unit", "factor", "way_out"),
    [
        ("milliseconds", 1000, "divide by 1000, or call the columns start_ms, end_ms, duration_ms."),
        ("samples", RATE, "divide by the rate of the file."),
    ],
)
def test_other_units_than_seconds_are_named(home, cut, unit, factor, way_out):
    lines = [(*line[:3], round(line[3] * factor), round(line[4] * factor)) for line in cut]
    why = refusal(table(home / "m.csv", "path text speaker start end", lines))
    assert f"as if in {unit}; {way_out}" in why and "expected segments in seconds, got an end at " in why


def test_segments_in_samples_by_name_are_refused_with_the_way_out(home, cut):
    path = table(home / "m.csv", "path text speaker start_sample end_sample", cut)
    assert refusal(path) == (
        f"{path}: the columns start_sample, end_sample look like where segments start and end, and were not "
        "read. "
        "Call them start and end (in seconds) or start_ms and end_ms."
    )


def test_a_segment_without_a_length_is_no_whole_file(home, cut):
    path = home / "m.json"
    lines = [
        dict(audio_filepath=row[0], text=row[1], speaker=row[2], offset=row[3], duration=None) for row in cut
    ]
    lines[1]["duration"] = cut[1][4] - cut[1][3]
    path.write_text("\n".join(map(json.dumps, lines)))
    corpus = read(path)
    assert len(corpus) == 1 and set(reasons(corpus).values()) == {"a start without an end or a duration"}


def kaldi(folder, **files):
    """Files of a Kaldi folder by name -> the folder."""
    folder.mkdir()
    for name, lines in files.items():
        (folder / name.replace("_scp", ".scp")).write_text("".join(f"{line}\n" for line in lines))
    return folder


def call(home, spoken):
    """A Kaldi folder of one call: George on the left channel and Theo on the right, both at once."""
    files = {"wav_scp": ["c-A ../call.wav", "c-B ../call.wav"], "text": [], "segments": [], "utt2spk": []}
    sides = []
    for side, who, digits in (("A", "george", (1, 2, 6)), ("B", "theo", (6, 1, 2))):
        pieces, at = [], 0
        for digit in digits:
            samples, pause = spoken(digit, who), np.zeros(2000 if side == "A" else 3500, np.float32)
            begin = at + len(pause)
            at = begin + len(samples)
            files["segments"].append(f"{who}-{WORDS[digit]} c-{side} {begin / RATE} {at / RATE}")
            files["text"].append(f"{who}-{WORDS[digit]} {WORDS[digit]}")
            files["utt2spk"].append(f"{who}-{WORDS[digit]} {who}")
            pieces += [pause, samples]
        sides.append(np.concatenate([*pieces, np.zeros(30_000 - at, np.float32)]))
    soundfile.write(home / "call.wav", np.stack(sides, axis=1), RATE)
    return files


def test_the_channels_of_a_call_are_not_mixed(home, spoken):
    files = call(home, spoken)
    named = read(kaldi(home / "named", **files, reco2file_and_channel=["c-A call A", "c-B call B"]))
    assert len(named) == 6 and not named.set_aside
    first = next(clip for clip in named.clips if clip.name == "theo-one")
    alone = spoken(1, "theo")
    assert np.abs(first.samples[: len(alone)] - alone).max() < 1e-3
    assert "channels that have nothing in common" in refusal(kaldi(home / "unnamed", **files))


def test_spk2utt_names_the_speakers_where_utt2spk_does_not(home, rows):
    names = [path[:-4] for path, _, _ in rows]
    corpus = read(
        kaldi(
            home / "k",
            wav_scp=[f"{name} ../{name}.wav" for name in names],
            text=[f"{name} {word}" for name, (_, word, _) in zip(names, rows, strict=True)],
            spk2utt=[f"{who} " + " ".join(name for name in names if who in name) for who in PEOPLE],
        )
    )
    assert set(speakers(corpus)) == set(PEOPLE) and corpus.reading["files read"] == "wav.scp, text, spk2utt"


def test_words_that_programs_write_for_no_text(home, rows):
    lines = [
        (path, "NaN" if who == "theo" else "nan" if who == "lucas" else word, who) for path, word, who in rows
    ]
    corpus = read(table(home / "m.csv", "path text speaker", lines))
    assert [item.reason for item in corpus.set_aside] == ["no text"] * 3
    assert message(corpus, "texts-missing").startswith(
        "3 of 18 transcripts are words that programs write for no text: 'nan' (3)."
    )
    assert verdicts(corpus)["set-aside"] == "look"


def test_two_columns_of_one_name_are_refused(home, rows):
    path = table(home / "m.csv", "path text text speaker", [(p, w, w, s) for p, w, s in rows])
    assert (
        refusal(path) == f"{path}, line 1: expected every column once, got 'text' twice; rename one of them."
    )


def test_remarks_stand_above_a_table_and_pages_and_workbooks_are_none(home, rows):
    path = table(home / "m.csv", "path text speaker", rows)
    path.write_text("# 2021, by hand\n\n" + path.read_text())
    assert len(read(path)) == 18
    (home / "page.csv").write_text("<!DOCTYPE html>\n<html>404</html>")
    assert "got a page of the web; download the table again." in refusal(home / "page.csv")
    (home / "book.csv").write_bytes(b"PK\3\4 and so on")
    assert refusal(home / "book.csv").endswith("as Excel's .xlsx is; in Excel save it as CSV UTF-8.")


@pytest.mark.parametrize(
    "spellings",
    [
        ("spk1", "SPK1 ", "spk01", "spk-1", "spk 1", "spk_1"),
        ("1", "1.0", "01", "001"),
        ("Smith, Ann", "Ann Smith"),
        ("ann", "ann_1.1x", "ann-speed0.9", "ann_reverb", "sp1.1-ann", "ann-noise2", "ann_aug"),
    ],
)
def test_one_person_in_many_spellings_is_one(spellings):
    class Recording:
        def __init__(self, who):
            self.speakers = (who,)

    names, checks = name_speakers([Recording(who) for who in (*spellings, "spk2", "21", "bob_1.1x")])
    assert len(set(names[:-3])) == 1 and len(set(names)) == 4
    assert [check.name for check in checks] == ["speaker-spellings"]


def test_altered_copies_are_no_further_recordings(home, rows):
    for path, _, _ in rows:
        samples = soundfile.read(home / path, dtype="float32")[0]
        soundfile.write(
            home / f"{path[:-4]}_1.1x.wav", samples[::2].repeat(2)[: len(samples) * 9 // 10], RATE
        )
    copies = [(f"{path[:-4]}_1.1x.wav", word, f"{who}_1.1x") for path, word, who in rows]
    corpus = read(table(home / "m.csv", "path text speaker", [*rows, *copies]))
    assert len(corpus) == 18 and set(speakers(corpus)) == set(PEOPLE)
    assert reasons(corpus)["one_theo_1.1x.wav"] == (
        "an altered copy of one_theo.wav (at another speed or in noise)"
    )


def test_a_part_of_copies_alone_stops(home, rows):
    (home / "again").mkdir()
    for path, _, _ in rows:
        (home / "again" / path).symlink_to(home / path)
    lines = [(*row, "train") for row in rows]
    lines += [(f"again/{p}", w, s, "test") for p, w, s in rows]
    corpus = read(table(home / "m.csv", "path text speaker split", lines))
    assert verdicts(corpus) == {"part-lost": "stop", "copies": "look", "split-anew": "look"}
    assert message(corpus, "part-lost").startswith(
        "Nothing is left of parts that the corpus declares: train (18);"
    )


def test_half_a_split_and_other_columns_of_a_split_are_told(home, rows):
    dev = read(table(home / "dev.csv", "path text speaker split", [(*row, "dev") for row in rows]))
    assert verdicts(dev) == {"split-anew": "look"}
    assert look(dev).facts["split"].startswith("by speaker, as the corpus declares only dev (18): ")
    fold = read(
        table(home / "fold.csv", "path text speaker fold", [(*row, i % 3) for i, row in enumerate(rows)])
    )
    assert message(fold, "split-not-read").startswith(
        "Columns look like a split and were not read (fold: 0, 1, 2): the corpus is split anew."
    )


@pytest.mark.parametrize(
    ("train", "dev", "test"),
    [
        ("trn", "cv", "eval"),
        ("tr", "dt", "tt"),
        ("train-clean-100", "dev-clean", "test-other"),
        ("train_si284", "test_dev93", "test_eval92"),
        ("train", "validate", "holdout"),
    ],
)
def test_parts_have_many_names(home, rows, train, dev, test):
    names = dict(zip(PEOPLE, (train, train, train, train, dev, test), strict=True))
    corpus = read(table(home / "m.csv", "path text speaker split", [(*row, names[row[2]]) for row in rows]))
    assert [corpus.parts.count(part) for part in ("train", "dev", "test")] == [12, 3, 3]


@pytest.mark.parametrize("name", ["my_{}.csv", "{}_manifest.csv", "{}-clean.csv", "{}/manifest.csv"])
def test_tables_may_be_named_after_parts_among_other_things(home, rows, name):
    parts = dict(zip(PEOPLE, ("train",) * 4 + ("dev", "test"), strict=True))
    for part in ("train", "dev", "test"):
        lines = [(home / p, w, s) for p, w, s in rows if parts[s] == part]
        table(home / "tables" / name.format(part), "path text speaker", lines)
    assert read(home / "tables").parts.count("train") == 12


def test_the_paths_of_hugging_faces_metadata_name_parts(home, rows):
    parts = dict(zip(PEOPLE, ("train",) * 4 + ("validation", "test"), strict=True))
    for path, _, who in rows:
        (home / "set" / parts[who]).mkdir(parents=True, exist_ok=True)
        (home / path).rename(home / "set" / parts[who] / path)
    lines = [(f"{parts[who]}/{path}", word, who) for path, word, who in rows]
    table(home / "set" / "metadata.csv", "file_name transcription speaker_id", lines)
    assert look(read(home / "set")).facts["split"].startswith("the corpus's own: 12 utterances")


def test_folders_of_recordings_beside_those_of_parts_are_not_passed_over(home, rows):
    for path, word, who in rows:
        part = {"theo": "cv", "yweweler": "eval"}.get(who, "trn")
        (home / "set" / part / word).mkdir(parents=True, exist_ok=True)
        (home / path).rename(home / "set" / part / word / f"{who}_0.wav")
    assert refusal(home / "set") == (
        f"{home / 'set' / 'cv'}: expected a part train, dev or test beside eval, trn, got a folder with "
        "recordings "
        "of another name; rename it, or move it away."
    )


def test_folders_of_people_are_not_what_is_said(home, rows):
    for path, word, who in rows:
        (home / "set" / who).mkdir(parents=True, exist_ok=True)
        (home / path).rename(home / "set" / who / f"{word}_0.wav")
    assert verdicts(read(home / "set"))["folders-are-words"] == "stop"


def test_what_a_macs_archive_adds_and_loops_of_links_are_no_recordings(home, rows):
    for path, word, who in rows:
        (home / "set" / word).mkdir(parents=True, exist_ok=True)
        (home / path).rename(home / "set" / word / f"{who}_0.WAV")
        (home / "set" / word / f"._{who}_0.WAV").write_bytes(b"\0\5\x16\7")
    (home / "set" / "__MACOSX" / "one").mkdir(parents=True)
    (home / "set" / "__MACOSX" / "one" / "x.wav").write_bytes(b"nothing")
    (home / "set" / "loop").symlink_to("..")
    corpus = read(home / "set")
    assert len(corpus) == 18 and not corpus.set_aside


def test_many_second_texts_of_nearly_one_sound_stop(home, rows):
    for path, _, _ in rows:
        soundfile.write(home / f"b{path}", soundfile.read(home / path)[0] * 0.5, RATE)
    wrong = [(f"b{path}", "six" if word != "six" else "one", who) for path, word, who in rows]
    corpus = read(table(home / "m.csv", "path text speaker", [*rows, *wrong]))
    assert verdicts(corpus)["same-sound-two-texts"] == "stop"


def test_kanji_are_no_chinese_letter_and_korean_is_read():
    assert pronounced_by(list("今日は良い天気ですコーヒー東京"), "ja") == "graphemes"
    assert pronounced_by(list("コーヒーください"), "ja") == "espeak"
    assert pronounced_by(["안녕하세요", "감사합니다", "둘"], "ko") == "espeak"


@pytest.mark.parametrize(
    ("language", "spellings", "one"),
    [
        ("ar", ["السَّلامُ", "السلام"], "السلام"),
        ("ar", ["أحمد", "احمد", "احمد"], "احمد"),
        ("he", ["שָׁלוֹם", "שלום"], "שלום"),
        ("ru", ["оди́н", "один"], "один"),
        ("ru", ["ёлка", "ёлка", "елка"], "ёлка"),
        ("de", ["straße", "straße", "strasse"], "straße"),
        ("la", ["rēx", "rex"], "rex"),
    ],
)
def test_marks_that_some_writers_leave_out_make_no_second_word(language, spellings, one):
    texts, (check,) = spell_alike([normalise(word, language) for word in spellings], language)
    assert texts == [one] * len(spellings) and (check.name, check.verdict) == ("spellings", "look")
    alone = spellings[:1] * 3
    assert spell_alike(alone, language) == (alone, [])


def test_vowel_signs_that_tell_two_words_apart_stay():
    assert spell_alike(["كَتَبَ", "كُتُب"], "ar")[1] == []
    assert spell_alike(["está", "esta", "ma", "má"], "es")[1] == []


@pytest.mark.parametrize(
    ("language", "written", "texts"),
    [
        ("haw", ["ʻokina", "‘okina", "'okina", "Hawaiʻi", "Hawai'i"], ["ʻokina"] * 3 + ["hawai'i"] * 2),
        ("haw", ["'aloha'", "‘aloha’"], ["aloha"] * 2),
        ("none", ["ʻota", "'ota", "'ika'"], ["ʻota", "ʻota", "ika"]),
        ("en-us", ["'tis", "’tis", "'one'", "dogs'"], ["tis", "tis", "one", "dogs"]),
        ("he", ['צה"ל', "צה״ל", "צה''ל"], ["צהל"] * 3),
        ("fa", ["علي", "علی", "كتاب"], ["علی", "علی", "کتاب"]),
        ("th", ["เเม่", "แม่"], ["แ ม่"] * 2),
    ],
)
def test_marks_that_are_letters(language, written, texts):
    assert write_alike(written, language).texts == texts


def test_codes_numbers_and_tags_are_read_as_what_they_stand_for():
    assert without_codes(["two &amp; two", "a\\nb", "&lt;sil&gt; x", "AT&T", "N/A"])[0] == [
        *("two & two", "a b", "<sil> x", "AT&T", "")
    ]
    said_so = ["in nineteen ninety", "the nineteen nineties", "nineties", "fifteen hundred people", "mp3"]
    spelled, checks = write_out(["in 1990", "the 1990s", "'90s", "1500 people", "mp3"], "en-us")
    assert [" ".join(text.split()) for text in spelled] == said_so
    assert [check.name for check in checks] == ["numbers", "digits-in-words"]
    assert write_out(["5월", "둘"], "ko")[0][0].split() == ["오", "월"]
    assert [
        without_tags(text)[0].split() for text in ("*cough* one", "%uh one", "one @bg", "50 % *really*")
    ] == [["one"], ["one"], ["one"], ["50", "%", "*really*"]]


@pytest.mark.parametrize(
    ("ending", "kind", "coding"),
    [
        ("aiff", "AIFF", "PCM_16"),
        ("au", "AU", "PCM_16"),
        ("w64", "W64", "PCM_16"),
        ("rf64", "RF64", "PCM_16"),
        ("sph", "NIST", "PCM_16"),
        ("ogg", "OGG", "VORBIS"),
        ("opus", "OGG", "OPUS"),
    ],
)
def test_files_that_end_early_are_set_aside_in_every_format(home, spoken, ending, kind, coding):
    whole = np.tile(spoken(1, "theo"), 8)
    soundfile.write(home / f"whole.{ending}", whole, RATE, format=kind, subtype=coding)
    content = (home / f"whole.{ending}").read_bytes()
    (home / f"cut.{ending}").write_bytes(content[: len(content) * 2 // 3])
    lines = [(f"{name}.{ending}", "one", name) for name in ("whole", "cut")]
    corpus = read(table(home / "m.csv", "path text speaker", lines))
    assert [clip.name for clip in corpus.clips] == [f"whole.{ending}"]
    assert reasons(corpus)[f"cut.{ending}"].startswith(("truncated: ", "unreadable or cut off: "))


def test_a_file_is_known_by_what_is_in_it(home, spoken):
    soundfile.write(home / "gsm.wav", spoken(1, "theo"), RATE, subtype="GSM610")
    (home / "lfs.wav").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n")
    (home / "page.wav").write_text("<html>404</html>\n")
    lines = [(f"{name}.wav", "one", name) for name in ("gsm", "lfs", "page")]
    corpus = read(table(home / "m.csv", "path text speaker", lines))
    assert len(corpus) == 1 and reasons(corpus) == {
        "lfs.wav": "a pointer of Git LFS, not the recording: git lfs pull fetches it",
        "page.wav": "text, not sound; it begins '<html>404</html>'",
    }


def test_a_channel_of_noise_alone_takes_no_part(home, spoken):
    samples = np.tile(spoken(1, "theo"), 4)
    noise = np.random.default_rng(0).normal(0, 0.2, len(samples))
    soundfile.write(home / "both.wav", np.stack([samples, noise], axis=1), RATE, subtype="FLOAT")
    corpus = read(table(home / "m.csv", "path text speaker", [("both.wav", "one", "theo")]))
    assert np.allclose(corpus.clips[0].samples, samples, atol=1e-6)


def test_a_column_that_is_empty_or_leads_nowhere_is_none(home, rows):
    lines = [(f"gone/{path}", path, "", word, "", who) for path, word, who in rows]
    corpus = read(table(home / "m.csv", "path audio text sentence speaker client_id", lines))
    assert set(said(corpus)) == set(WORDS.values()) and set(speakers(corpus)) == set(PEOPLE)
    assert corpus.reading["columns read"] == "audio (path), sentence (text), client_id (speaker)"


def test_texts_from_a_column_of_labels_are_told(home, rows):
    corpus = read(table(home / "m.csv", "path label speaker", [(p, "happy", s) for p, _, s in rows]))
    assert verdicts(corpus)["labels-as-texts"] == "look"


@pytest.mark.parametrize(
    "shape",
    [
        lambda rows: {name: dict(enumerate(row[name] for row in rows)) for name in rows[0]},
        lambda rows: {"train": rows[:9], "test": rows[9:]},
    ],
    ids=["by column", "by part"],
)
def test_json_by_column_and_by_part_is_read(home, rows, shape):
    objects = [dict(path=path, text=word, speaker=who) for path, word, who in rows]
    (home / "m.json").write_text(json.dumps(shape(objects)))
    assert len(read(home / "m.json")) == 18


def test_a_tsv_may_have_commas(home, rows):
    assert len(read(table(home / "m.tsv", "path text speaker", rows))) == 18


def test_labels_of_speakers_and_times_are_not_said():
    texts = ["A: one", "Speaker 1: one", "S2: one", "(00:12:13) one", "b c: one"]
    assert [without_tags(text)[0].strip() for text in texts] == ["one"] * 4 + ["b c: one"]


def test_fractions_and_the_like_are_told():
    assert {check.name: check.verdict for check in write_alike(["½", "5 ²", "one"], "en-us").checks} == {
        "symbols": "stop",
        "numbers": "look",
    }
