"""Page: a study record -> the HTML report, its pictures and tables, and the answer on a terminal."""

from components.report.findings import Findings
from components.report.growth import growth_sentence
from components.report.tables import answer_table, markdown_summary, table_rows
from components.report.terminal import terminal_plot
from components.report.write import ReportFiles, write_report

__all__ = [
    "Findings",
    "ReportFiles",
    "answer_table",
    "growth_sentence",
    "markdown_summary",
    "table_rows",
    "terminal_plot",
    "write_report",
]
