"""A stream falls into utterances where its speaker pauses, mostly on real recordings."""

import numpy as np
import pytest
import soundfile

from components.speech.features.endpointing import cut_utterances

RATE = 8000


def quiet(seconds):
    return np.zeros(round(seconds * RATE), np.float32)


def digit(recordings, name):
    return soundfile.read(recordings / "fsdd/recordings" / f"{name}.flac", dtype="float32")[0]


@pytest.fixture(scope="module")
def words(recordings):
    return [digit(recordings, f"{i}_{who}_5") for i in range(10) for who in ("george", "jackson", "lucas")]


def joined(words, gap):
    """Words and the silence before each -> samples, and where each word begins and ends, s."""
    parts, spans, at = [], [], 0
    for word in words:
        parts += [quiet(gap), word]
        at += len(quiet(gap)) + len(word)
        spans.append(((at - len(word)) / RATE, at / RATE))
    return np.concatenate([*parts, quiet(gap)]), spans


def hiss(samples, db):
    noise = np.random.default_rng(1).standard_normal(len(samples)) * 10 ** (db / 20)
    return (samples + noise).astype(np.float32)


def cut(samples, size=4096, **how):
    chunks = (samples[i : i + size] for i in range(0, len(samples), size))
    return list(cut_utterances(chunks, RATE, **how))


@pytest.mark.parametrize("room_db", [None, -60], ids=["silence", "hiss"])
def test_each_word_between_pauses_is_an_utterance_of_its_own(words, room_db):
    samples, spans = joined(words, 0.6)
    utterances = cut(samples if room_db is None else hiss(samples, room_db))
    assert len(utterances) == len(words)
    for utterance, (begin, end) in zip(utterances, spans, strict=True):
        assert begin - 0.1 <= utterance.begin <= begin + 0.15
        assert end - 0.5 <= utterance.begin + utterance.clip.seconds <= end + 0.1


@pytest.mark.parametrize("size", [1, 37, 80, 10**6])
def test_the_sizes_of_the_chunks_do_not_matter(words, size):
    samples, _ = joined(words[:4], 0.6)
    for utterance, other in zip(cut(samples, size), cut(samples, 800), strict=True):
        assert utterance.begin == other.begin and utterance.clip.name == other.clip.name
        np.testing.assert_array_equal(utterance.clip.samples, other.clip.samples)


def test_an_utterance_is_a_stretch_of_the_stream(words):
    samples, _ = joined(words[:3], 0.6)
    for utterance in cut(samples):
        begin = round(utterance.begin * RATE)
        np.testing.assert_array_equal(
            utterance.clip.samples, samples[begin : begin + len(utterance.clip.samples)]
        )


def test_it_comes_as_soon_as_the_pause_is_long_enough(words):
    samples, spans = joined(words[:3], 1.5)
    seen = 0

    def drop_by_drop():
        nonlocal seen
        for i in range(0, len(samples), 80):
            seen = i + 80
            yield samples[i : i + 80]

    for pause in (0.3, 0.8):
        times = [seen / RATE for _ in cut_utterances(drop_by_drop(), RATE, pause)]
        waited = [at - end for at, (_, end) in zip(times, spans, strict=True)]
        assert all(pause - 0.3 <= seconds <= pause + 0.1 for seconds in waited), waited


def test_a_longer_pause_joins_what_a_shorter_one_parts(words):
    samples, _ = joined(words[:6], 0.35)
    assert len(cut(samples, pause=0.2)) == 6
    assert len(cut(samples, pause=0.6)) == 1


def test_a_stream_that_begins_or_ends_in_speech_loses_nothing(words):
    (only,) = cut(words[0])
    assert only.begin <= 0.1 and only.begin + only.clip.seconds >= len(words[0]) / RATE - 0.1


def test_neither_hiss_nor_a_click_nor_nothing_is_an_utterance():
    click = hiss(quiet(3), -60)
    click[RATE : RATE + 40] += 0.5
    for samples in (quiet(2), hiss(quiet(5), -40), click, quiet(0)):
        assert cut(samples) == []


def test_a_room_that_gets_louder_is_not_speech_for_ever():
    samples = np.concatenate([hiss(quiet(3), -70), hiss(quiet(30), -40)])
    assert cut(samples) == []


def test_who_never_pauses_is_cut_where_it_is_quietest_and_nothing_is_lost(words):
    speech = np.concatenate([word[np.abs(word).argmax() // 2 :] for word in words] * 3)
    utterances = cut(np.concatenate([quiet(1), speech, quiet(1)]), pause=2)
    assert len(utterances) > 1 and all(utterance.clip.seconds <= 15.2 for utterance in utterances)
    assert sum(utterance.clip.seconds for utterance in utterances) == pytest.approx(
        len(speech) / RATE, abs=0.6
    )


@pytest.mark.parametrize("offset", [0.02, -0.1])
def test_a_constant_offset_moves_no_cut(words, offset):
    samples = hiss(joined([word - word.mean() for word in words], 0.6)[0], -60)
    plain, shifted = cut(samples), cut(samples + np.float32(offset))
    assert len(plain) == len(words)
    for utterance, other in zip(plain, shifted, strict=True):
        assert other.begin == utterance.begin
        assert len(other.clip.samples) == len(utterance.clip.samples)
