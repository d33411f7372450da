"""Facts about the sound, speakers and texts -> whether a system could answer without hearing the words.

For corpora of few texts, each said many times. The facts that count here carry no word: the noise floor of
the quietest band, offset, clipping, digital zeros, rate, and bandwidth to half an octave. The rest does: in a
clip without a pause even the noise floors of several bands tell "one" from "six".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.speech.corpus.sound_facts import column, floor_bands
from components.study.checks import CheckResult, percent

FOLDS = 5
LEAST_CLIPS = 100
LEAST_OF_A_TEXT = 2 * FOLDS  # clips; rarer texts are left out
MOST_CLIPS = 1000  # looked at, drawn by chance
LOOK = 0.2  # of two texts told apart beyond chance; FSDD 0.00, Speech Commands 0.10, two rooms 0.3 to 0.6
ROUGH_LOOK = 0.1  # the same by naive Bayes, below which trees are not asked
BINS = 8  # of each fact, as many clips in each
STOP = 0.5  # of what chance leaves to get right
SPEAKER_LOOK = 0.5
STANDARD_ERRORS = 3.0


@dataclass(frozen=True)
class Guessed:
    """What is guessed of texts without the words.

    Attributes
    ----------
    right
        Share of all texts.
    chance
        Share of the commonest text.
    apart
        Of two texts, how often the right one beyond chance: 0 by chance, 1 always.
    """

    right: float
    chance: float
    apart: float

    @property
    def gain(self) -> float:
        """What is right beyond chance, as a share of what chance leaves."""
        return (self.right - self.chance) / (1 - self.chance)


def confound_checks(
    facts: np.ndarray, texts: Sequence[str], speakers: Sequence[str], seed: int = 0
) -> list[CheckResult]:
    """Facts (clips, FACTS), text and speaker ("" if unknown) of each clip -> what gives texts away."""
    results = (_without_words(facts, texts, speakers, seed), _by_speaker(texts, speakers))
    return [result for result in results if result]


def nuisances(facts: np.ndarray) -> np.ndarray:
    """Facts (clips, FACTS) -> those that carry no word (clips, 6); offsets and shares on a log scale."""
    shares = [np.log10(np.abs(column(facts, name)) + 1e-5) for name in ("offset", "clipped", "zeros")]
    rates = [np.log2(column(facts, "rate")), np.round(2 * np.log2(column(facts, "bandwidth") + 1))]
    return np.column_stack([floor_bands(facts).min(1), *shares, *rates])


def told_apart_roughly(facts: np.ndarray, texts: np.ndarray, speakers: np.ndarray) -> float:
    """As `Guessed.apart`, by naive Bayes on each nuisance cut into BINS, in a hundredth of the time.

    A room shows in each fact by itself, so that it finds what trees find, if not as clearly; what shows in no
    fact, but in two of them together, it misses. On FSDD in ten conditions and Speech Commands both agreed.
    """
    words, labels = np.unique(texts, return_inverse=True)
    folds, cut = _folds_of(speakers), _cut(nuisances(facts))  # (clips,), (clips, facts)
    log_chances = np.zeros((len(labels), len(words)))
    for fold in range(FOLDS):
        held_out = folds == fold
        for values in cut.T:
            counts = np.ones((len(words), BINS))
            np.add.at(counts, (labels[~held_out], values[~held_out]), 1)
            log_chances[held_out] += np.log(counts / counts.sum(1, keepdims=True)).T[values[held_out]]
    return _told_apart(log_chances, labels, len(words))


def _folds_of(speakers: np.ndarray) -> np.ndarray:
    """Speakers of clips -> fold of each clip, whole speakers where there are several."""
    names, owners, counts = np.unique(speakers, return_inverse=True, return_counts=True)
    if len(names) == 1:
        return np.arange(len(speakers)) % FOLDS
    rank = np.argsort(np.argsort(-counts, kind="stable"))
    return rank[owners] % FOLDS


def _cut(values: np.ndarray) -> np.ndarray:
    """Values (clips, dims) -> the bin of each among quantiles of its column."""
    edges = np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1], axis=0)
    return np.column_stack([np.searchsorted(*column) for column in zip(edges.T, values.T, strict=True)])


def guess_without_words(facts: np.ndarray, texts: np.ndarray, speakers: np.ndarray, seed: int = 0) -> Guessed:
    """Facts, texts and speakers of clips -> how well the texts are guessed from the nuisances alone.

    By extremely randomised trees (Geurts et al., 2006) that saw no clip of the speaker, if there are several.
    """
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_predict

    several = len(set(speakers)) > 1
    folds = GroupKFold(min(FOLDS, len(set(speakers)))) if several else StratifiedKFold(FOLDS)
    trees = ExtraTreesClassifier(60, min_samples_leaf=5, class_weight="balanced", random_state=seed)
    words, labels = np.unique(texts, return_inverse=True)
    chances = cross_val_predict(
        trees,
        nuisances(facts),
        labels,
        groups=speakers if several else None,
        cv=folds,
        method="predict_proba",
    )
    right = float((chances.argmax(1) == labels).mean())
    return Guessed(right, np.bincount(labels).max() / len(labels), _told_apart(chances, labels, len(words)))


def _told_apart(chances: np.ndarray, labels: np.ndarray, count: int) -> float:
    """Probabilities (clips, texts) and labels (clips,) -> mean over pairs of texts of 2 * accuracy - 1."""
    own = chances[np.arange(len(labels)), labels][:, None]
    wins = np.sign(own - chances)  # (clips, texts): against each text
    means = np.array([wins[labels == label].mean(0) for label in range(count)])
    return float(means.sum() / (count * (count - 1)))  # its own column is 0


def _without_words(
    facts: np.ndarray, texts: Sequence[str], speakers: Sequence[str], seed: int
) -> CheckResult | None:
    rows = _closed_rows(texts, seed)
    words = np.asarray(texts)[rows]
    if len(rows) < LEAST_CLIPS or len(set(words)) < 2:
        return None
    who = np.asarray(speakers)[rows]
    if told_apart_roughly(facts[rows], words, who) < ROUGH_LOOK:
        return None
    guessed = guess_without_words(facts[rows], words, who, seed)
    if guessed.apart < max(LOOK, STANDARD_ERRORS / np.sqrt(len(rows))):
        return None
    return CheckResult(
        "answers-without-words",
        "stop" if guessed.gain > STOP else "look",
        "Texts fall together with rooms, levels or files: noise, offset, clipping and bandwidth alone tell "
        f"two texts apart in {percent((1 + guessed.apart) / 2)} of cases (50 % by chance), and "
        f"{percent(guessed.right)} of all texts (the commonest is {percent(guessed.chance)}). A system could "
        "answer so without hearing a word: record each text in every room and with every device.",
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
    """Facts and texts -> noise floor, in its quietest band, of the texts with the lowest and the highest."""
    floors = floor_bands(facts).min(1)
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
        f"Who speaks tells {percent(right)} of the texts, where the commonest text alone is "
        f"{percent(chance)}: each speaker says only some of them. A system can learn the voice and not the "
        "word; record every text by every speaker, or test on speakers who say other texts than in training.",
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
