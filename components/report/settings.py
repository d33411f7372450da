"""Settings: a study record -> all that was asked for and chosen, as pairs of texts."""

from __future__ import annotations

from typing import Any

from components.study.choices import CHOICE
from components.study.kept_file import in_words, is_kept
from components.study.results import StudyRecord


def flat(settings: dict[str, Any], above: str = "") -> list[tuple[str, str]]:
    """Nested settings -> (dotted name, value in words) pairs, in order."""
    rows: list[tuple[str, str]] = []
    for name, value in settings.items():
        if isinstance(value, dict):
            rows += flat(value, f"{above}{name}.")
        else:
            text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
            rows.append((f"{above}{name}", in_words(text) if is_kept(text) else text))
    return rows


def recogniser_settings(record: StudyRecord) -> dict[str, list[tuple[str, str]]]:
    """Recogniser -> its settings in training; where trials differ, every value in order of size."""
    params: dict[str, dict[str, dict[str, None]]] = {name: {} for name in record.recognisers}
    learned = [trial for trial in record.trials if trial.size]
    for trial in sorted(learned, key=lambda trial: trial.size):
        for name, value in trial.params.items():
            if name.startswith(CHOICE):  # the page has a table of these
                continue
            params[trial.recogniser].setdefault(name, {})[str(value)] = None
    return {name: [(key, ", ".join(values)) for key, values in own.items()] for name, own in params.items()}
