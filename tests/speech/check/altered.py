"""Recordings altered as copies of them are: louder, shifted, resampled, coded, cut, in noise."""

import io

import numpy as np
import soundfile

from components.contract import Clip
from components.speech.corpus.audio_file import resample
from components.speech.corpus.sound_facts import measure_all
from tests.fsdd import paths_of, read


def coded(samples, rate, container, subtype):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=container, subtype=subtype)
    file.seek(0)
    return soundfile.read(file, dtype="float32")


def in_noise(samples, snr_db, rng):
    level = np.sqrt(np.mean(samples**2)) * 10 ** (-snr_db / 20)
    return (samples + rng.normal(0, level, len(samples))).astype(np.float32)


def alterations(samples, rate, rng):
    """Samples at 8 kHz -> name of an alteration: samples and rate."""
    quiet = np.zeros(rate // 10, np.float32)
    return {
        "softer": (samples * np.float32(0.3), rate),
        "offset": (samples + np.float32(0.02), rate),
        "polarity": (-samples, rate),
        "resampled": (resample(samples, rate, 2 * rate), 2 * rate),
        "mp3": coded(samples, rate, "MP3", "MPEG_LAYER_III"),
        "opus": coded(samples, rate, "OGG", "OPUS"),
        "cut": (samples[rate // 200 :], rate),
        "padded": (np.concatenate([quiet, samples, quiet]), rate),
        "noise": (in_noise(samples, 20, rng), rate),
    }


def all_clips(recordings, pattern="*"):
    return read(paths_of(recordings, pattern))


def measured(clips):
    return measure_all([clip.samples for clip in clips], [clip.rate for clip in clips])


def with_noise(clips, where, db, rng):
    """Clips, and whether each stands in a noisy room -> the same with white noise of this level, dB."""
    return [
        clip.with_samples(clip.samples + rng.normal(0, 10 ** (db / 20), len(clip.samples))) if noisy else clip
        for clip, noisy in zip(clips, where, strict=True)
    ]


def renamed(clip, speaker) -> Clip:
    return Clip(clip.name, speaker, clip.samples, clip.rate)
