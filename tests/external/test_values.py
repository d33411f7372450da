"""Numbers of a table: taken for what they are, or refused with the place and the way out."""

import pytest

from components.external.rows import Row
from components.external.values import number, rates, sizes


def rows(*texts):
    return [Row({"x": text}, f"t.csv, line {line}") for line, text in enumerate(texts, 2)]


@pytest.mark.parametrize(
    ("written", "shares", "how"),
    [
        (("5.8", "30.33"), [0.058, 0.3033], "per cent"),
        (("5.8%", "0.4 %"), [0.058, 0.004], "per cent"),
        (("0.058", "0.9"), [0.058, 0.9], "shares: 0.05 is 5 %"),
        ((0.058, 1), [0.058, 1.0], "shares: 0.05 is 5 %"),
    ],
)
def test_rates_are_taken_for_per_cent_or_shares_by_their_values(written, shares, how):
    found, said = rates(rows(*written), "x")
    assert found == pytest.approx(shares) and said == how


@pytest.mark.parametrize(
    ("written", "asked", "said"),
    [
        (("0.3", "1.05"), "", "per cent or shares, got values up to 1.05, which may be either; say --rates"),
        (("5 %", "7"), "", "t.csv, line 3: expected % behind every rate of 'x', or behind none"),
        (("5232",), "", "expected rates, got 5232; if these are counts, say --column errors='x'"),
        (("5,8",), "", "t.csv, line 2: expected a number for the rate in column 'x', got '5,8'"),
        (("-1",), "", "t.csv, line 2: expected a rate of 0 or more, got -1"),
        (("n/a",), "", "got 'n/a'"),
        (("",), "", "got ''"),
    ],
)
def test_rates_that_may_be_two_things_are_refused(written, asked, said):
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        rates(rows(*written), "x", asked)


def test_the_user_says_what_rates_are():
    assert rates(rows("0.3", "1.05"), "x", "share")[0] == [0.3, 1.05]
    assert rates(rows("0.3", "0.9"), "x", "percent")[0] == pytest.approx([0.003, 0.009])


def test_thousands_are_read_and_decimal_commas_are_not():
    (row,) = rows("52,576")
    assert number(row, "x", "total") == 52576


@pytest.mark.parametrize(
    ("written", "field", "values", "unit"),
    [
        (("100", "1,000", "2k"), "size", [100, 1000, 2000], ""),
        (("100", "960"), "hours", [100, 960], "hours"),
        (("100h", "960 h"), "size", [100, 960], "hours"),
        (("0.5", "10"), "hours", [30, 600], "minutes"),
        (("10 min", "1 h"), "size", [10, 60], "minutes"),
        (("100.6", "960"), "hours", [6036, 57600], "minutes"),
        (("0.001", "1"), "hours", [4, 3600], "seconds"),
        (("0", "20"), "size", [0, 20], ""),
        (("0", "0.01 s"), "hours", [0, 1], "seconds"),
    ],
)
def test_sizes_are_whole_numbers_of_examples_or_of_the_longest_unit_that_fits(written, field, values, unit):
    found = sizes(rows(*written), field, "x")
    assert (found.values, found.unit) == (values, unit)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (("100", "3 h"), "t.csv, line 3: expected all sizes in column 'x' to be times, or all to be numbers"),
        (
            ("10.5",),
            "t.csv, line 2: expected a size in column 'x', a whole number of labelled examples or a time",
        ),
        (("all",), "got 'all'"),
        (("5 pages",), "got '5 pages'"),
    ],
)
def test_what_is_no_size_is_refused(written, said):
    with pytest.raises(ValueError, match=said):
        sizes(rows(*written), "size", "x")
