"""Facts about the sound of recordings: what each says of samples made to show it, and of real ones."""

import numpy as np
import pytest
import soundfile

from components.speech.corpus import open_corpus, read_corpus
from components.speech.corpus.audio_file import resample
from components.speech.corpus.corpus import PRINTS, SOUND
from components.speech.corpus.sound_facts import (
    FACTS,
    FIELDS,
    PRINT,
    column,
    floor_bands,
    measure,
    measure_all,
)
from tests.fsdd import paths_of, read

RATE = 8000


def facts_of(samples, rate=RATE):
    return dict(zip(FIELDS, measure(np.asarray(samples, np.float32), rate).tolist(), strict=True))


def tone(seconds=1.0, hz=1000.0, level=0.5, rate=RATE):
    return level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def test_levels_offset_and_length_are_those_of_a_tone():
    facts = facts_of(tone() + 0.05)
    assert facts["rate"] == 8000 and facts["seconds"] == 1.0
    assert facts["offset"] == pytest.approx(0.05, abs=1e-4) and facts["peak"] == pytest.approx(0.55, abs=1e-3)
    assert facts["rms_db"] == pytest.approx(-9.03, abs=0.02)  # 0.5 / sqrt(2)
    assert facts["floor_db"] == pytest.approx(-9.03, abs=0.2)  # a tone has no pause
    assert facts["clipped"] == facts["zeros"] == facts["leading"] == facts["trailing"] == 0


def test_silence_at_the_ends_and_digital_zeros_are_measured():
    facts = facts_of(np.concatenate([np.zeros(2400), tone(0.5), np.zeros(1600)]))
    assert facts["leading"] == pytest.approx(0.3, abs=0.02)
    assert facts["trailing"] == pytest.approx(0.2, abs=0.02)
    assert facts["zeros"] == pytest.approx(0.5, abs=0.01) and facts["floor_db"] == -120


def test_flat_tops_are_clipped_at_full_scale_and_below():
    loud = tone(level=1.5)
    share = np.mean(np.abs(loud) >= 1)
    assert facts_of(np.clip(loud, -1, 1))["clipped"] == pytest.approx(share, abs=0.001)
    assert facts_of(0.4 * np.clip(loud, -1, 1))["clipped"] == pytest.approx(share / 2, rel=0.5)
    assert facts_of(tone())["clipped"] == 0


def test_the_noise_floor_is_that_of_the_pauses(recordings):
    rng = np.random.default_rng(0)
    (clip,), _ = read(paths_of(recordings, "7_jackson_0"))
    pause = rng.normal(0, 10 ** (-50 / 20), 4000)
    facts = facts_of(np.concatenate([pause, clip.samples, pause]))
    assert facts["floor_db"] == pytest.approx(-50, abs=1.5)


@pytest.mark.parametrize("wide", [True, False])
def test_bandwidth_tells_an_8_khz_recording_sold_as_16_khz(wide):
    noise = np.random.default_rng(0).normal(0, 0.1, 16000 if wide else 8000).astype(np.float32)
    facts = facts_of(noise if wide else resample(noise, 8000, 16000), 16000)
    assert facts["bandwidth"] == pytest.approx(8000 if wide else 4150, abs=250)


def test_bands_above_half_the_rate_have_no_spectrum():
    low, high = facts_of(tone()), facts_of(tone(rate=16000), 16000)
    assert [np.isnan(low[f"spectrum_db_{band}"]) for band in range(12)] == [False] * 8 + [True] * 4
    assert not any(np.isnan(value) for value in high.values())
    bands = [low[f"spectrum_db_{band}"] for band in range(8)]
    assert int(np.argmax(bands)) == 3 and np.mean(bands) == pytest.approx(0, abs=1e-4)  # 782 to 1172 Hz


def test_gain_moves_levels_alone_and_an_offset_itself_alone(recordings):
    (clip,), _ = read(paths_of(recordings, "7_jackson_0"))
    plain, soft, offset = (
        facts_of(samples) for samples in (clip.samples, clip.samples / 4, clip.samples + np.float32(0.02))
    )
    for field, value in plain.items():
        if field.endswith("_db") or field.startswith("floor"):
            assert soft[field] == pytest.approx(value - 12.04, abs=0.02), field
        elif field not in ("offset", "peak", "clipped"):
            assert soft[field] == pytest.approx(value, abs=0.01, nan_ok=True), field
        if field not in ("offset", "peak", "zeros"):
            assert offset[field] == pytest.approx(value, abs=0.05, nan_ok=True), field
    assert offset["offset"] - plain["offset"] == pytest.approx(0.02, abs=1e-5)


def test_neighbours_and_their_rates_do_not_matter(recordings):
    clips, _ = read(paths_of(recordings, "*_george_0"))
    waveforms = [clip.samples for clip in clips] + [resample(clips[0].samples, 8000, 44100)]
    together = measure_all(waveforms, [8000] * len(clips) + [44100])
    assert together.facts.shape == (11, FACTS) and together.prints.shape == (11, PRINT)
    for row, waveform in enumerate(waveforms):
        alone = measure(waveform, 44100 if row == 10 else 8000)
        np.testing.assert_allclose(together.facts[row], alone, atol=2e-3)
    assert float(together.prints[0] @ together.prints[10].astype(np.float32)) > 0.99


def test_the_shortest_recording_has_facts():
    facts = facts_of(np.random.default_rng(0).normal(0, 0.1, 800))
    assert facts["seconds"] == pytest.approx(0.1) and np.isfinite(facts["floor_db_7"])


def test_a_prepared_corpus_has_them_clip_by_clip_before_resampling(digits, tmp_path):
    corpus = read_corpus("fsdd", data=digits, cache=tmp_path, rate=16000)
    assert corpus.sound.shape == (len(corpus), FACTS) and corpus.sound_prints.shape == (len(corpus), PRINT)
    assert isinstance(corpus.sound, np.memmap) and set(column(corpus.sound, "rate")) == {8000}
    row = corpus.clips[7]
    samples, rate = soundfile.read(digits / "recordings" / f"{row.name}.flac", dtype="float32")
    np.testing.assert_allclose(corpus.sound[7], measure(samples, rate), atol=2e-3)
    assert floor_bands(corpus.sound).shape == (len(corpus), 8)


def test_rows_are_those_of_the_recordings_that_were_kept(tmp_path):
    folder = tmp_path / "fsdd"
    folder.mkdir()
    for index, level in enumerate((0.1, 0.0, 0.3, 0.5)):
        soundfile.write(folder / f"{index}_ann_{index}.wav", tone(level=level), RATE)
    corpus = read_corpus("fsdd", data=folder, cache=tmp_path)
    assert [item.name for item in corpus.set_aside] == ["1_ann_1"]
    np.testing.assert_allclose(column(corpus.sound, "peak"), [0.1, 0.3, 0.5], atol=1e-3)


def test_a_folder_prepared_without_has_none(digits, tmp_path):
    folder = read_corpus("fsdd", data=digits, cache=tmp_path).folder
    (folder / SOUND).unlink()
    (folder / PRINTS).unlink()
    corpus = open_corpus(folder)
    assert corpus.sound is None and corpus.sound_prints is None
