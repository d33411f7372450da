"""Write: a study record and a folder -> the report page, its pictures and its tables, as files there."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from components.report import ceiling_svg, svg
from components.report.augmentation import augmentation_view
from components.report.breakdown import Breakdown, breakdown, disagreements
from components.report.ceiling import ORACLE_LOOKS, ceiling_frame, ceiling_looks, ceiling_views
from components.report.chart import Chart, cost_charts, learning_chart, looks, number, percent, points
from components.report.equal_cost import trade_rows
from components.report.extrapolation import outlook
from components.report.findings import REPLICATIONS, Findings, findings
from components.report.growth import growth_sentence
from components.report.pictures import save_bars, save_breakdown, save_chart
from components.report.regression import regressed_line
from components.report.tables import answer_frame, crossover_rows, trial_frame
from components.speech.inspection.lm_ablation import ablation_table
from components.study.curves import BEST
from components.study.curves.answer import about
from components.study.results import StudyRecord

MOST_ROWS = 30
MOST_NAMES = 200


@dataclass(frozen=True)
class ReportFiles:
    """What was written: the page, the pictures (PNG and SVG), the tables (CSV)."""

    page: Path
    pictures: tuple[Path, ...]
    tables: tuple[Path, ...]


def write_report(record: StudyRecord, folder: Path, sounds: Mapping[str, bytes] | None = None) -> ReportFiles:
    """A record and a folder, made if need be -> the files of its report; the page needs none but itself.

    sounds: clip name -> a FLAC file to listen to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = findings(record)
    parts = breakdown(found)
    charts = [chart for chart in (learning_chart(found), *cost_charts(found)) if chart.lines]
    page = folder / "index.html"
    page.write_text(render(found, parts, charts, sounds or {}), encoding="utf-8")
    return ReportFiles(
        page, tuple(_pictures(found, parts, charts, folder)), tuple(_tables(found, parts, folder))
    )


def _pictures(found: Findings, parts: Breakdown | None, charts: list[Chart], folder: Path) -> list[Path]:
    files = [file for chart in charts for file in save_chart(chart, folder)]
    for view in ceiling_views(found.record):
        files += save_bars(view.bars, ORACLE_LOOKS, folder)
    if parts is None:
        return files
    finalists = {name: looks(found.record)[name] for name in parts.finalists}
    for table, what in ((parts.words, "word"), (parts.speakers, "speaker")):
        files += save_breakdown(table, what, finalists, folder) if len(table) else []
    return files


def _tables(found: Findings, parts: Breakdown | None, folder: Path) -> list[Path]:
    record = found.record
    tables = {"answer": answer_frame(record), "trials": trial_frame(record), "set-aside": record.set_aside}
    if parts is not None:
        tables |= {"errors-by-word": parts.words, "errors-by-speaker": parts.speakers}
    if record.ceilings:
        tables["ceiling"] = ceiling_frame(record)
    if (view := augmentation_view(found)) is not None:
        tables["augmentation"] = view.table
    if len(known := ablation_table(record)):
        tables["knowledge"] = known
    files = [folder / f"{name}.csv" for name in tables]
    for file, table in zip(files, tables.values(), strict=True):
        table.to_csv(file, index=False)
    return files


@lru_cache(maxsize=1)
def environment() -> Environment:
    """What every page is made with: their templates, and filters for numbers and names."""
    made = Environment(
        loader=PackageLoader("components.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"percent": percent, "number": number, "points": points, "unbroken": unbroken}
    return made


def render(found: Findings, parts: Breakdown | None, charts: list[Chart], sounds: Mapping[str, bytes]) -> str:
    """Findings -> the whole page as one string: no other file, no request."""
    record = found.record
    look = looks(record) | ceiling_looks(record)
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            record=record,
            found=found,
            headline=_headline(found),
            regressed=regressed_line(record),
            facts=_facts(found),
            main=[chart for chart in charts if chart.key == "learning-curves"],
            costs=[chart for chart in charts if chart.key != "learning-curves"],
            svg=svg,
            looks=look,
            index={name: place for place, name in enumerate(look)},
            ceilings=ceiling_views(record),
            ceiling_svg=ceiling_svg,
            families={trial.recogniser: trial.family for trial in record.trials},
            cells=_cells(record),
            crossings=crossover_rows(found),
            growth=growth_sentence(record),
            outlook=outlook(found),
            trades=trade_rows(found),
            altered=augmentation_view(found),
            known=_known(record),
            parts=parts,
            apart=disagreements(found).to_dict("split"),
            sounds={name: b64encode(sound).decode() for name, sound in sounds.items()},
            most=MOST_ROWS,
            replications=REPLICATIONS,
            most_names=MOST_NAMES,
            settings=flat(record.settings),
            corpus=flat(record.corpus),
            params=recogniser_settings(record),
            trials=trial_frame(record).to_dict("records"),
            best=[trial for trial in map(record.best, BEST) if trial],
        )
    )


