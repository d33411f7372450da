"""Scoring: one reference and one hypothesis -> counts of errors, whose sums give rates and intervals.

Counts are added first and divided once: the mean of per-utterance rates is another, worse number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass

import jiwer
import pandas as pd

from components.study.counts import SCORE_COLUMNS, rate_metrics, ratio

METRIC = "wer"
UTTERANCE_COLUMNS = (
    *SCORE_COLUMNS,
    *("reference", "hypothesis", "substitutions", "insertions", "deletions"),
    *("characters", "character_errors"),
)


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
    """Four equally long lists -> one row an utterance, the columns named in UTTERANCE_COLUMNS.

    id: of the utterance; group: its speaker; errors: wrong words; total: words of the reference.
    """
    rows = []
    for name, speaker, reference, hypothesis in zip(names, speakers, references, hypotheses, strict=True):
        counts = score(reference, hypothesis)
        about = {"id": name, "group": speaker, "reference": reference, "hypothesis": hypothesis}
        rows.append({**about, "errors": counts.errors, "total": counts.words, **asdict(counts)})
    return pd.DataFrame(rows, columns=list(UTTERANCE_COLUMNS))


def total(utterances: pd.DataFrame) -> Counts:
    """Rows of `score_utterances` -> their summed counts."""
    names = ("substitutions", "insertions", "deletions", "characters", "character_errors")
    sums = {name: int(utterances[name].sum()) for name in names}
    wrong = int((utterances["errors"] > 0).sum())
    return Counts(words=int(utterances["total"].sum()), **sums, utterances=len(utterances), wrong=wrong)


def trial_metrics(utterances: pd.DataFrame, seed: int = 0) -> dict[str, float]:
    """Rows of `score_utterances` -> every number about errors that a trial keeps, rates as shares.

    accuracy is the share of utterances with no wrong word: for single words, the share of words right.
    """
    counts = total(utterances)
    shares = {"cer": counts.character_rate, "sentence_error": counts.sentence_error}
    shares |= {"accuracy": 1 - counts.sentence_error}
    names = ("substitutions", "insertions", "deletions")
    rates = rate_metrics(utterances, METRIC, seed)
    return rates | shares | {name: float(getattr(counts, name)) for name in names}
