"""Laws of a study: recordings written or recorded otherwise, in ways that must not matter, err as often.

Of both families, half an hour on one core:

    CROSSOVER_RECOGNISERS=modular,end-to-end python -m pytest -n0 tests/speech/test_what_must_not_matter.py
"""

import csv
import os

import numpy as np
import pytest
import soundfile
import torch
from torchaudio.functional import resample

from components.recognisers import build
from components.speech.corpus import read_corpus
from tests.fsdd import train_and_test

RATE = 8000
SILENCE = np.zeros(RATE // 2, np.float32)
RATES = (8000, 16000, 22050, 44100)
RECIPES = ("mfcc-gmm-hmm", "mfcc-svm")
NAMES = tuple(os.environ.get("CROSSOVER_RECOGNISERS", ",".join(RECIPES)).split(","))
BY_SPELLING = ("mfcc-gmm-hmm",)  # whose labels are read as words; modular finds out whether they are

pytestmark = pytest.mark.timeout(300 if NAMES == RECIPES else 1800)


@pytest.fixture(scope="module")
def rows(recordings):
    """Samples, rate, text, speaker and part of 120 training and 60 test clips."""
    parts = zip(("train", "test"), train_and_test(recordings), strict=True)
    return [
        (clip.samples, RATE, text, clip.speaker, part)
        for part, (clips, texts) in parts
        for clip, text in zip(clips, texts, strict=True)
    ]


def corpus_of(folder, rows, order=None, **columns):
    """Rows -> the corpus of a table and files of them; columns: further ones, the same in every row."""
    table = []
    for place, (samples, rate, text, speaker, part) in enumerate(rows):
        soundfile.write(folder / f"{place:03d}.wav", samples, rate, subtype="FLOAT")
        table.append({"path": f"{place:03d}.wav", "text": text, "speaker": speaker, "split": part, **columns})
    with open(folder / "table.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table if order is None else [table[row] for row in order])
    return read_corpus(str(folder / "table.csv"), cache=folder / "cache", rate=RATE)


def wrong(corpus, name):
    """Corpus and a recogniser's name -> whether it errs on each test clip, by name of the clip."""
    rows = {part: [i for i, own in enumerate(corpus.parts) if own == part] for part in ("train", "test")}
    clips = {part: [corpus.clips[i] for i in own] for part, own in rows.items()}
    texts = {part: [corpus.texts[i] for i in own] for part, own in rows.items()}
    model = build(name, language=corpus.language).fit(clips["train"], texts["train"])
    said = model.predict(clips["test"])
    return {
        clip.name: text != own for clip, own, text in zip(clips["test"], said, texts["test"], strict=True)
    }


@pytest.fixture(scope="module")
def plain(rows, tmp_path_factory):
    corpus = corpus_of(tmp_path_factory.mktemp("plain"), rows)
    return {name: wrong(corpus, name) for name in NAMES}


def with_samples(change):
    """A change of samples -> rows -> rows."""
    return lambda rows: [(change(samples), *rest) for samples, *rest in rows]


def at_mixed_rates(rows):
    mixed = []
    for place, (samples, rate, *rest) in enumerate(rows):
        other = RATES[place % len(RATES)]
        mixed.append((resample(torch.from_numpy(samples.copy()), rate, other).numpy(), other, *rest))
    return mixed


def at_levels(rows):
    draw = np.random.default_rng(0)
    return [(samples * np.float32(10 ** draw.uniform(-1.5, 0.2)), *rest) for samples, *rest in rows]


def with_text(old, new):
    return lambda rows: [
        (samples, rate, new if text == old else text, *rest) for samples, rate, text, *rest in rows
    ]


def with_codes(rows):
    codes = {text: f"w{number:02d}" for number, text in enumerate(sorted({text for *_, text, _, _ in rows}))}
    return [(samples, rate, codes[text], *rest) for samples, rate, text, *rest in rows]


def with_a_word_said_once(rows):
    samples, rate, _, speaker, _ = rows[0]
    return [*rows, (samples[::-1].copy(), rate, "zebra", speaker, "train")]


SAME = {
    "an offset": with_samples(lambda samples: samples + np.float32(0.02)),
    "the other polarity": with_samples(lambda samples: -samples),
    "a silent second channel": with_samples(lambda samples: np.stack([samples, np.zeros_like(samples)], 1)),
}
ALIKE = {
    "half a second of silence": with_samples(lambda samples: np.concatenate([SILENCE, samples, SILENCE])),
    "other levels": at_levels,
    "mixed rates": at_mixed_rates,
    "a label of two words": with_text("seven", "seven up"),
    "a word said once": with_a_word_said_once,
}


@pytest.mark.parametrize("change", SAME)
def test_what_takes_nothing_from_the_sound_changes_hardly_an_answer(rows, plain, change, tmp_path):
    corpus = corpus_of(tmp_path, SAME[change](rows))
    assert_hardly_another_answer(corpus, plain)


@pytest.mark.parametrize("change", ALIKE)
def test_what_must_not_matter_changes_errors_within_luck(rows, plain, change, tmp_path):
    assert_within_luck(corpus_of(tmp_path, ALIKE[change](rows)), plain)


@pytest.mark.parametrize("language", ["de", "zh-CN", "none"])
def test_a_wrong_language_tag_changes_errors_within_luck(rows, plain, language, tmp_path):
    assert_within_luck(corpus_of(tmp_path, rows, language=language), plain)


def test_codes_in_the_place_of_words_change_errors_within_luck(rows, plain, tmp_path):
    names = [name for name in NAMES if name not in BY_SPELLING]
    assert_within_luck(corpus_of(tmp_path, with_codes(rows)), plain, names)


def test_a_table_in_another_order_gives_the_same_answers(rows, plain, tmp_path):
    corpus = corpus_of(tmp_path, rows, np.random.default_rng(0).permutation(len(rows)))
    assert_hardly_another_answer(corpus, plain)


def assert_hardly_another_answer(corpus, plain):
    """At most two clips that one errs on and the other not; of what is chosen or begins at random, luck."""
    assert_within_luck(corpus, plain, [name for name in NAMES if name not in RECIPES])
    for name in set(NAMES) & set(RECIPES):
        now = wrong(corpus, name)
        assert sum(now[clip] != was for clip, was in plain[name].items()) <= 2, name


def assert_within_luck(corpus, plain, names=NAMES):
    """Clips that one errs on and the other not: no more one way than three standard errors (McNemar)."""
    for name in names:
        now = wrong(corpus, name)
        new = sum(now[clip] and not was for clip, was in plain[name].items())
        gone = sum(was and not now[clip] for clip, was in plain[name].items())
        assert new - gone <= 3 * np.sqrt(max(1, new + gone)), (name, new, gone)
