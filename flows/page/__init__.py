"""Page: a study record -> the HTML report, its pictures and tables, and the answer on a terminal."""

from flows.page.findings import Findings
from flows.page.growth import growth_sentence
from flows.page.tables import answer_table, markdown_summary, table_rows
from flows.page.terminal import terminal_plot
from flows.page.write import ReportFiles, write_report

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
