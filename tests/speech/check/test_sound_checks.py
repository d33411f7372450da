"""All checks of the sound of a prepared corpus at once: quiet on a clean one, heard on one that leaks."""

import csv
from dataclasses import replace

import numpy as np
import soundfile

from components.speech.check.sound_checks import sound_checks
from components.speech.corpus import read_corpus
from tests.speech.check.altered import all_clips, coded


def test_the_few_digits_are_clean(recordings, tmp_path):
    corpus = read_corpus("fsdd", data=recordings / "fsdd", cache=tmp_path)
    assert len(corpus) == 180 and sound_checks(corpus, corpus.parts) == []


def test_copies_in_the_test_coded_anew_under_other_names_stop_a_study(recordings, tmp_path):
    clips, texts = all_clips(recordings)
    rows = []
    for row, (clip, text) in enumerate(zip(clips, texts, strict=True)):
        soundfile.write(tmp_path / f"{clip.name}.wav", clip.samples, clip.rate)
        rows.append((f"{clip.name}.wav", text, clip.speaker, "test" if clip.name.endswith("_0") else "train"))
        if clip.name.endswith("_5") and row % 2:
            samples, rate = coded(clip.samples / 2, clip.rate, "OGG", "OPUS")
            soundfile.write(tmp_path / f"session{row}.wav", samples, rate)
            rows.append((f"session{row}.wav", text, f"session{row}", "test"))
    with (tmp_path / "my.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("path", "text", "speaker", "split"), *rows])
    corpus = read_corpus(str(tmp_path / "my.csv"), cache=tmp_path)
    copies = sum(name.startswith("session") for name, *_ in rows)
    (result,) = [result for result in sound_checks(corpus, corpus.parts) if result.name == "same-sound"]
    assert result.verdict == "stop"
    assert result.message.startswith(f"{copies} of {60 + copies} test clips (")


def test_a_folder_prepared_without_sound_gives_no_results(recordings, tmp_path):
    corpus = read_corpus("fsdd", data=recordings / "fsdd", cache=tmp_path)
    assert sound_checks(replace(corpus, sound=None), corpus.parts) == []
    assert isinstance(corpus.sound_prints, np.ndarray)
