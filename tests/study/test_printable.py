"""Text that strangers wrote: no escape reaches a terminal or a page, no formula a spreadsheet."""

import io
from dataclasses import replace

import pandas as pd
import pytest

from components.report import write_report
from components.study.printable import plain_cells, printable
from flows.console import Screen
from tests.report.fake_study import TRUTH, fake_study

BAD = "=cmd|' /C calc'!A0 \x1b[31mred\x1b]0;title\x07 \x9b2J \u202egpj.wav"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31m", r"a\x1b[31m"),
        ("\x9b2J\x07\x7f", r"\x9b2J\x07\x7f"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("caf\udce9.wav", r"caf\udce9.wav"),
        ("número\tsieben\n数字 עברית", "número\tsieben\n数字 עברית"),
    ],
)
def test_what_cannot_be_read_is_shown_as_its_escape(text, shown):
    assert printable(text) == shown
    printable(text).encode()


def test_a_table_for_a_spreadsheet_has_no_formula():
    table = pd.DataFrame(
        {"name": ["=1+1", "+a", "-a", "@a", "\t=a", "a=b", None], "=x": [-1.5, 2, 3, 4, 5, 6, 7]}
    )
    plain = plain_cells(table)
    assert plain["name"].tolist()[:6] == ["'=1+1", "'+a", "'-a", "'@a", "'\t=a", "a=b"]
    assert plain["'=x"].tolist() == [-1.5, 2, 3, 4, 5, 6, 7]


def test_a_screen_shows_escapes_and_keeps_its_own_colours():
    shown = io.StringIO()
    Screen(file=shown, force_terminal=True, highlight=False).print("[bold]a\x1b[2Jb[/bold]", soft_wrap=True)
    assert shown.getvalue() == "\x1b[1ma\\x1b[2Jb\x1b[0m\n"


def test_a_report_on_files_with_wicked_names_can_be_opened_anywhere(tmp_path):
    record = fake_study({"mfcc-svm": TRUTH["mfcc-svm"], "mel-ctc": TRUTH["mel-ctc"]}, (30,), 2, utterances=12)
    for one in record.finished:
        one.scores["id"] = one.scores["group"] = BAD
    record.set_aside.loc[0] = [BAD, f"unreadable {BAD}"]
    record = replace(record, name=BAD)
    files = write_report(record, tmp_path)
    for file in (files.page, *files.tables, *tmp_path.glob("*.svg")):
        text = file.read_text(encoding="utf-8")
        assert text == printable(text), file.name
    cells = [str(cell) for file in files.tables for cell in pd.read_csv(file).to_numpy().ravel()]
    wicked = [cell for cell in cells if "cmd" in cell]
    assert wicked and all(cell.startswith(("'=", "unreadable")) for cell in wicked)
