"""Rows with transcripts -> each scored against its reference, by the project's own scorer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pandas as pd

from components.external.asked import Asked
from components.external.columns import column_of
from components.external.counted import Scores
from components.external.rows import Row
from components.external.sources import references_in
from components.speech.corpus.language import find_language
from components.speech.corpus.transcripts import write_alike
from components.speech.scoring import score_utterances
from components.study.checks import CheckResult
from components.study.nouns import counted

Texts = Mapping[str, str]  # id -> text


@dataclass(frozen=True)
class References:
    """texts, groups: of utterances, by id. how: where they are from. differing: further texts of an id."""

    texts: dict[str, str]
    groups: dict[str, str]
    how: str
    differing: Sequence[tuple[str, str]] = ()


def score_transcripts(
    rows: Sequence[Row], columns: Mapping[str, str], trials: Sequence[Hashable], asked: Asked
) -> Scores:
    """Rows, their columns and the trial of each -> scores of every utterance of the references.

    An utterance that a trial lacks counts as recognised as nothing, which stops the study unless it is
    accepted; one that the references lack is set aside by name. Raises ValueError where there are no
    references, and for two hypotheses of one utterance.
    """
    if "id" not in columns:
        raise ValueError(
            "transcripts expected a column of ids, such as id or audio_filepath, got none; add one."
        )
    heard = _by_trial(rows, columns, trials)
    known = _references(rows, columns, asked.reference)
    alike, how, unit = _written_alike([known.texts, *heard.values()], asked)
    tables = {trial: _scored(known, own, alike) for trial, own in heard.items()}
    checks = [*_missing(heard, known), *_differing(known, alike)]
    said = {"hypothesis": f"column {columns['hypothesis']}", "reference": known.how, **how}
    return Scores(tables, said, checks, _surplus(heard, known), unit, single=True)


def _by_trial(
    rows: Sequence[Row], columns: Mapping[str, str], trials: Sequence[Hashable]
) -> dict[Hashable, dict[str, str]]:
    """Rows -> trial -> id -> hypothesis."""
    heard: dict[Hashable, dict[str, str]] = {trial: {} for trial in trials}
    for row, trial in zip(rows, trials, strict=True):
        name = row.text(columns["id"])
        if columns["hypothesis"] not in row.values:
            continue
        if not name:
            raise ValueError(
                f"{row.where}: expected an id in column {columns['id']!r}, got none; add it, or name another "
                "column with --column id=NAME."
            )
        if name in heard[trial]:
            raise ValueError(
                f"{row.where}: expected an utterance that this system, size and run does not have yet, got "
                f"{name!r}; take one out, or add a column seed or draw that tells them apart."
            )
        heard[trial][name] = row.text(columns["hypothesis"])
    return heard


def _references(rows: Sequence[Row], columns: Mapping[str, str], file: str) -> References:
    """References of a file, or those beside the hypotheses."""
    if file:
        rows = references_in(Path(file))
        columns = {field: column_of(field, rows) for field in ("id", "reference", "group")}
    if not columns.get("reference"):
        place = file or "the transcripts"
        raise ValueError(
            f"{place} expected references beside ids, got none; name their file: --reference data/test/text."
        )
    texts, groups, differing = {}, {}, []
    for row in rows:
        name, text = row.text(columns["id"]), row.text(columns["reference"])
        if columns["reference"] not in row.values:
            continue
        if texts.setdefault(name, text) != text:
            differing.append((name, text))
        groups.setdefault(name, row.text(columns.get("group", "")))
    return References(texts, groups, file or f"column {columns['reference']}", differing)


def _written_alike(texts: Sequence[Texts], asked: Asked) -> tuple[dict[str, str], dict[str, str], str]:
    """References, then hypotheses -> each text in one written form, what that is, and the unit of errors."""
    written = list(dict.fromkeys(chain.from_iterable(own.values() for own in texts)))
    if asked.verbatim:
        return {text: " ".join(text.split()) for text in written}, {"texts": "as they are written"}, "word"
    language = find_language((), list(texts[0].values()), asked.language)
    alike = write_alike(written, language.code)
    how = {"texts": "in lower case, without punctuation, numbers in words", "language": language.how}
    return dict(zip(written, alike.texts, strict=True)), how, alike.unit


def _scored(known: References, heard: Texts, alike: Texts) -> pd.DataFrame:
    references = [alike[text] for text in known.texts.values()]
    hypotheses = [alike[heard[name]] if name in heard else "" for name in known.texts]
    return score_utterances(list(known.texts), list(known.groups.values()), references, hypotheses)


def _missing(heard: Mapping[Hashable, Texts], known: References) -> list[CheckResult]:
    lacking = {trial: [name for name in known.texts if name not in own] for trial, own in heard.items()}
    lost = [f"{_named(trial)}: {name}" for trial, names in lacking.items() for name in names]
    if not lost:
        return []
    trials = f"{sum(bool(names) for names in lacking.values())} of {len(heard)} trials"
    message = (
        f"{counted(len(lost), 'hypothesis is', 'hypotheses are')} missing, in {trials}: the references have "
    )
    message += "these ids. They count as recognised as nothing."
    return [CheckResult("missing-hypotheses", "stop", message, tuple(lost))]


def _differing(known: References, alike: Texts) -> list[CheckResult]:
    names = [name for name, text in known.differing if alike.get(text, text) != alike[known.texts[name]]]
    names = list(dict.fromkeys(names))
    what = counted(len(names), "utterance has", "utterances have")
    message = f"{what} more than one reference; all are scored against the first."
    return [CheckResult("references-differ", "stop", message, tuple(names))] if names else []


def _surplus(heard: Mapping[Hashable, Texts], known: References) -> list[tuple[str, str]]:
    names: Iterable[str] = dict.fromkeys(chain.from_iterable(heard.values()))
    return [(name, "no reference has this id") for name in names if name not in known.texts]


def _named(trial: Hashable) -> str:
    system, size, *_ = trial  # type: ignore[misc]
    return f"{system} at {size:,}"
