"""A clip -> the bytes of a sound file."""

from __future__ import annotations

import io

import soundfile

from components.contract import Clip


def sound_bytes(clip: Clip, kind: str = "FLAC") -> bytes:
    """Clip -> the bytes of a sound file of 16 bits a sample: FLAC, which every browser plays, or WAV."""
    file = io.BytesIO()
    soundfile.write(file, clip.samples, clip.rate, format=kind, subtype="PCM_16")
    return file.getvalue()
