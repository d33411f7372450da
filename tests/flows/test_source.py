"""A study with a source: trained on once, found again, the same help for both families, no test in it."""

import pytest

from components.report.findings import findings
from components.speech.transfer import STARTS
from components.study.plan import make_plan
from components.study.tracking import read_study
from components.study.tracking.studies import find_study
from components.subjects import check_study
from components.subjects.speech import SPEECH
from flows.prepare import prepare
from flows.pretrain import pretrained
from flows.trial import run_trial
from tests.commands import crossover, trial_runs
from tests.fsdd import DIGITS, SPEAKERS, paths_of

NAMES = (
    "mfcc-map-gmm-hmm",
    "modular-from-source",
    "mel-ctc",
    "mel-ctc-last-layer",
    "mel-ctc-two-heads",
    "mel-ctc-mixed",
)
STEPS = {"mel-ctc": {"steps": 20}} | {name: {"recogniser__steps": 20} for name in NAMES[3:]}


def manifest(folder, recordings, speakers, name):
    """Speakers of real digits -> a table of their takes, below 5 for the test."""
    rows = ["path,text,speaker,split"]
    for path in paths_of(recordings):
        word, who, take = path.stem.split("_")
        if who in speakers:
            rows.append(f"{path},{DIGITS[int(word)]},{who},{'test' if int(take) < 5 else 'train'}")
    (folder / name).write_text("\n".join(rows))
    return folder / name


