"""A report on a store that commit d1b5641 made has the numbers that it had then, but for wider intervals."""

import json
import tarfile
from pathlib import Path

import pytest

from components.report.findings import findings
from components.report.tables import answer_frame, crossover_rows, table_rows
from components.study.tracking import Store
from components.study.tracking.relocate import relocate
from components.study.tracking.studies import read_study

DATA = Path(__file__).parents[1] / "data"
STUDIES = json.loads((DATA / "store-d1b5641.json").read_text())["studies"]
SAME = (
    "recogniser",
    "family",
    "size",
    "trials",
    "failed",
    "cer",
    "sentence_error",
    "train_seconds",
    "decode_rtf",
)
RENAMED = {"wer": "rate", "wer_low": "low", "wer_high": "high"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The store, unpacked where it was not made."""
    folder = tmp_path_factory.mktemp("old")
    with tarfile.open(DATA / "store-d1b5641.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    relocate(folder / "mlruns")
    return Store(f"sqlite:///{folder}/mlruns/mlflow.db")


def distinct(rows):
    """Crossovers in words -> each once: then the pair that is the best of each family had two rows."""
    rows = [{key: value.split(": ")[-1].replace("-0 %", "0 %") for key, value in row.items()} for row in rows]
    return {tuple(row.items()) for row in rows}


@pytest.mark.parametrize("known", STUDIES.values(), ids=STUDIES)
def test_a_report_on_an_old_study_has_the_numbers_of_then(store, known):
    found = findings(read_study(store, known["run_id"]))
    assert found.sentence == known["sentence"]
    assert table_rows(found) == known["table"]
    assert distinct(crossover_rows(found)) == distinct(known["crossings"])
    frame = answer_frame(found)
    names = {name: RENAMED.get(name, name) for name in (*SAME, *RENAMED)}
    for row, old in zip(frame.to_dict("records"), known["answer"], strict=True):
        assert {name: row[new] for name, new in names.items()} == pytest.approx(
            {n: old[n] for n in names}, nan_ok=True
        )