def _headline(found: Findings) -> Markup:
    """The sentence, with the number that a reader came for in strong type."""
    text, best = unbroken(found.sentence), found.headline
    if best is None or best.estimate is None:
        return text
    wanted = f"about {about(best.estimate)} labelled utterances"
    return Markup(str(text).replace(wanted, f"<strong>{wanted}</strong>", 1))


def unbroken(text: str) -> Markup:
    """Text -> the same, escaped, with no line break in its names and rates, but at colons."""
    held = re.sub(r"\w+(?:-\w+)+|[\d.]+ %", r'<span class="nb">\g<0></span>', str(escape(text)))
    return Markup(re.sub(r":(?=\w)", ":<wbr>", held))


def _facts(found: Findings) -> list[tuple[str, str]]:
    """What was done, as (number, of what) pairs for the top of the page."""
    record, curves = found.record, found.curves
    sizes = record.sizes
    facts = [(f"{len(record.recognisers)}", f"recogniser{_s(len(record.recognisers))}")]
    if len(sizes) > 1:
        facts.append((f"{sizes[0]:,} to {sizes[-1]:,}", f"labelled utterances, {len(sizes)} sizes"))
    facts.append(
        (
            f"{len(record.finished):,}",
            f"trial{_s(len(record.finished))} finished, {len(record.failed):,} failed",
        )
    )
    heard = {(t.fold, name) for t in record.finished for name in t.scores["id"]}
    speakers = {name for t in record.finished for name in t.scores["group"] if name}
    who = f"by {len(speakers):,} speaker{_s(len(speakers))}"
    facts += [(f"{len(heard):,}", f"test utterance{_s(len(heard))} {who}")] if heard else []
    facts += [(f"{curves.draws}", f"draw{_s(curves.draws)} of the training clips")] if curves else []
    return facts


def _s(count: int) -> str:
    """The ending of a word for so many."""
    return "" if count == 1 else "s"


def _cells(record: StudyRecord) -> dict[tuple[str, int], dict[str, Any]]:
    """(recogniser, size) -> its row of the answer table, with `best` set for the lowest error of a size."""
    frame = answer_frame(record)
    if not len(frame):
        return {}
    frame["best"] = frame["wer"] == frame.groupby("size")["wer"].transform("min")
    frame["known"] = frame["wer"].notna()
    return {(row["recogniser"], row["size"]): row for row in frame.to_dict("records")}


def _known(record: StudyRecord) -> dict[tuple[str, str], dict[int, float]]:
    """(recogniser, what it knew of language) -> size -> word error rate."""
    table = ablation_table(record).melt(["recogniser", "size"], var_name="known", value_name="wer").dropna()
    known: dict[tuple[str, str], dict[int, float]] = {}
    for name in record.recognisers:
        for row in table[table["recogniser"] == name].to_dict("records"):
            known.setdefault((name, row["known"]), {})[row["size"]] = row["wer"]
    return known


def flat(settings: dict[str, Any], above: str = "") -> list[tuple[str, str]]:
    """Nested settings -> (dotted name, value in words) pairs, in order."""
    rows: list[tuple[str, str]] = []
    for name, value in settings.items():
        if isinstance(value, dict):
            rows += flat(value, f"{above}{name}.")
        else:
            words = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
            rows.append((f"{above}{name}", words))
    return rows


def recogniser_settings(record: StudyRecord) -> dict[str, list[tuple[str, str]]]:
    """Recogniser -> its settings; where trials differ, every value in order of size."""
    params: dict[str, dict[str, dict[str, None]]] = {name: {} for name in record.recognisers}
    for trial in sorted(record.trials, key=lambda trial: trial.size):
        for name, value in trial.params.items():
            params[trial.recogniser].setdefault(name, {})[str(value)] = None
    return {name: [(key, ", ".join(values)) for key, values in own.items()] for name, own in params.items()}
