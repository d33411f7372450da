"""Who trains and who tests, and what a study of a wake word says of data that it cannot use."""

import csv
from collections import Counter

import numpy as np
import pytest

from components.keywords.check import check_wake_words
from components.keywords.dataset import read_corpora
from components.keywords.mixing import LEVEL, Room, at_level, in_room, speech_hops
from components.keywords.study import WakeWordStudy
from components.subjects import check_study, find_subject


def pieces(streams):
    return {piece.name for stream in streams for piece in stream.pieces}


def test_no_recording_is_on_both_sides_and_the_keyword_is_in_no_background(wake_words):
    sides = {side: [] for side in ("train", "test")}
    for stream, part in zip(wake_words.examples, wake_words.parts, strict=True):
        sides[part].append(stream)
    train = pieces([*sides["train"], *wake_words.background])
    assert not train & pieces(sides["test"])
    said = Counter(
        (part, when is not None) for part, when in zip(wake_words.parts, wake_words.targets, strict=True)
    )
    assert (said["train", True], said["test", True], said["train", False]) == (12, 6, 0)
    assert not any("alexa" in name for name in pieces(wake_words.background))


def test_the_same_study_has_the_same_data_and_another_seed_others(wake_words, read_wake_words):
    again, other = read_wake_words(), read_wake_words(seed=1)
    assert again.fingerprint == wake_words.fingerprint != other.fingerprint
    np.testing.assert_array_equal(again.examples[-1].samples, wake_words.examples[-1].samples)


def test_the_keyword_ends_where_its_recording_gets_quiet(wake_words):
    stream, said = wake_words.examples[0], wake_words.targets[0]
    power = np.square(stream.samples[: len(stream.samples) // 160 * 160]).reshape(-1, 160).mean(axis=1)
    first, last = round(said.begin * 100), round(said.end * 100)
    assert 0.2 < said.end - said.begin < 2.5 and said.end < stream.seconds - 0.9
    assert power[first:last].mean() > 20 * power[last + 10 :].mean()


def test_speech_is_ten_decibels_above_the_noise(wake_words):
    dry = at_level(wake_words.background[0].pieces[0].samples, 16000)
    assert np.sqrt(speech_hops(dry, 16000)[2]) == pytest.approx(LEVEL, rel=1e-3)
    noise = in_room(np.zeros(16000, np.float32), 16000, Room(10.0, 3))
    assert 10 * np.log10(LEVEL**2 / np.mean(noise.astype(float) ** 2)) == pytest.approx(10, abs=0.01)


def test_it_is_said_what_so_few_hours_cannot_show(wake_words, recordings):
    study = WakeWordStudy(corpus=str(recordings / "wake_words"), keyword="alexa")
    results = {result.name: result for result in check_wake_words(study, wake_words).results}
    assert "6 h for 0.5 an hour and 30 h for 0.1 an hour" in results["background-hours"].message
    assert results["keyword-in-background"].verdict == "fine"
    assert results["speakers-unknown"].verdict == "look"


def test_a_background_that_has_the_keyword_in_its_texts_loses_those_recordings(
    recordings, read_wake_words, tmp_path
):
    files = sorted((recordings / "speech_commands").glob("*/*.opus"))
    texts = [
        "please alexa stop" if place < 3 else f"number {path.parent.name}" for place, path in enumerate(files)
    ]
    with (tmp_path / "other.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "text", "speaker"])
        rows.writerows([str(p), text, p.name.split("_")[0]] for p, text in zip(files, texts, strict=True))
    dataset = read_wake_words(background=[str(tmp_path / "other.csv")])
    assert sum("the keyword is in its text" in reason for _, reason in dataset.set_aside) == 3
    study = WakeWordStudy(corpus=str(recordings), keyword="alexa")
    (result,) = [r for r in check_wake_words(study, dataset).results if r.name == "keyword-in-background"]
    assert result.verdict == "look" and "3 recordings" in result.message


@pytest.mark.parametrize(("pattern", "speakers"), [("", 3), ("(.+)", 6), ("(.)", 2)])
def test_speakers_of_the_keyword_are_who_the_pattern_says(recordings, tmp_path, pattern, speakers):
    names = [f"{who}_{session}" for who in ("ann", "anton", "ben") for session in (1, 2)]
    files = sorted((recordings / "wake_words" / "alexa").glob("*.opus"))[: len(names)]
    rows = [f"{path},alexa,{name}" for path, name in zip(files, names, strict=True)]
    (tmp_path / "my.csv").write_text("\n".join(["path,text,speaker", *rows]))
    asked = {"subject": "wake-words", "corpus": str(tmp_path / "my.csv"), "keyword": "alexa", "workers": 1}
    (corpus,) = read_corpora(check_study({**asked, "speaker_pattern": pattern}))
    assert len(set(corpus.clips.speakers)) == speakers


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"keyword": "alexia"}, "unknown keyword 'alexia'; did you mean 'alexa'"),
        ({"keyword": ""}, "expected a keyword, got none; add one such as --keyword alexa"),
        ({"corpus": ""}, "expected a corpus, got none; add one such as --corpus FOLDER"),
        ({"split": "speakers"}, "expected auto, as keyword and background are split together"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(read_wake_words, asked, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_wake_words(**asked)


def test_too_little_background_is_said_before_anything_is_trained(recordings, tmp_path):
    for word in ("alexa", "jarvis"):
        (tmp_path / word).mkdir()
        for path in sorted((recordings / "wake_words" / word).glob("*.opus"))[:9]:
            (tmp_path / word / path.name).write_bytes(path.read_bytes())
    study = check_study({"subject": "wake-words", "corpus": str(tmp_path), "keyword": "alexa", "workers": 1})
    with pytest.raises(ValueError, match=r"at least 1 min of background to train with, got 0\.\d; add"):
        find_subject("wake-words").read(study)
