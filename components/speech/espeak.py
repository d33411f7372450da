"""eSpeak NG: text -> speech or phonemes, in about 140 languages and accents.

The library comes with the `espeakng_loader` wheel, so nothing has to be installed on the system. It is loaded
afresh for every call and unloaded after it (0.35 ms): its voice generator keeps flutter, noise and phase in
static variables that no function of its own resets, so only a fresh copy gives the same samples twice.
Nothing of it outlives a call, hence nothing to share, lock or clean up across threads, forks and workers.
"""

from __future__ import annotations

import ctypes
import re
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from components.errors import did_you_mean

RETRIEVAL = 2  # AUDIO_OUTPUT_SYNCHRONOUS: speech goes to the callback before espeak_Synth returns
DONT_EXIT = 0x8000
UTF8 = 1
RATE, PITCH, RANGE = 1, 3, 4  # espeak_PARAMETER
IPA_JOINED_BY_UNDERSCORE = 0x02 | ord("_") << 8
STRESS_AND_LANGUAGE_SWITCHES = re.compile(r"[ˈˌ]|\([a-z0-9-]+\)")

_one_at_a_time = threading.Lock()
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Voice(ctypes.Structure):
    """espeak_VOICE of speak_lib.h."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("unused", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


def synthesise(
    text: str,
    language: str = "en-us",
    *,
    variant: str = "",
    pitch: int = 50,
    pitch_range: int = 50,
    words_per_minute: int = 175,
    seed: int = 1,
) -> tuple[np.ndarray, int]:
    """Text -> speech: float32 samples (samples,) in [-1, 1], and their rate in Hz (22050).

    The same arguments give the same samples in any process. Raises ValueError for an unknown language or
    variant, and for text without a word.

    Parameters
    ----------
    text
        Words and punctuation.
    language
        A key of `languages`.
    variant
        A voice of `espeak-ng-data/voices/!v`, e.g. "f3" or "klatt2"; "" for the language's own.
    pitch, pitch_range
        0 to 99.
    words_per_minute
        Rate of speech.
    seed
        Of breath noise and flutter.
    """
    voice = _voice_name(language, variant)
    pieces: list[np.ndarray] = []
    with _library() as (library, rate):
        _set_voice(library, voice)
        library.espeak_SetParameter(RATE, int(words_per_minute), 0)
        library.espeak_SetParameter(PITCH, int(pitch), 0)
        library.espeak_SetParameter(RANGE, int(pitch_range), 0)
        _seed_generators(library, seed)
        _speak(library, text, pieces)
    if not any(piece.any() for piece in pieces):
        raise ValueError(
            f"eSpeak NG says nothing for the text {text!r} in {language!r}; give it a word to say."
        )
    return np.concatenate(pieces).astype(np.float32) / 32768, rate


def phonemes(words: Iterable[str], language: str = "en-us") -> list[list[str]]:
    """Words (or texts) -> the IPA phones of each, stress marks stripped: "seven" -> s ɛ v ə n.

    Of punctuation alone, an empty list. Raises ValueError for an unknown language.
    """
    voice = _voice_name(language, "")
    with _library() as (library, _):
        _set_voice(library, voice)
        library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        return [_phones(library, word) for word in words]


def languages() -> dict[str, str]:
    """Codes of eSpeak NG's languages -> their English names: {"en-us": "English (America)", ...}."""
    return {code: name for code, (name, _) in _voices().items()}


@cache
def _voices() -> dict[str, tuple[str, str]]:
    """Language code -> name and voice file; the file always loads, the code not always ("fr-fr")."""
    voices: dict[str, tuple[str, str]] = {}
    with _library() as (library, _):
        library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        for voice in _until_null(library.espeak_ListVoices(None)):
            code = voice.languages[1:].decode()  # the first byte is a priority
            voices.setdefault(code, (voice.name.decode(), voice.identifier.decode()))
    return dict(sorted(voices.items()))


