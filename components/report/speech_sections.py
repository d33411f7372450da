"""Speech sections: what the page of a study of speech has besides what every study's has."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from components.report import ceiling_svg
from components.report.augmentation import augmentation_view
from components.report.ceiling import ORACLE_STYLES, CeilingAnalysis, ceiling_analysis
from components.report.costs import Cost, duration, figures
from components.report.findings import Findings, metric
from components.report.kept_layers import KEPT_LAYERS
from components.report.sections import Section, from_template
from components.report.task_matrix_svg import draw_matrix
from components.report.tasks import tasks_view
from components.report.transfer import TRANSFER
from components.report.word_section import WORDS
from components.speech.inspection.lm_ablation import ablation_table
from components.study.curves import BEST
from components.study.kept_file import file_name, is_kept
from components.study.results import StudyRecord, TrialResult


def _speech_seconds(trial: TrialResult) -> float:
    """A trial -> seconds of speech it learned from."""
    return metric("train_seconds")(trial) * metric("audio_seconds_per_second")(trial)


def _milliseconds(seconds: float) -> str:
    return f"{figures(1000 * seconds)} ms"


SPEECH_COSTS = (
    Cost(_speech_seconds, 10, name="labelled speech", words=duration),
    Cost(
        metric("decode_rtf"),
        30,
        title="Time to recognise one second of speech",
        unit="RTF",
        reading="Below 1 is faster than speech.",
        key="cost-decode-rtf",
        name="time to recognise",
        words=_milliseconds,
        note="Time to recognise: milliseconds for a second of speech.",
    ),
    Cost(
        metric("augmented_passes"),
        70,
        title="Altered copies of each training clip",
        unit="times",
        reading="Copies for a modular recogniser, passes for a network; none if it is not drawn.",
        key="cost-altered-copies",
    ),
)


LANGUAGE_FILES = {
    "lexicon": "pronunciations from",
    "lm_text": "sentences of",
    "lm": "in place of a learned language model",
}


def lm_ablation_rates(findings: Findings) -> dict[tuple[str, str], dict[int, float]] | None:
    """Findings -> (recogniser, its knowledge of language) -> size -> word error rate; None without any."""
    table = ablation_table(findings.record)
    long = table.melt(["recogniser", "size"], var_name="known", value_name="rate").dropna()
    rates: dict[tuple[str, str], dict[int, float]] = {}
    for name in findings.record.recognisers:
        for row in long[long["recogniser"] == name].to_dict("records"):
            rates.setdefault((name, row["known"]), {})[row["size"]] = row["rate"]
    return rates or None


def _lm_ablation_view(findings: Findings) -> tuple[dict, pd.DataFrame, str] | None:
    rates = lm_ablation_rates(findings)
    return rates and (rates, ablation_table(findings.record), language_files(findings.record.settings))


def language_files(settings: Mapping[str, Any]) -> str:
    """Settings of a study -> a sentence that names the files which say what is known of the language."""
    given = [
        f"{what} {file_name(str(settings[name]))}"
        for name, what in LANGUAGE_FILES.items()
        if is_kept(settings.get(name))
    ]
    return f"Given besides the training texts: {', '.join(given)}." if given else ""


def _ceiling_pictures(analysis: CeilingAnalysis, folder: Path) -> list[Path]:
    from components.report.pictures import save_bars

    return [file for view in analysis.views for file in save_bars(view.bars, ORACLE_STYLES, folder)]


def _best_trials(findings: Findings) -> list[TrialResult] | None:
    record: StudyRecord = findings.record
    return [trial for trial in map(record.best, BEST) if trial] or None


SPEECH_SECTIONS = (
    Section("costs", costs=SPEECH_COSTS),
    TRANSFER,
    KEPT_LAYERS,
    Section(
        "tasks",
        link="What the other answers are",
        after="extrapolation",
        view=tasks_view,
        html=from_template("tasks.html.j2", draw_matrix=draw_matrix),
        tables=lambda view: view.files,
    ),
    Section(
        "augmentation",
        link="With and without augmentation",
        after="extrapolation",
        view=augmentation_view,
        html=from_template("augmentation.html.j2"),
        tables=lambda view: {"augmentation": view.table},
    ),
    Section(
        "knowledge",
        link="Help from language",
        after="extrapolation",
        view=_lm_ablation_view,
        html=from_template("lm_ablation.html.j2"),
        tables=lambda view: {"knowledge": view[1]},
    ),
    WORDS,
    Section(
        "ceiling",
        link="What holds it back",
        view=ceiling_analysis,
        html=from_template("ceiling.html.j2", ceiling_svg=ceiling_svg),
        tables=lambda analysis: {"ceiling": analysis.table},
        pictures=_ceiling_pictures,
        styles=lambda analysis: ORACLE_STYLES,
    ),
    Section("try", after="settings", view=_best_trials, html=from_template("try.html.j2")),
)
