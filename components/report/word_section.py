"""The section on words: which are got wrong, where transcripts were scored."""

from __future__ import annotations

from pathlib import Path

from components.report.findings import Findings
from components.report.line_style import LineStyle, line_styles
from components.report.sections import Section, from_template
from components.report.words import WordErrors, word_errors


def _view(findings: Findings) -> tuple[WordErrors, dict[str, LineStyle]] | None:
    if any("reference" not in trial.scores for trial in findings.record.finished):
        return None  # results made elsewhere may have no transcripts
    errors = word_errors(findings)
    styles = line_styles(findings.record)
    return errors and (errors, {name: styles[name] for name in errors.confusions})


def _pictures(view: tuple[WordErrors, dict[str, LineStyle]], folder: Path) -> list[Path]:
    from components.report.pictures import save_breakdown  # matplotlib takes a second to import

    errors, styles = view
    return save_breakdown(errors.words, "word", "Words wrong by word", styles, folder)


WORDS = Section(
    "words",
    after="groups",
    view=_view,
    html=from_template("words.html.j2"),
    tables=lambda view: {"errors-by-word": view[0].words},
    pictures=_pictures,
)
