"""Tables of results that were answered from although they were misread, or refused for the wrong reason."""

import pytest

from components.external.asked import Asked
from components.external.result_set import read_results
from components.external.sources import read_source
from tests.external.tables import FAMILIES, understood

ROWS = [("kaldi", 500, "20,1"), ("kaldi", 2000, "9"), ("whisper", 500, "60,5"), ("whisper", 2000, "6,1")]
PAGES = Asked(modular=["kaldi"], end_to_end=["whisper"], unit="pages", error="pages misfiled")


def table(head, rows, separator=";"):
    return "".join(f"{separator.join(map(str, row))}\n" for row in [head.split(), *rows])


def sizes(results):
    return [trial.size for trial in results.trials]


def rates(results):
    return [trial.scores["errors"].sum() / trial.scores["total"].sum() for trial in results.trials]


def test_commas_before_decimals_are_read_where_a_column_has_no_points(tmp_path):
    found = understood(tmp_path / "a.csv", table("system size wer", ROWS))
    assert rates(found) == pytest.approx([0.201, 0.09, 0.605, 0.061])
    hours = [(system, f"{size / 1000}".replace(".", ","), rate) for system, size, rate in ROWS]
    found = understood(tmp_path / "b.csv", table("system hours wer", hours))
    assert sizes(found) == [30, 120, 30, 120]  # minutes
    shares = [(system, size, f"0,{size}") for system, size, _ in ROWS]  # 0,500 was 500 per cent
    assert rates(understood(tmp_path / "c.csv", table("system size wer", shares)))[0] == pytest.approx(0.5)


def test_commas_between_thousands_stay_so(tmp_path):
    grouped = [(system, f"{3 * size:,}", rate.replace(",", ".")) for system, size, rate in ROWS]
    assert sizes(understood(tmp_path / "a.csv", table("system size wer", grouped))) == [1500, 6000] * 2


REFUSED = {
    "thousands behind a point": (
        table("system size wer", [("kaldi", "1.000", 20), ("whisper", "2.500", 6)]),
        FAMILIES,
        r"line 2: expected a size in column 'size', got '1\.000', which may be 1 or 1000; write counts",
    ),
    "a total with such": (
        table("system size errors words", [("kaldi", 100, 20, "5.120")]),
        Asked(modular=["kaldi"]),
        r"line 2: expected a total in column 'words', got '5\.120', which may be 5 or 5120",
    ),
    "more pages wrong than there are": (
        table("system size errors total", [("kaldi", 100, 20, 100), ("whisper", 100, 120, 100)]),
        PAGES,
        "line 3: expected no more errors than there are pages, got 120 %; mend it, or say with",
    ),
    "a size that no training has": (
        table("system size wer", [("kaldi", "1e30", 20), ("whisper", "1e30", 6)]),
        FAMILIES,
        "line 2: expected a size in column 'size', a whole number of labelled examples or a time such as",
    ),
    "an empty table": ("system,size,wer\n", FAMILIES, r"a\.csv expected rows of results, got none; mend the"),
    "no id": (
        table(
            "system size id ref hyp", [("kaldi", 100, "", "one", "one"), ("whisper", 100, "a", "one", "two")]
        ),
        FAMILIES,
        "line 2: expected an id in column 'id', got none; add it, or name another column with --column id",
    ),
}


@pytest.mark.parametrize(("text", "asked", "said"), REFUSED.values(), ids=REFUSED)
def test_what_may_be_two_things_or_cannot_be_is_refused_with_its_place(text, asked, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        understood(tmp_path / "a.csv", text, asked)


def test_more_characters_wrong_than_there_are_is_no_mistake(tmp_path):
    text = table("system size errors total", [("kaldi", 100, 20, 100), ("whisper", 100, 120, 100)])
    asked = Asked(["kaldi"], ["whisper"], unit="lines", error="characters wrong")
    assert rates(understood(tmp_path / "a.csv", text, asked)) == [0.2, 1.2]


def test_an_empty_file_among_several_is_named(tmp_path):
    (tmp_path / "kaldi_10.jsonl").write_text('{"id": "a", "text": "one", "pred_text": "one"}\n')
    (tmp_path / "whisper_10.jsonl").write_text("")
    with pytest.raises(ValueError, match=r"whisper_10\.jsonl expected rows of results, got none"):
        read_results(read_source(f"{tmp_path}/{{system}}_{{size}}.jsonl"), FAMILIES)
