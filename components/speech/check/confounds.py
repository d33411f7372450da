"""Facts about the sound, speakers and texts -> whether a system could answer without hearing the words.

For corpora of few texts, each said many times. The facts that count here carry next to no word: noise floor,
offset, bandwidth, rate, clipping, digital zeros. Durations and spectra of speech are left out, and so is the
silence before it: a soft consonant begins with what looks like silence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from components.speech.corpus.sound_facts import FIELDS
from components.study.checks import CheckResult

FLOORS = tuple(name for name in FIELDS if name.startswith("floor_db"))
NUISANCES = ("rate", "offset", "clipped", "zeros", "bandwidth", *FLOORS)
SMALL = ("offset", "clipped", "zeros")  # compared on a log scale
FOLDS = 5
LEAST_CLIPS = 100
LEAST_OF_A_TEXT = 2 * FOLDS  # clips; rarer texts are left out
MOST_CLIPS = 3000  # looked at, drawn by chance
LOOK, STOP = 0.12, 0.5  # of what chance leaves to get right; clean FSDD has 0.04, Speech Commands 0.08
SPEAKER_LOOK = 0.5
STANDARD_ERRORS = 3.0


def confound_checks(
    facts: np.ndarray, texts: Sequence[str], speakers: Sequence[str], seed: int = 0
) -> list[CheckResult]:
    """Facts (clips, FACTS), text and speaker ("" if unknown) of each clip -> what gives texts away."""
    results = (_without_words(facts, texts, speakers, seed), _by_speaker(texts, speakers))
    return [result for result in results if result]


def nuisances(facts: np.ndarray) -> np.ndarray:
    """Facts (clips, FACTS) -> those that carry no word (clips, NUISANCES)."""
    values = facts[:, [FIELDS.index(name) for name in NUISANCES]].astype(np.float64)
    small = [NUISANCES.index(name) for name in SMALL]
    values[:, small] = np.log10(np.abs(values[:, small]) + 1e-5)
    return values


def guessed_without_words(
    facts: np.ndarray, texts: np.ndarray, speakers: np.ndarray, seed: int = 0
) -> np.ndarray:
    """Facts, texts and speakers of clips -> whether each text (clips,) is guessed from its nuisances alone.

    By extremely randomised trees (Geurts et al., 2006) that saw no clip of the speaker, if there are several.
    """
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_predict

    several = len(set(speakers)) > 1
    folds = GroupKFold(min(FOLDS, len(set(speakers)))) if several else StratifiedKFold(FOLDS, shuffle=False)
    trees = ExtraTreesClassifier(100, min_samples_leaf=3, random_state=seed)
    guesses = cross_val_predict(trees, nuisances(facts), texts, groups=speakers, cv=folds)
    return guesses == texts


def _without_words(
    facts: np.ndarray, texts: Sequence[str], speakers: Sequence[str], seed: int
) -> CheckResult | None:
    rows = _closed_rows(texts, seed)
    words = np.asarray(texts)[rows]
    if len(rows) < LEAST_CLIPS or len(set(words)) < 2:
        return None
    right = guessed_without_words(facts[rows], words, np.asarray(speakers)[rows], seed).mean()
    chance = max(Counter(words.tolist()).values()) / len(rows)
    gain = (right - chance) / (1 - chance)
    if gain < LOOK or right - chance < STANDARD_ERRORS * np.sqrt(chance * (1 - chance) / len(rows)):
        return None
    return CheckResult(
        "answers-without-words",
        "stop" if gain > STOP else "look",
        f"Texts fall together with rooms, levels or files: noise, offset, clipping and bandwidth alone tell "
        f"{right:.0%} of the texts, where the commonest text alone is {chance:.0%}. A system could answer so "
        "without hearing a word: record each text in every room and with every device.",
        _telling(facts[rows], words),
    )


def _closed_rows(texts: Sequence[str], seed: int) -> np.ndarray:
    """Texts -> positions of up to MOST_CLIPS clips whose text is said often; none if few texts are."""
    counts = Counter(texts)
    rows = np.array([row for row, text in enumerate(texts) if counts[text] >= LEAST_OF_A_TEXT], np.int64)
    if len(rows) < len(texts) / 2:
        return rows[:0]
    return np.sort(np.random.default_rng(seed).permutation(rows)[:MOST_CLIPS])


def _telling(facts: np.ndarray, texts: np.ndarray) -> tuple[str, ...]:
    """Facts and texts -> the noise floor of the texts with the highest and the lowest one."""
    floors = facts[:, FIELDS.index("floor_db")]
    levels = sorted((float(np.median(floors[texts == text])), str(text)) for text in set(texts))
    return tuple(f"noise floor of {text!r} {level:.0f} dB" for level, text in (levels[0], levels[-1]))


def _by_speaker(texts: Sequence[str], speakers: Sequence[str]) -> CheckResult | None:
    known = [(speaker, text) for speaker, text in zip(speakers, texts, strict=True) if speaker]
    counts = Counter(text for _, text in known)
    if len(known) < LEAST_CLIPS or len({speaker for speaker, _ in known}) < 2 or len(counts) < 2:
        return None
    if sum(count for count in counts.values() if count >= LEAST_OF_A_TEXT) < len(known) / 2:
        return None
    right, chance = _guessed_by_speaker(known), max(counts.values()) / len(known)
    if right - chance < SPEAKER_LOOK * (1 - chance):
        return None
    return CheckResult(
        "texts-by-speaker",
        "look",
        f"Who speaks tells {right:.0%} of the texts, where the commonest text alone is {chance:.0%}: each "
        "speaker says only some of them. A system can learn the voice and not the word; record every text by "
        "every speaker, or test on speakers who say other texts than in training.",
    )


def _guessed_by_speaker(known: Sequence[tuple[str, str]]) -> float:
    """(speaker, text) of clips -> share of texts that are the commonest among their speaker's other clips."""
    by_speaker: dict[str, Counter[str]] = defaultdict(Counter)
    for speaker, text in known:
        by_speaker[speaker][text] += 1
    right = 0
    for counts in by_speaker.values():
        (text, most), *others = counts.most_common(2)
        second = others[0][1] if others else 0
        right += most if most - 1 > second or (most > 1 and not others) else 0
    return right / len(known)