@cache
def _variants() -> frozenset[str]:
    """The names of the voice variants in the library's own data folder."""
    import espeakng_loader

    return frozenset(file.name for file in Path(espeakng_loader.get_data_path(), "voices", "!v").iterdir())


def _until_null(pointers: Sequence) -> Iterator[_Voice]:
    """A C array of pointers that ends in NULL -> the structures pointed to."""
    index = 0
    while pointers[index]:
        yield pointers[index].contents
        index += 1


@contextmanager
def _library() -> Iterator[tuple[ctypes.CDLL, int]]:
    """A fresh, initialised copy of the library and its sample rate in Hz; unloaded on leaving."""
    import espeakng_loader

    with _one_at_a_time:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        try:
            rate = library.espeak_Initialize(
                RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), DONT_EXIT
            )
            if rate <= 0:
                raise RuntimeError(
                    f"eSpeak NG did not start from {espeakng_loader.get_data_path()} (status {rate}); "
                    "install espeakng-loader again."
                )
            yield library, rate
        finally:
            library.espeak_Terminate()
            _unload(library)


def _unload(library: ctypes.CDLL) -> None:
    """Give the library back to the system, so that the next load starts from its first state."""
    import _ctypes  # ctypes itself has no way to unload

    close = _ctypes.FreeLibrary if sys.platform == "win32" else _ctypes.dlclose
    close(library._handle)


def _set_voice(library: ctypes.CDLL, name: str) -> None:
    """Choose the voice that `_voice_name` gave."""
    status = library.espeak_SetVoiceByName(name.encode())
    if status != 0:
        raise RuntimeError(f"eSpeak NG could not load its voice {name!r} (status {status}).")


def _voice_name(language: str, variant: str) -> str:
    """Language and variant -> the voice's name; checked here, since eSpeak NG ignores a bad variant."""
    known = _voices()
    if language not in known:
        raise _unknown("speak the language", language, known)
    if variant and variant not in _variants():
        raise _unknown("have the voice variant", variant, _variants())
    file = known[language][1]
    return f"{file}+{variant}" if variant else file


def _unknown(does: str, name: str, known: Iterable[str]) -> ValueError:
    """The error for an unknown name: the nearest known one, or the first few."""
    hint = did_you_mean(name, known) or f"it has {', '.join(sorted(known)[:8])} ..."
    return ValueError(f"eSpeak NG does not {does} {name!r}; {hint}")


def _phones(library: ctypes.CDLL, word: str) -> list[str]:
    """One word -> its phones; eSpeak NG gives one clause a call until the pointer comes back NULL."""
    rest = ctypes.c_char_p(word.encode())
    clauses = []
    while rest.value is not None:
        clause = library.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, IPA_JOINED_BY_UNDERSCORE)
        clauses.append((clause or b"").decode())
    phones = STRESS_AND_LANGUAGE_SWITCHES.sub("", "_".join(clauses))
    return [phone for phone in re.split(r"[_\s]+", phones) if phone]


def _speak(library: ctypes.CDLL, text: str, pieces: list[np.ndarray]) -> None:
    """Synthesise the text; each block of int16 samples is appended to pieces."""

    def append(block, samples: int, _events) -> int:
        if block and samples > 0:
            pieces.append(np.ctypeslib.as_array(block, (samples,)).copy())
        return 0

    callback = _Callback(append)  # held in a name: ctypes does not keep it alive
    library.espeak_SetSynthCallback(callback)
    data = text.encode()
    status = library.espeak_Synth(data, len(data) + 1, 0, 1, 0, UTF8, None, None)
    if status != 0:
        raise RuntimeError(f"eSpeak NG could not say {text!r} (status {status}).")


def _seed_generators(library: ctypes.CDLL, seed: int) -> None:
    """eSpeak NG draws noise from a generator of its own and, in the Klatt voices, from the C library's."""
    library.espeak_ng_SetRandSeed(ctypes.c_long(seed))
    c_library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
    c_library.srand(ctypes.c_uint(seed))
