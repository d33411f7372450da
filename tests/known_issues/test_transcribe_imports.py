"""`crossover transcribe` could not even be imported: it asked the corpus for a function of another name."""

import numpy as np
import soundfile

from flows.speech.transcribe import read_clip


def test_a_sound_file_of_another_rate_becomes_a_clip_of_the_recognisers_rate(tmp_path):
    tone = np.sin(np.arange(16000) * 0.3).astype(np.float32) / 2
    soundfile.write(tmp_path / "tone.wav", np.stack([tone, tone], axis=1), 16000)
    clip = read_clip(tmp_path / "tone.wav", 8000)
    assert (clip.samples.shape, clip.samples.dtype, clip.rate) == ((8000,), np.float32, 8000)
