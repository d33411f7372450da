"""What results made elsewhere speak of: speech, or what the user says that they are of."""

from __future__ import annotations

from dataclasses import replace

from components.external.asked import Asked
from components.external.values import Sizes
from components.speech.corpus.readers.columns import plain_name
from components.speech.nouns import NOUNS_OF, SPEECH_NOUNS
from components.study.nouns import Nouns

GROUPS = dict.fromkeys(("spk", "spk_id", "speaker_id", "client_id"), "speaker") | {"doc": "document"}


def nouns_of(asked: Asked, sizes: Sizes, group: str, unit: str, single: bool) -> Nouns:
    """What the user says, sizes, the column of groups, the unit of errors -> the words of the study.

    single: whether single examples were scored; otherwise each row of the test is a result by itself.
    """
    nouns = _of_unit(asked.unit) if asked.unit else NOUNS_OF.get(unit, SPEECH_NOUNS)
    nouns = replace(nouns, data="set of results", file="result", files="results")
    if asked.error:
        nouns = _with_error(nouns, asked.error)
    if group:
        name = GROUPS.get(plain_name(group), plain_name(group).replace("_", " "))
        nouns = replace(nouns, group=name, groups=f"{name}s")
    if sizes.unit:
        what = f"of labelled {nouns.material}"
        nouns = replace(nouns, labelled=f"{sizes.unit} {what}", labelled_one=f"{sizes.unit_one} {what}")
    return nouns if single else replace(nouns, example="result", examples="results")


def _of_unit(units: str) -> Nouns:
    """What is labelled and tested, such as "pages" -> the words of a study of it."""
    unit = singular(units)
    return Nouns(
        *(f"labelled {units}", f"labelled {unit}", unit, units, unit, units, f"{units} wrong"),
        *("error rate", "error rate", "error_rate", "group", "groups", "system", "systems", "set of results"),
        *(unit, units),
    )


def _with_error(nouns: Nouns, error: str) -> Nouns:
    """Nouns and errors as a share, "pages misfiled" -> the same in these words."""
    units = error.split()[0]
    return replace(
        nouns,
        unit=singular(units),
        units=units,
        wrong=error,
        rate="error rate",
        rate_short="error rate",
        metric="error_rate",
        rate_meaning=f"the share of {error}",
    )


def singular(plural: str) -> str:
    """An English plural -> its singular: "pages" -> "page", "classes" -> "class", "entries" -> "entry"."""
    if plural.endswith("ies"):
        return f"{plural[:-3]}y"
    if plural.endswith(("sses", "xes", "ches", "shes")):
        return plural[:-2]
    return plural[:-1] if plural.endswith("s") and not plural.endswith("ss") else plural
