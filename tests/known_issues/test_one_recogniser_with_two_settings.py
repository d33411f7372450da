"""A study compared each recogniser once: one could not enter it with two settings."""

import numpy as np
import pytest

from components.report.findings import findings
from components.report.page import Page, render
from components.report.write import write_tables
from components.study.plan import make_plan
from components.study.repeat import repeat_command
from components.subjects import check_study
from components.subjects.speech import SPEECH
from tests.report.fake_study import fake_study

BASE, WIDE = "mfcc-svm", "mfcc-svm:wide"
ASKED = {"corpus": "fsdd", "sizes": [10], "draws": 1, "device": "cpu"}
VARIANTS = {"variants": {"wide": {"base": BASE, "deltas__width": 4}}}


def test_a_variant_of_a_study_file_is_compared_with_its_base():
    study = check_study(ASKED | VARIANTS)
    assert study.systems == [BASE, WIDE] and study.settings == {WIDE: {"deltas__width": 4}}
    assert f"--recognisers {BASE},{WIDE}" in repeat_command(study)
    assert f"--set {WIDE}.deltas__width=4" in repeat_command(study)
    named = check_study(
        ASKED | VARIANTS | {"recognisers": ["wide"], "settings": {"wide": {"mfcc__bands": 20}}}
    )
    assert named.systems == [WIDE]
    assert named.settings == {WIDE: {"deltas__width": 4, "mfcc__bands": 20}}


def test_a_variant_has_the_settings_of_its_base_and_its_own(digits):
    of_base = {BASE: {"statistics__segments": 2}}
    study = check_study(ASKED | VARIANTS | {"settings": of_base, "data": str(digits)})
    dataset = SPEECH.read(study, None)
    plan = make_plan(SPEECH, study, dataset)
    knobs = ("statistics__segments", "deltas__width")
    assert [[plan.systems[name][knob] for knob in knobs] for name in (BASE, WIDE)] == [[2, 2], [2, 4]]
    first, second = plan.trials
    assert first.fingerprint != second.fingerprint and first.family == second.family == "modular"
    both = study.model_copy(update={"augmentation": "both"})
    augmented = [f"{name}:{how}" for name in (BASE, WIDE) for how in ("plain", "augmented")]
    assert list(make_plan(SPEECH, both, dataset).systems) == augmented


def test_a_variant_without_settings_is_a_slip_of_the_pen(digits):
    study = check_study(ASKED | {"recognisers": [BASE, f"{BASE}:plian"], "data": str(digits)})
    with pytest.raises(ValueError, match="unknown augmentation 'plian'; did you mean 'plain'"):
        make_plan(SPEECH, study, SPEECH.read(study, None))


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({}, "variants: wide expected base, the name of what it is a variant of, got None; "),
        ({"base": "mel-ctc:plain"}, "variants: wide expected base, .*, got 'mel-ctc:plain'; "),
    ],
)
def test_a_variant_without_a_base_is_refused(own, said):
    with pytest.raises(ValueError, match=said):
        check_study({"variants": {"wide": own}})
    with pytest.raises(ValueError, match="another name than that of an augmentation, got 'speed'"):
        check_study({"variants": {"speed": {"base": "mel-ctc"}}})


def two(gain, **more):
    """A made-up study of two settings of one recogniser, of which the second errs `gain` as often."""
    truth = {"mfcc-gmm-hmm": lambda n: 0.8 * n**-0.3, "mfcc-gmm-hmm:wide": lambda n: gain(n) * 0.8 * n**-0.3}
    return fake_study(truth, sizes=(30, 180, 1100), utterances=120, **more)


def test_two_of_one_family_are_answered_with_a_difference_and_its_interval():
    said = findings(two(lambda n: 1.4 if n < 100 else 0.6), 200).sentence
    ahead = (
        "mfcc-gmm-hmm:wide makes fewer errors than mfcc-gmm-hmm at 1,100 labelled utterances, the most tried"
    )
    assert ahead in said
    assert " words wrong against " in said and " points less (95 % interval " in said
    assert " It stays ahead from about " in said


def test_two_that_are_alike_are_not_told_apart():
    said = findings(two(lambda n: 1.0), 200).sentence
    assert " may be no better than " in said and " interval −" in said and "ahead" not in said


def test_one_draw_is_too_few_for_two_of_one_family():
    found = findings(two(lambda n: 0.6, draws=1), 200)
    assert found.sentence.endswith("run at least 3 draws.")
    assert "may be no better than" in found.sentence and "points less." in found.sentence
    assert "interval" not in found.sentence and np.isnan(found.pairs[0].change.low).all()


def test_the_page_has_both_by_size_by_word_and_by_speaker(tmp_path):
    page = Page(findings(two(lambda n: 0.6), 200), SPEECH.sections())
    html = render(page)
    assert 'id="pairs"' in html and "Both at their largest size:" in html
    tables = {path.stem: path.read_text() for path in write_tables(page, tmp_path)}
    assert tables["pairs"].count("\n") == 4
    for name in ("errors-by-word", "errors-by-speaker"):
        assert tables[name].splitlines()[0].endswith("mfcc-gmm-hmm,mfcc-gmm-hmm:wide")


def test_a_variant_beside_both_families_is_compared_with_its_base():
    truth = {name: lambda n: 0.5 * n**-0.3 for name in ("mfcc-gmm-hmm", "mel-ctc", "mel-ctc:wide")}
    found = findings(fake_study(truth, sizes=(30, 180), utterances=60), 200)
    assert [(pair.before, pair.after) for pair in found.pairs] == [("mel-ctc", "mel-ctc:wide")]
    assert found.headline is not None and not found.is_pair


def test_of_two_of_which_one_failed_nothing_is_claimed():
    failed = two(lambda n: 1.0, failing=lambda name, size, draw: name.endswith(":wide"))
    found = findings(failed, 200)
    assert found.pairs == [] and "only modular recognisers were measured" in found.sentence
