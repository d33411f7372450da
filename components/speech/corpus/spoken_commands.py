"""The default corpus: connected commands, synthesised by the voices of eSpeak NG when it is first read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache as cached
from importlib.metadata import version
from pathlib import Path

import numpy as np

from components.speech import espeak
from components.speech.augmentation.noise import mix_noise
from components.speech.augmentation.reverb import convolve_room
from components.speech.corpus.download import Progress
from components.speech.corpus.manifest import Entry, Manifest
from components.speech.corpus.spoken_commands_grammar import utterance, vocabulary

SUMMARY = (
    "SYNTHETIC connected commands by 70 eSpeak NG voices with room and noise; made on the spot (default)"
)
NOTICE = (
    "SYNTHETIC SPEECH: every utterance was made by eSpeak NG, no person is heard; a crossover found on it "
    "shows that the method runs and says nothing about real speech."
)
DrawText = Callable[[np.random.Generator], str]
TRAIN, TEST = 2000, 300
RATE = 8000  # telephone band: a quarter of the work of studio rates
TEST_SPEAKERS = 0.25
ACCENTS = {
    "en-us": 0.4,
    "en-us-nyc": 0.1,
    "en-gb": 0.12,
    "en-gb-x-rp": 0.1,
    "en-gb-scotland": 0.08,
    "en-gb-x-gbclan": 0.07,
    "en-gb-x-gbcwmd": 0.07,
    "en-029": 0.06,
}
VOICES = (  # like people: no robots, whispers, croaks, nor a first formant at half its usual height
    "Alex Alicia Andrea Andy Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Mario Michael Mike "
    "Nguyen Reed RicishayMax RicishayMax2 RicishayMax3 adam anika antonio aunty belinda benjamin boris caleb "
    "david ed edward edward2 f1 f2 f3 f4 f5 gustave ian iven iven2 iven3 iven4 john klatt klatt2 "
    "linda m1 m2 m3 m4 m5 m6 m7 m8 marcelo max michel miguel norbert pablo paul pedro quincy rob robert "
    "sandro steph"
)
VARIANTS = tuple(VOICES.split())


@dataclass(frozen=True)
class Speaker:
    """One synthetic voice: no two speakers share a variant, so an unseen speaker is a new voice.

    Attributes
    ----------
    name, variant, accent
        Of the speaker, and eSpeak NG's names of the voice and the language.
    pitch, pitch_range
        0 to 99.
    words_per_minute
        The usual rate of speech.
    """

    name: str
    variant: str
    accent: str
    pitch: int
    pitch_range: int
    words_per_minute: int


@dataclass(frozen=True)
class SyntheticUtterance:
    """An AudioSource that synthesises an utterance.

    Attributes
    ----------
    text, speaker
        What is spoken, and by which voice.
    tempo
        Factor of the speaker's words per minute.
    rt60_seconds, wet
        The room: see `convolve_room`; wet 0 for none.
    snr_db, slope
        The noise: see `mix_noise`.
    peak
        Largest sample.
    seed
        Of reverberation, noise and the synthesiser's breath.
    """

    text: str
    speaker: Speaker
    tempo: float
    rt60_seconds: float
    wet: float
    snr_db: float
    slope: float
    peak: float
    seed: tuple[int, int]

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """float32 samples (samples,) and their rate, 22050 Hz: speech between pauses, room, then noise."""
        rng = np.random.default_rng(self.seed)
        speech, rate = self._speech(int(rng.integers(1, 2**31 - 1)))
        pauses = rng.integers(int(0.08 * rate), int(0.25 * rate), size=2)
        samples = np.pad(speech, pauses)
        if self.wet:
            samples = convolve_room(samples, rate, self.rt60_seconds, self.wet, rng)
        samples = mix_noise(samples, self.snr_db, self.slope, rng)
        return (samples * (self.peak / np.abs(samples).max())).astype(np.float32), rate

    def _speech(self, seed: int) -> tuple[np.ndarray, int]:
        """The clean speech; eSpeak NG's own silence at both ends is cut off."""
        speaker = self.speaker
        samples, rate = espeak.synthesise(
            self.text,
            speaker.accent,
            variant=speaker.variant,
            pitch=speaker.pitch,
            pitch_range=speaker.pitch_range,
            words_per_minute=round(speaker.words_per_minute * self.tempo),
            seed=seed,
        )
        loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
        return samples[loud[0] : loud[-1] + 1], rate

    def key(self) -> str:
        """All of it, and the version of the synthesiser."""
        return f"{_synthesiser_version()} {self!r}"

    def rate(self) -> int:
        """eSpeak NG's own rate in Hz."""
        return 22050


