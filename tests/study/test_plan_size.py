"""A plan that no machine could run is refused, at once."""

import pytest

from components.study.plan import make_plan
from components.subjects import check_study, find_subject


@pytest.mark.parametrize("asked", [{"draws": 1_000_000_000}, {"inits": 1_000_000_000}])
def test_a_billion_draws_are_refused(digits, asked):
    """It hung."""
    study = check_study(
        {"corpus": "fsdd", "data": str(digits), "recognisers": ["mfcc-svm"], "sizes": [20]} | asked
    )
    subject = find_subject()
    (value,) = asked.values()
    with pytest.raises(ValueError) as error:
        make_plan(subject, study, subject.read(study, None))
    trials = value * (1 if "draws" in asked else study.draws)
    assert str(error.value) == (
        f"a study expected at most 100,000 trials, got {trials:,}; lower --draws or --inits, "
        "or name fewer --sizes."
    )
