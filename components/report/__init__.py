"""Report: a study record -> the HTML page, its pictures and tables, and the answer on a terminal."""

from components.report.adaptive_rounds import rounds_sentence
from components.report.findings import Findings
from components.report.page import Page
from components.report.regression import regression_sentence
from components.report.sections import Section
from components.report.shortfall import shortfall_sentence
from components.report.tables import answer_table, markdown_summary, table_rows
from components.report.terminal import terminal_plot
from components.report.write import ReportFiles, draw_pictures, write_page, write_report, write_tables

__all__ = [
    "Findings",
    "Page",
    "ReportFiles",
    "Section",
    "answer_table",
    "draw_pictures",
    "markdown_summary",
    "regression_sentence",
    "rounds_sentence",
    "shortfall_sentence",
    "table_rows",
    "terminal_plot",
    "write_page",
    "write_report",
    "write_tables",
]