@pytest.fixture(scope="module")
def tables(recordings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    people = {"few.csv": SPEAKERS[:2], "source.csv": SPEAKERS[2:4], "more.csv": SPEAKERS[4:]}
    return {name: str(manifest(folder, recordings, who, name)) for name, who in people.items()}


@pytest.fixture(scope="module")
def ran(tables, store_in, tmp_path_factory):
    """A store in which a study with a source has been run, in this process, and the study as it was run."""
    store = store_in(tmp_path_factory.mktemp("study"))
    asked = {"corpus": tables["few.csv"], "source": both(tables), "sizes": [10, 20], "draws": 1}
    study = check_study(
        {**asked, "recognisers": list(NAMES), "settings": STEPS, "tracking": store.address, "device": "cpu"}
    )
    dataset = read(study)
    study = pretrained(study, dataset, run)
    run(study)
    return store, study


def both(tables):
    return [tables["source.csv"], tables["more.csv"]]


def read(study):
    return SPEECH.read(study)


def run(study):
    prepared = prepare(study)
    for trial in prepared.missing:
        run_trial(study, trial, prepared.run_id, prepared.store)


def test_what_starts_from_the_source_was_trained_on_it_once_by_a_study_of_its_own(ran, tables):
    store, study = ran
    before = read_study(store, find_study(store, f"pre-training on {' + '.join(both(tables))}").info.run_id)
    sources = {STARTS[name].source for name in NAMES if name in STARTS and STARTS[name].source}
    assert {trial.recogniser for trial in before.finished} == sources
    assert {trial.size for trial in before.finished} == {before.dataset["clips"] - number_tested(before)}
    assert dict(study.pretrained_runs) == {trial.recogniser: trial.run_id for trial in before.finished}
    assert all(trial.metrics["train_seconds"] > 0 for trial in before.finished)


def test_end_to_end_starts_from_an_end_to_end_of_the_source(ran, tables):
    _, study = ran
    asked = {"systems": ["end-to-end", "end-to-end-from-source"], "pretrained": [], "settings": {}}
    before = SPEECH.pretraining(study.model_copy(update=asked), read(study))
    assert before.systems == ["end-to-end"] and before.source == []


def number_tested(record):
    return len({name for trial in record.finished for name in trial.scores["id"]})


def test_every_recogniser_is_scored_and_says_what_it_took_from_the_source(ran):
    store, study = ran
    record = read_study(store, find_study(store, study.title).info.run_id)
    assert {trial.recogniser for trial in record.finished} == set(NAMES) and not record.failed
    params = next(trial.params for trial in record.finished if trial.recogniser == "mel-ctc-last-layer")
    assert float(params["chose.taken"]) > 20 and float(params["chose.trained_numbers"]) > 0
    assert "recogniser.skops" in params["source"]
    metrics = {trial.recogniser: trial.metrics for trial in record.finished}
    frozen = metrics["mel-ctc-last-layer"]
    assert frozen["source_errors_before"] == frozen["source_errors_after"] <= frozen["source_words"]
    assert "source_words" not in metrics["mel-ctc"].keys() | metrics["mfcc-map-gmm-hmm"].keys()
    assert {"source 1", "source 2"} <= record.check.facts.keys()
    assert "2 speakers" in record.check.facts["speakers"]
    params = next(trial.params for trial in record.finished if trial.recogniser == "mel-ctc-mixed")
    assert float(params["chose.source_clips"]) == 80


def test_another_source_is_another_trial_of_what_learns_both_at_once_alone(ran, tables):
    _, study = ran
    dataset = read(study)
    other = study.model_copy(update={"source": [tables["few.csv"]]})
    keys = [
        {trial.fingerprint: trial.recogniser for trial in make_plan(SPEECH, one, dataset).trials}
        for one in (study, other)
    ]
    other_keys = keys[0].keys() - keys[1].keys()
    assert {keys[0][key] for key in other_keys} == {"mel-ctc-two-heads", "mel-ctc-mixed"}


def test_the_same_study_again_trains_nothing(ran):
    store, study = ran
    before = [run.info.run_id for run in trial_runs(store)]
    again = study.model_copy(update={"pretrained": []})
    again = pretrained(again, read(again), run)
    assert again.pretrained == study.pretrained and not prepare(again).missing
    assert [run.info.run_id for run in trial_runs(store)] == before


def test_the_command_says_what_it_trains_on_before_and_shows_what_that_is_worth(ran, tables):
    store, _ = ran
    words = [
        "--corpus",
        tables["few.csv"],
        *(word for source in both(tables) for word in ("--source", source)),
        "--sizes",
        "10,20",
        "--draws",
        1,
    ]
    steps = [f"{name}.{knob}={own[knob]}" for name, own in STEPS.items() for knob in own]
    knobs = [word for step in steps for word in ("--set", step)]
    ended = crossover(
        "compare", *words, *knobs, "--device", "cpu", "--recognisers", ",".join(NAMES), store=store
    )
    assert ended.status == 0, ended.complained
    assert "pre-training on" in ended.said and "12 trials, 12 of them finished before" in ended.said


def test_without_labels_the_source_answers_alone_and_what_needs_labels_is_left_out(ran):
    store, study = ran
    alone = study.model_copy(update={"sizes": [0, 10], "name": "from none on"})
    prepared = prepare(alone)
    asked = [trial for trial in prepared.plan.trials if not trial.size]
    assert {trial.recogniser for trial in asked} == {"mfcc-map-gmm-hmm", "modular-from-source"}
    assert set(prepared.plan.needing_labels) == set(NAMES) - {trial.recogniser for trial in asked}
    assert list(prepared.missing) == asked  # those of size 10 were run by the study before
    for trial in asked:
        run_trial(alone, trial, prepared.run_id, store)
    record = read_study(store, prepared.run_id)
    measured = findings(record, 50).without_labels
    assert all(0 < one.rate < 0.8 for one in measured.values()) and len(measured) == 2
    assert "From the source alone, with no labelled utterance" in findings(record, 50).sentence
    assert not prepare(alone).missing


def test_an_adaptive_study_has_no_size_0(ran):
    _, study = ran
    adaptive = check_study({**study.asked(), "sizes": [0, 10], "draws": 2, "adaptive": True})
    with pytest.raises(ValueError, match="expected 1 to 40 training utterances, got 0; leave those out"):
        make_plan(SPEECH, adaptive, read(adaptive))


def test_a_scheduled_run_trains_on_the_source_before_as_well(ran, tables, server, monkeypatch):
    store, study = ran
    monkeypatch.setenv("PREFECT_API_URL", server)
    from flows.compare import compare

    said = compare({**study.asked(), "pretrained": [], "tracking": store.address})
    assert said.startswith("On few.csv,") or "few" in said


def test_a_source_with_the_speakers_of_the_test_or_its_recordings_stops_the_study(tables, store):
    study = check_study(
        {
            "corpus": tables["few.csv"],
            "source": [tables["source.csv"], tables["few.csv"]],
            "sizes": [10],
            "tracking": store.address,
        }
    )
    with pytest.raises(ValueError) as error:
        prepare(study.model_copy(update={"pretrained": ["mel-ctc=none", "mfcc-phone-gmm-hmm=none"]}))
    said = str(error.value)
    assert "source-speakers: 2 of 2 speakers of the test" in said
    assert f"of speakers of the source {tables['few.csv']}:" in said and tables["source.csv"] not in said
    assert "source-holds-test:" in said and "Take them out of the source." in said


def test_a_recogniser_without_its_source_and_a_source_without_a_recogniser_are_refused(tables, store):
    asked = {"corpus": tables["few.csv"], "sizes": [10], "tracking": store.address}
    for name in ("mel-ctc-last-layer", "mel-ctc-two-heads", "mel-ctc-mixed"):
        with pytest.raises(ValueError, match=f"{name} expected a corpus to learn from as well, got none"):
            prepare(check_study({**asked, "recognisers": [name]}))
    both = {**asked, "source": tables["source.csv"], "recognisers": ["mel-ctc"]}
    with pytest.raises(
        ValueError, match=r"source expected a recogniser that learns from one, got mel-ctc; add"
    ):
        prepare(check_study(both))
    with pytest.raises(ValueError, match=r"expected NAME=RUN, got 'mel-ctc'"):
        check_study({**asked, "pretrained": ["mel-ctc"]})
