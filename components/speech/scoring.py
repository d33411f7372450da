"""Scoring of speech: reference and hypothesis -> counts of wrong words and characters -> a trial's metrics.

Rates of any subject and their intervals are in components.study.counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import zip_longest

import jiwer
import pandas as pd

from components.study.counts import SCORE_COLUMNS, ratio

ERRORS = ("substitutions", "insertions", "deletions")
UTTERANCE_COLUMNS = (
    *SCORE_COLUMNS,
    *("reference", "hypothesis", "substitutions", "insertions", "deletions"),
    *("characters", "character_errors"),
)


@dataclass(frozen=True)
class Counts:
    """Errors and their totals, for any number of utterances; add them with + or sum().

    Attributes
    ----------
    words, characters, utterances
        In the references; spaces between words are characters.
    substitutions, insertions, deletions
        Of words.
    character_errors
        The three of characters, together.
    wrong
        Utterances whose words are not those of the reference.
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
        return Counts(*map(sum, zip(astuple(self), astuple(other), strict=True)))

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
    """Reference and hypothesis -> the counts of one utterance (Levenshtein, by jiwer).

    Any white space counts as one space, and nothing else is changed: case and punctuation count. Words
    where the reference is empty are insertions.
    """
    reference, hypothesis = " ".join(reference.split()), " ".join(hypothesis.split())
    words = jiwer.process_words(reference, hypothesis)
    characters = jiwer.process_characters(reference, hypothesis)
    return Counts(
        words=words.hits + words.substitutions + words.deletions,
        substitutions=words.substitutions,
        insertions=words.insertions,
        deletions=words.deletions,
        characters=len(reference),
        character_errors=characters.substitutions + characters.insertions + characters.deletions,
        utterances=1,
        wrong=int(reference != hypothesis),
    )


def score_texts(references: Sequence[str], hypotheses: Sequence[str]) -> Counts:
    """References and hypotheses, in the same order -> the summed counts of all."""
    pairs = zip(references, hypotheses, strict=True)
    return sum((score(reference, hypothesis) for reference, hypothesis in pairs), Counts())


def word_error_rate(references: Sequence[str], hypotheses: Sequence[str]) -> float:
    """References and hypotheses, in the same order -> wrong words of all over words of all, a share."""
    return score_texts(references, hypotheses).rate


def align_words(reference: str, hypothesis: str) -> list[tuple[str, str]]:
    """Reference and hypothesis -> aligned words of both; "" stands where one has none."""
    words, guesses = reference.split(), hypothesis.split()
    pairs: list[tuple[str, str]] = []
    for chunk in jiwer.process_words(" ".join(words), " ".join(guesses)).alignments[0]:
        left = words[chunk.ref_start_idx : chunk.ref_end_idx]
        right = guesses[chunk.hyp_start_idx : chunk.hyp_end_idx]
        pairs += zip_longest(left, right, fillvalue="")
    return pairs


def score_utterances(
    names: Sequence[str], speakers: Sequence[str], references: Sequence[str], hypotheses: Sequence[str]
) -> pd.DataFrame:
    """Names, speakers, references and hypotheses -> one row an utterance with UTTERANCE_COLUMNS.

    id is the utterance's name, group its speaker, errors its wrong words, total the words of its reference.
    """
    rows = []
    for name, speaker, reference, hypothesis in zip(names, speakers, references, hypotheses, strict=True):
        counts = score(reference, hypothesis)
        columns = {"id": name, "group": speaker, "reference": reference, "hypothesis": hypothesis}
        rows.append({**columns, "errors": counts.errors, "total": counts.words, **asdict(counts)})
    return pd.DataFrame(rows, columns=list(UTTERANCE_COLUMNS))


def sum_counts(utterances: pd.DataFrame) -> Counts:
    """Rows of `score_utterances` -> their summed counts."""
    names = ("substitutions", "insertions", "deletions", "characters", "character_errors")
    sums = {name: int(utterances[name].sum()) for name in names}
    wrong = int((utterances["errors"] > 0).sum())
    return Counts(words=int(utterances["total"].sum()), **sums, utterances=len(utterances), wrong=wrong)


def error_metrics(utterances: pd.DataFrame) -> dict[str, float]:
    """Rows of `score_utterances` -> what speech counts beside the word error rate, rates as shares.

    accuracy is the share of utterances with no wrong word: for single words, the share of words right.
    """
    counts = sum_counts(utterances)
    shares = {"cer": counts.character_rate, "sentence_error": counts.sentence_error}
    shares |= {"accuracy": 1 - counts.sentence_error}
    return shares | {name: float(getattr(counts, name)) for name in ERRORS}