@cached
def _synthesiser_version() -> str:
    """The version of the package with eSpeak NG: another one may speak differently."""
    return version("espeakng-loader")


def build_manifest(
    options: str, *, data: Path | None, cache: Path, seed: int = 0, progress: Progress | None = None
) -> Manifest:
    """A seed -> 2,000 training and 300 test utterances, these by a quarter of the speakers.

    Parameters
    ----------
    options
        Must be empty.
    data, cache, progress
        Not used: there is nothing to download.
    seed
        Draws speakers, texts and conditions.
    """
    if options:
        raise ValueError(
            f"spoken-commands takes nothing after the colon, got {options!r}; ask for 'spoken-commands', or "
            "for 'spoken:FILE' with sentences of your own."
        )
    return Manifest("Spoken commands", NOTICE, "en-us", RATE, spoken(utterance, vocabulary(), seed), True)


def spoken(text: DrawText, words: Sequence[str], seed: int) -> list[Entry]:
    """Texts, their words and a seed -> TRAIN and TEST utterances, the latter by a quarter of the speakers."""
    rng = np.random.default_rng(seed)
    speakers = draw_speakers(rng)
    held_out = round(TEST_SPEAKERS * len(speakers))
    phones = dict(zip(words, espeak.phonemes(words, "en-us"), strict=True))
    test = _entries("test", TEST, speakers[:held_out], text, phones, seed, rng)
    train = _entries("train", TRAIN, speakers[held_out:], text, phones, seed, rng)
    return [*train, *test]


def draw_speakers(rng: np.random.Generator) -> list[Speaker]:
    """One speaker for each variant, in random order, with an accent, a pitch and a pace of their own."""
    accents = rng.choice(list(ACCENTS), size=len(VARIANTS), p=list(ACCENTS.values()))
    speakers = [
        Speaker(
            name=f"{variant.lower()}-{accent}",
            variant=variant,
            accent=str(accent),
            pitch=int(rng.integers(25, 75)),
            pitch_range=int(rng.integers(25, 80)),
            words_per_minute=int(rng.integers(120, 180)),
        )
        for variant, accent in zip(VARIANTS, accents, strict=True)
    ]
    return [speakers[index] for index in rng.permutation(len(speakers))]


def _entries(
    part: str,
    count: int,
    speakers: list[Speaker],
    text: DrawText,
    phones: dict[str, list[str]],
    seed: int,
    rng: np.random.Generator,
) -> list[Entry]:
    """Entries of `count` utterances, the speakers taking turns."""
    sources = (
        draw_utterance(speakers[index % len(speakers)], (seed, 2 * index + (part == "test")), rng, text)
        for index in range(count)
    )
    return [_entry(f"{part}-{index:04d}", part, source, phones) for index, source in enumerate(sources)]


def _entry(name: str, part: str, source: SyntheticUtterance, phones: dict[str, list[str]]) -> Entry:
    speaker = source.speaker
    tags = {
        "accent": speaker.accent,
        "room": f"{source.rt60_seconds:.2f} s" if source.wet else "none",
        "noise": f"{('white', 'pink', 'brown')[round(source.slope)]} {source.snr_db:.0f} dB",
    }
    pronunciation = " ".join(phone for word in source.text.split() for phone in phones[word])
    return Entry(name, speaker.name, source.text, part, source, tags, pronunciation)


def draw_utterance(
    speaker: Speaker, seed: tuple[int, int], rng: np.random.Generator, text: DrawText = utterance
) -> SyntheticUtterance:
    """A text and conditions at random: one in four in no room, noise at 5 to 30 dB."""
    return SyntheticUtterance(
        text=text(rng),
        speaker=speaker,
        tempo=round(float(rng.uniform(0.9, 1.12)), 3),
        rt60_seconds=round(float(rng.uniform(0.15, 0.6)), 3),
        wet=round(float(rng.uniform(0.05, 0.6)), 3) if rng.random() < 0.75 else 0.0,
        snr_db=round(float(rng.uniform(5, 30)), 1),
        slope=round(float(rng.uniform(0, 2)), 2),
        peak=round(float(rng.uniform(0.15, 0.9)), 3),
        seed=seed,
    )
