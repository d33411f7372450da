"""Corpus and study -> the whole look at the data, kept beside the prepared corpus."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from components.speech.check.copies import copy_checks
from components.speech.check.facts import corpus_facts, set_aside_checks
from components.speech.check.pronunciations import pace_checks, pronunciation_checks, pronunciation_facts
from components.speech.check.source import read_sources, source_checks, source_texts, sources_facts
from components.speech.check.split import sides, split_checks, split_facts
from components.speech.check.texts import commonest_text_check, script_checks, text_facts
from components.speech.check.unseen import unseen_checks, unseen_facts
from components.speech.corpus import Corpus, open_corpus
from components.speech.nouns import SPEECH_NOUNS
from components.speech.study import SpeechStudy
from components.study.checks import VERDICTS, CheckResult, DataCheck, data_check
from components.study.dataset import Dataset
from components.study.fingerprint import digest
from components.study.sources import source_stamp
from components.study.splits import check_split_name, make_folds

FOLDER = "checks"


def check_corpus(study: SpeechStudy, dataset: Dataset) -> DataCheck:
    """Study and its dataset -> what was read, how it is split, and everything worth knowing before it.

    Kept in the corpus's folder: the same look again costs nothing.
    """
    made_from = [dataset.fingerprint, study.split, study.seed, study.sizes, source_stamp()]
    made_from += [study.lexicon, study.grammar, study.lm]
    sources = read_sources(study, dataset.facts["rate"])
    made_from += [*(source.fingerprint for source in sources), study.source_text]
    path = Path(dataset.folder) / FOLDER / f"{digest(made_from)}.json"
    with suppress(OSError, ValueError, KeyError):
        return data_check(json.loads(path.read_text(encoding="utf-8")))
    check = _looked_at(open_corpus(dataset.folder, dataset.name), dataset, study)
    _keep(path, check)
    return check


def _looked_at(corpus: Corpus, dataset: Dataset, study: SpeechStudy) -> DataCheck:
    # here, as they import torch and kaldifst, which a kept look does not need
    from components.speech.check.language_files import language_file_checks
    from components.speech.check.sound_checks import sound_checks

    check_split_name(SPEECH_NOUNS, study.split)
    facts = {**corpus_facts(corpus), **text_facts(corpus), **pronunciation_facts(corpus, study.lexicon)}
    results = [
        *corpus.checks,
        *copy_checks(corpus),
        *set_aside_checks(corpus),
        *commonest_text_check(corpus),
        *script_checks(corpus),
        *pronunciation_checks(corpus, study.lexicon),
        *pace_checks(corpus),
        *language_file_checks(corpus, study.grammar, study.lm),
    ]
    try:
        folds = make_folds(dataset, SPEECH_NOUNS, study.split, study.seed)
    except ValueError as error:  # all else that was found may say why
        results.append(CheckResult("split", "stop", str(error), acceptable=False))
        return DataCheck(facts, _worst_first(results))
    facts |= split_facts(dataset, folds, study.split) | unseen_facts(corpus, dataset, folds, study.sizes)
    results += [*split_checks(dataset, folds, study.split), *unseen_checks(dataset, folds[0])]
    results += sound_checks(corpus, sides(folds, len(dataset)), study.seed)
    sources = read_sources(study, corpus.rate)
    facts |= sources_facts(sources, corpus)
    tested = sorted({int(row) for fold in folds for row in fold.test})
    for source in sources:
        results += source_checks(source, corpus, tested)
        results += source_texts(source, dataset, folds) if study.source_text else []
    return DataCheck(facts, _worst_first(results))


def _worst_first(results: Sequence[CheckResult]) -> list[CheckResult]:
    return sorted(results, key=lambda result: -VERDICTS.index(result.verdict))


def _keep(path: Path, check: DataCheck) -> None:
    unfinished = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError, UnicodeError):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps(check.as_dict(), ensure_ascii=False), encoding="utf-8")
        os.replace(unfinished, path)
