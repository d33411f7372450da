"""Scoring: one reference and one hypothesis -> counts of errors, whose sums give rates and intervals.

Counts are added first and divided once: the mean of per-utterance rates is another, worse number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass

import jiwer
import numpy as np
import pandas as pd
from scipy.stats import norm, t

UTTERANCE_COLUMNS = (
    *("name", "speaker", "reference", "hypothesis"),
    *("words", "substitutions", "insertions", "deletions", "characters", "character_errors"),
)
MOST_BLOCKS = 250


@dataclass(frozen=True)
class Counts:
    """Errors and what they are divided by, for any number of utterances; add them with + or sum().

    words, characters: in the references. wrong: utterances with at least one error of words.
    """

    words: int = 0
    substitutions: int = 0
    insertions: int = 0
    deletions: int = 0
    characters: int = 0
    character_errors: int = 0
    utterances: int = 0
    wrong: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def __radd__(self, other: int) -> Counts:
        # sum() starts from 0
        return self if other == 0 else NotImplemented

    @property
    def errors(self) -> int:
        """Words wrong: substitutions + insertions + deletions."""
        return self.substitutions + self.insertions + self.deletions

    @property
    def rate(self) -> float:
        """Word error rate, a share: 0.05 is 5 %; see `ratio` for references without a word."""
        return ratio(self.errors, self.words)

    @property
    def character_rate(self) -> float:
        """Character error rate, spaces between words included."""
        return ratio(self.character_errors, self.characters)

    @property
    def sentence_error(self) -> float:
        """Share of utterances with at least one wrong word; for single words, 1 - accuracy."""
        return ratio(self.wrong, self.utterances)


def ratio(errors: float, total: float) -> float:
    """Errors and their total -> a rate; with nothing said, 0 if nothing was heard, else infinity."""
    if total:
        return errors / total
    return float("inf") if errors else 0.0


def score(reference: str, hypothesis: str) -> Counts:
    """What was said and what was heard -> the counts of one utterance (Levenshtein, by jiwer).

    Runs of white space count as one space, and nothing else is changed: case and punctuation count.
    Words heard where the reference is empty are insertions, and count.
    """
    said, heard = " ".join(reference.split()), " ".join(hypothesis.split())
    words, characters = jiwer.process_words(said, heard), jiwer.process_characters(said, heard)
    return Counts(
        words=words.hits + words.substitutions + words.deletions,
        substitutions=words.substitutions,
        insertions=words.insertions,
        deletions=words.deletions,
        characters=len(said),
        character_errors=characters.substitutions + characters.insertions + characters.deletions,
        utterances=1,
        wrong=int(said != heard),
    )


def word_pairs(reference: str, hypothesis: str) -> list[tuple[str, str]]:
    """What was said and what was heard -> aligned (said, heard) words; "" where one has no partner."""
    said, heard = reference.split(), hypothesis.split()
    chunks = jiwer.process_words(" ".join(said), " ".join(heard)).alignments[0]
    pairs: list[tuple[str, str]] = []
    for chunk in chunks:
        left = said[chunk.ref_start_idx : chunk.ref_end_idx]
        right = heard[chunk.hyp_start_idx : chunk.hyp_end_idx]
        longest = max(len(left), len(right))
        pad = [[*side, *[""] * (longest - len(side))] for side in (left, right)]
        pairs += zip(*pad, strict=True)
    return pairs


def score_utterances(
    names: Sequence[str], speakers: Sequence[str], references: Sequence[str], hypotheses: Sequence[str]
) -> pd.DataFrame:
    """Four equally long lists -> one row an utterance, the columns named in UTTERANCE_COLUMNS."""
    rows = []
    for name, speaker, said, heard in zip(names, speakers, references, hypotheses, strict=True):
        counts = asdict(score(said, heard))
        rows.append({"name": name, "speaker": speaker, "reference": said, "hypothesis": heard, **counts})
    return pd.DataFrame(rows, columns=list(UTTERANCE_COLUMNS))


def word_errors(utterances: pd.DataFrame) -> pd.Series:
    """Rows of `score_utterances` -> wrong words in each."""
    return utterances[["substitutions", "insertions", "deletions"]].sum(axis=1)


def total(utterances: pd.DataFrame) -> Counts:
    """Rows of `score_utterances` -> their summed counts."""
    names = [name for name in UTTERANCE_COLUMNS if name in Counts.__dataclass_fields__]
    sums = {name: int(utterances[name].sum()) for name in names}
    wrong = int((word_errors(utterances) > 0).sum())
    return Counts(**sums, utterances=len(utterances), wrong=wrong)


def trial_metrics(utterances: pd.DataFrame, seed: int = 0) -> dict[str, float]:
    """Rows of `score_utterances` -> every number about errors that a trial keeps, rates as shares.

    accuracy is the share of utterances with no wrong word: for single words, the share of words right.
    """
    counts = total(utterances)
    low, high = wer_interval(word_errors(utterances), utterances["words"], utterances["speaker"], seed)
    rates = {"wer": counts.rate, "wer_low": low, "wer_high": high, "cer": counts.character_rate}
    shares = {"sentence_error": counts.sentence_error, "accuracy": 1 - counts.sentence_error}
    names = ("errors", "words", "substitutions", "insertions", "deletions")
    return rates | shares | {name: float(getattr(counts, name)) for name in names}


def wer_interval(
    errors: Sequence[int],
    words: Sequence[int],
    speakers: Sequence[str],
    seed: int = 0,
    replications: int = 2000,
    level: float = 0.95,
) -> tuple[float, float]:
    """Errors, words and speaker of each utterance -> low and high end of the word error rate.

    Whole speakers are drawn with replacement (Bisani and Ney, 2004; in blocks as the utterances of one
    speaker err together: Liu and Peng, 2020). Utterances with no speaker ("") each stand alone; if there
    is one speaker only, utterances are drawn, and the interval speaks for that speaker alone. The
    percentiles are moved outward for few speakers (Hesterberg, 2015). As a bootstrap of no error, or of
    equal speakers, has no width, the interval is never narrower than the score interval of independent
    words (Wilson, 1927), the least that so many words can leave open.
    """
    errors, words = np.asarray(errors, dtype=float), np.asarray(words, dtype=float)
    if not words.sum():
        return 0.0, float("inf")
    blocks = speaker_blocks(speakers)
    by_block = np.stack([np.bincount(blocks, errors), np.bincount(blocks, words)])  # (2, blocks)
    drawn = block_draws(by_block.shape[1], replications, seed) @ by_block.T  # (replications, 2)
    rates = drawn[:, 0][drawn[:, 1] > 0] / drawn[:, 1][drawn[:, 1] > 0]
    outside = expanded_tail(by_block.shape[1], level)
    low, high = np.quantile(rates, [outside, 1 - outside])
    least = score_interval(errors.sum(), words.sum(), level)
    return float(min(low, least[0])), float(max(high, least[1]))


def speaker_blocks(speakers: Sequence[str]) -> np.ndarray:
    """Speaker of each utterance -> number of its block.

    Utterances of no speaker, or all of one, are spread over up to MOST_BLOCKS blocks: taken as
    independent, they vary in groups as they do alone, and memory stays small.
    """
    names = [speaker or f"\0{place % MOST_BLOCKS}" for place, speaker in enumerate(speakers)]
    if len(set(names)) == 1:
        return np.arange(len(names)) % MOST_BLOCKS
    return np.unique(names, return_inverse=True)[1]


def block_draws(blocks: int, replications: int, seed: int) -> np.ndarray:
    """Number of blocks -> how often each is drawn, (replications, blocks); rows sum to the number."""
    return np.random.default_rng(seed).multinomial(blocks, np.full(blocks, 1 / blocks), size=replications)


def expanded_tail(blocks: int, level: float) -> float:
    """Number of blocks -> share cut at each end so that few blocks still cover (Hesterberg, 2015)."""
    if blocks < 2:
        return 0.0
    half_width = t.ppf((1 + level) / 2, blocks - 1) * np.sqrt(blocks / (blocks - 1))
    return float(norm.cdf(-half_width))


def score_interval(errors: float, words: float, level: float = 0.95) -> tuple[float, float]:
    """Errors among independent words -> low and high end of the rate (Wilson, 1927).

    Where errors outnumber words, which insertions allow, the score interval of a Poisson count.
    """
    z = norm.ppf((1 + level) / 2)
    rate, spread = errors / words, z**2 / words
    if errors > words:
        centre, half = rate + spread / 2, np.sqrt(spread * (rate + spread / 4))
        return float(centre - half), float(centre + half)
    centre = (rate + spread / 2) / (1 + spread)
    half = np.sqrt(spread * (rate * (1 - rate) + spread / 4)) / (1 + spread)
    return float(max(0.0, centre - half)), float(centre + half)
