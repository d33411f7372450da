"""The embedded default corpus: connected commands, synthesised on the spot by eSpeak NG's many voices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache as cached
from importlib.metadata import version
from pathlib import Path

import numpy as np

from components.speech import espeak
from components.speech.augmentation.rooms import echoed, noisy
from components.speech.corpus.download import Progress
from components.speech.corpus.entry import Entry, Listing
from components.speech.corpus.spoken_commands_grammar import utterance, vocabulary

SUMMARY = (
    "SYNTHETIC connected commands by 70 eSpeak NG voices with room and noise; made on the spot (default)"
)
NOTICE = (
    "SYNTHETIC SPEECH: every utterance was made by eSpeak NG, no person is heard; a crossover found on it "
    "shows that the method runs and says nothing about real speech."
)
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
    """One synthetic voice: no two speakers share a variant, so an unseen speaker is a new voice."""

    name: str
    variant: str
    accent: str
    pitch: int
    pitch_range: int
    words_per_minute: int


@dataclass(frozen=True)
class Spoken:
    """One utterance: its text, who says it, and where. seed: of its echo, its noise and its breath."""

    text: str
    speaker: Speaker
    hurry: float
    decay_seconds: float
    wet: float
    snr_db: float
    slope: float
    peak: float
    seed: tuple[int, int]

    def read(self, max_seconds: float) -> tuple[np.ndarray, int]:
        """float32 samples (samples,) and their rate, 22050 Hz: speech between pauses, echo, then noise."""
        rng = np.random.default_rng(self.seed)
        dry, rate = self._voice(int(rng.integers(1, 2**31 - 1)))
        pauses = rng.integers(int(0.08 * rate), int(0.25 * rate), size=2)
        heard = np.pad(dry, pauses)
        if self.wet:
            heard = echoed(heard, rate, self.decay_seconds, self.wet, rng)
        heard = noisy(heard, self.snr_db, self.slope, rng)
        return (heard * (self.peak / np.abs(heard).max())).astype(np.float32), rate

    def _voice(self, seed: int) -> tuple[np.ndarray, int]:
        """The bare voice; eSpeak NG's own silence at both ends is cut off."""
        who = self.speaker
        samples, rate = espeak.synthesise(
            self.text,
            who.accent,
            variant=who.variant,
            pitch=who.pitch,
            pitch_range=who.pitch_range,
            words_per_minute=round(who.words_per_minute * self.hurry),
            seed=seed,
        )
        loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
        return samples[loud[0] : loud[-1] + 1], rate

    def key(self) -> str:
        """All of it, and the version of the synthesiser."""
        return f"{_synthesiser()} {self!r}"

    def rate(self) -> int:
        """eSpeak NG's own rate in Hz."""
        return 22050


@cached
def _synthesiser() -> str:
    """The version of eSpeak NG's carrier: another one may speak differently."""
    return version("espeakng-loader")


def listing(
    options: str, *, data: Path | None, cache: Path, seed: int = 0, progress: Progress | None = None
) -> Listing:
    """A seed becomes 2,000 training and 300 test utterances; a quarter of the speakers is for the test."""
    if options:
        raise ValueError(
            f"spoken-commands takes nothing after the colon, got {options!r}; ask for 'spoken-commands'."
        )
    rng = np.random.default_rng(seed)
    people = speakers(rng)
    held_out = round(TEST_SPEAKERS * len(people))
    phones = dict(zip(vocabulary(), espeak.phonemes(vocabulary(), "en-us"), strict=True))
    test = _entries("test", TEST, people[:held_out], phones, seed, rng)
    train = _entries("train", TRAIN, people[held_out:], phones, seed, rng)
    return Listing("Spoken commands", NOTICE, "en-us", RATE, [*train, *test], synthetic=True)


def speakers(rng: np.random.Generator) -> list[Speaker]:
    """One speaker for each variant, in random order, with an accent, a pitch and a pace of their own."""
    accents = rng.choice(list(ACCENTS), size=len(VARIANTS), p=list(ACCENTS.values()))
    people = [
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
    return [people[index] for index in rng.permutation(len(people))]


def _entries(
    part: str,
    amount: int,
    people: list[Speaker],
    phones: dict[str, list[str]],
    seed: int,
    rng: np.random.Generator,
) -> list[Entry]:
    """`amount` utterances, the speakers taking turns."""
    return [_entry(part, index, people[index % len(people)], phones, seed, rng) for index in range(amount)]


def _entry(
    part: str, index: int, speaker: Speaker, phones: dict[str, list[str]], seed: int, rng: np.random.Generator
) -> Entry:
    source = _spoken(speaker, (seed, 2 * index + (part == "test")), rng)
    tags = {
        "accent": speaker.accent,
        "room": f"{source.decay_seconds:.2f} s" if source.wet else "none",
        "noise": f"{('white', 'pink', 'brown')[round(source.slope)]} {source.snr_db:.0f} dB",
    }
    sounds = " ".join(phone for word in source.text.split() for phone in phones[word])
    return Entry(f"{part}-{index:04d}", speaker.name, source.text, part, source, tags, sounds)


def _spoken(speaker: Speaker, seed: tuple[int, int], rng: np.random.Generator) -> Spoken:
    """What is said and under which conditions: one in four in no room, noise from 5 to 30 dB below."""
    return Spoken(
        text=utterance(rng),
        speaker=speaker,
        hurry=round(float(rng.uniform(0.9, 1.12)), 3),
        decay_seconds=round(float(rng.uniform(0.15, 0.6)), 3),
        wet=round(float(rng.uniform(0.05, 0.6)), 3) if rng.random() < 0.75 else 0.0,
        snr_db=round(float(rng.uniform(5, 30)), 1),
        slope=round(float(rng.uniform(0, 2)), 2),
        peak=round(float(rng.uniform(0.15, 0.9)), 3),
        seed=seed,
    )
