"""The real recordings, read in their own layout and split; the names of corpora."""

import shutil
from collections import Counter

import pytest

from components.speech.corpus import CORPORA, read_corpus
from components.speech.corpus.fsdd import WORDS
from components.speech.corpus.speech_commands import hashed_part


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def test_fsdd_is_3000_clips_in_its_official_split(all_recordings, cache):
    corpus = read_corpus("fsdd", data=all_recordings, cache=cache)
    assert Counter(corpus.parts) == {"train": 2700, "test": 300} and not corpus.set_aside
    assert Counter(corpus.texts) == dict.fromkeys(WORDS, 300)


def test_fsdd_is_read_in_its_official_split(recordings, cache):
    corpus = read_corpus("fsdd", data=recordings, cache=cache)
    assert Counter(corpus.parts) == {"train": 120, "test": 60} and not corpus.set_aside
    assert corpus.rate == 8000 and len({clip.speaker for clip in corpus.clips}) == 6
    assert {
        int(clip.name.rsplit("_", 1)[1]) < 5
        for clip, part in zip(corpus.clips, corpus.parts, strict=True)
        if part == "test"
    } == {True}
    assert Counter(corpus.texts) == dict.fromkeys(WORDS, 18)
    assert (
        corpus.clips[0].name == "0_george_0"
        and corpus.clips[0].speaker == "george"
        and corpus.texts[0] == "zero"
    )


def test_fsdd_is_found_in_every_usual_place_and_in_the_environment(recordings, cache, monkeypatch):
    whole = read_corpus("fsdd", data=recordings, cache=cache).fingerprint
    for folder in ("fsdd", "fsdd/recordings"):
        assert read_corpus("fsdd", data=recordings / folder, cache=cache).fingerprint == whole
    monkeypatch.setenv("CROSSOVER_DATA", str(recordings))
    assert read_corpus("fsdd", cache=cache).fingerprint == whole


def test_speech_commands_keeps_the_official_lists(recordings, cache):
    corpus = read_corpus("speech-commands:four", data=recordings, cache=cache, workers=2)
    aside = {recording.name for recording in corpus.set_aside}
    for part, name in {"test": "testing_list.txt", "dev": "validation_list.txt"}.items():
        lines = (recordings / "speech_commands" / name).read_text().split()
        expected = {line[:-5] for line in lines if line.startswith("four/")} - aside
        assert {
            clip.name for clip, own in zip(corpus.clips, corpus.parts, strict=True) if own == part
        } == expected
    there = len(list((recordings / "speech_commands" / "four").iterdir()))
    assert len(corpus) + len(aside) == there and len(aside) < 5


def test_the_speaker_hash_is_the_published_rule(recordings):
    for part, name in {"test": "testing_list.txt", "dev": "validation_list.txt"}.items():
        for line in (recordings / "speech_commands" / name).read_text().split():
            assert hashed_part(line.split("/")[1].split("_nohash_")[0]) == part


def test_words_without_any_official_test_declare_no_split(recordings, cache):
    corpus = read_corpus("speech-commands:go", data=recordings, cache=cache)
    assert set(corpus.parts) == {""}
    assert corpus.notice.endswith(
        "These words have no recording of the official test, so no split is declared."
    )


def test_a_word_without_a_list_is_split_by_the_speaker_hash(recordings, cache, tmp_path):
    speakers = ("0135f3f2", "022cd682", "099d52ad")  # train, test and dev by the rule
    three = sorted((recordings / "speech_commands" / "go").iterdir())[:3]
    (tmp_path / "happy").mkdir()
    for speaker, recording in zip(speakers, three, strict=True):
        shutil.copy(recording, tmp_path / "happy" / f"{speaker}_nohash_0.opus")
    corpus = read_corpus("speech-commands", data=tmp_path, cache=cache)
    assert corpus.parts == [hashed_part(speaker) for speaker in speakers] == ["train", "test", "dev"]


def test_another_rate_is_another_corpus(recordings, cache):
    own, slow = (
        read_corpus("speech-commands:go", data=recordings, cache=cache, rate=rate) for rate in (None, 8000)
    )
    assert (own.rate, slow.rate) == (16000, 8000) and own.fingerprint != slow.fingerprint
    assert slow.clips[0].rate == 8000 and abs(slow.clips[0].seconds - own.clips[0].seconds) < 0.001


def test_speechocean762_is_read_in_its_own_split_by_its_kaldi_folders(recordings, cache, tmp_path):
    files = sorted((recordings / "fsdd" / "recordings").glob("[0-1]_*_0.flac"))
    for part, speakers in (("train", ("jackson", "theo")), ("test", ("lucas",))):
        own = [file for file in files if file.stem.split("_")[1] in speakers]
        folder = tmp_path / "speechocean762" / part
        folder.mkdir(parents=True)
        lines = {
            "wav.scp": str,
            "text": lambda file: "WE CALL IT BEAR",
            "utt2spk": lambda file: file.stem[2:-2],
        }
        for name, of in lines.items():
            (folder / name).write_text("".join(f"{file.stem}\t{of(file)}\n" for file in own))
    corpus = read_corpus("speechocean762", data=tmp_path, cache=cache)
    assert Counter(corpus.parts) == {"train": 4, "test": 2} and corpus.rate == 16000
    assert set(corpus.texts) == {"we call it bear"} and "Zhang" in corpus.notice
    with pytest.raises(ValueError, match="speechocean762 takes nothing after the colon, got 'x'"):
        read_corpus("speechocean762:x", data=tmp_path, cache=cache)


def test_every_named_corpus_has_one_line():
    assert CORPORA.keys() >= {"spoken-commands", "fsdd", "speech-commands", "strings"}
    assert all(known.summary and "\n" not in known.summary for known in CORPORA.values())


KINDS = "NeMo JSON lines, Lhotse cuts (.jsonl, .jsonl.gz), CSV, TSV, or a Kaldi or Common Voice folder"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            "fssd",
            f"There is no corpus 'fssd'; did you mean 'fsdd'? Known: {', '.join(CORPORA)} "
            f"(as strings:fsdd). A path to a manifest works too: {KINDS}.",
        ),
        ("fsdd:zero", "fsdd takes nothing after the colon, got 'zero'; ask for 'fsdd'."),
        (
            "spoken-commands:x",
            "spoken-commands takes nothing after the colon, got 'x'; ask for 'spoken-commands', or for "
            "'spoken:FILE' with sentences of your own.",
        ),
        ("speech-commands:fiv", "speech-commands has no word 'fiv' here; did you mean 'five'?"),
    ],
)
def test_a_wrong_name_gets_the_nearest_one(spec, message, recordings, cache):
    with pytest.raises(ValueError) as error:
        read_corpus(spec, data=recordings, cache=cache)
    assert str(error.value) == message


def test_a_folder_without_the_corpus_is_named(tmp_path):
    (tmp_path / "holiday").mkdir()
    with pytest.raises(ValueError) as error:
        read_corpus("fsdd", data=tmp_path, cache=tmp_path / "cache")
    assert str(error.value) == (
        f"No recordings of 'fsdd' in {tmp_path} (it has holiday); give --data the corpus's own folder, "
        "or one that contains fsdd/, or get it from https://github.com/Jakobovski/free-spoken-digit-dataset."
    )


def test_strings_of_no_corpus_say_how_one_is_named():
    with pytest.raises(ValueError, match=r"^strings expected a corpus whose words it joins, got none; "):
        read_corpus("strings")
