"""The page and its Markdown had the best of each family and, in the same words, the pair that is it."""

import pytest

from components.report.findings import findings
from components.report.tables import crossover_rows
from tests.report.fake_study import TRUTH, fake_study

CURVES = {name: TRUTH[name] for name in ("mfcc-svm", "mel-ctc")}
WORSE = {"mfcc-svm:plain": lambda size: min(0.9, 2 * TRUTH["mfcc-svm"](size))}
COMPARED = {"one of each family": CURVES, "a better and a worse one": CURVES | WORSE}


@pytest.mark.parametrize("truth", COMPARED.values(), ids=COMPARED)
def test_no_two_rows_say_the_same(truth):
    rows = crossover_rows(findings(fake_study(truth, utterances=120)))
    said = [{key: text for key, text in row.items() if key not in ("modular", "end-to-end")} for row in rows]
    assert len(rows) == len(truth) - 1 and all(said.count(one) == 1 for one in said)
    assert all("mel-ctc" in row["end-to-end"] for row in rows)
