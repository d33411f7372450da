"""Checks of a dataset before its study."""

import pytest

from components.study.checks import CheckResult, DataCheck, data_check, refuse_stops, unaccepted

STOP = CheckResult("leak", "stop", "Three leak.", ("a", "b"))
LOOK = CheckResult("small", "look", "It is small.")
CHECK = DataCheck({"recordings": "3"}, [STOP, LOOK])


def test_what_is_kept_is_read_back():
    assert data_check(CHECK.as_dict()).as_dict() == CHECK.as_dict() and CHECK.of("look") == [LOOK]
    assert str(STOP) == "Three leak. For example: a, b." and str(LOOK) == "It is small."


def test_what_stops_and_is_not_accepted_refuses():
    with pytest.raises(ValueError) as error:
        refuse_stops(CHECK, [], "my.csv")
    assert str(error.value) == (
        "my.csv would not give a true answer as it is:\nleak: Three leak. For example: a, b.\n"
        "Mend it, or go on knowingly with --accept leak; the report then says so."
    )
    refuse_stops(CHECK, ["leak"], "my.csv")


def test_a_misspelt_name_is_told():
    with pytest.raises(ValueError, match="got 'leek'; did you mean 'leak'"):
        unaccepted(CHECK, ["leek"])
