"""A study that cannot work is refused before the first fit, in one sentence that says the way out."""

import sys

import pytest

from components.recognisers import RECOGNISERS, built_in
from components.speech.augmentation.policy import USUAL
from components.speech.corpus import read_corpus
from components.speech.dataset import speech_dataset
from components.speech.study import SpeechStudy as Study
from components.study.plan import make_plan
from components.study.tracking import Store
from components.subjects.speech import SPEECH
from flows import cli
from tests.commands import trial_runs
from tests.fsdd import DIGITS

FSDD = ("--corpus", "fsdd", "--recognisers", "mfcc-svm", "--sizes", "10")
KNOWN = ", ".join(built_in())


@pytest.fixture
def refused(digits, store, monkeypatch, capsys):
    """Options of compare -> what it says on the error channel before it ends with status 1."""

    def ask(*options: str) -> str:
        monkeypatch.setenv("CROSSOVER_DATA", str(digits))
        monkeypatch.setenv("MLFLOW_TRACKING_URI", store.address)
        monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")  # nobody there: nothing may run
        monkeypatch.setattr(sys, "argv", ["crossover", "compare", *options])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 1
        assert trial_runs(store) == trial_runs(store, "FAILED") == []
        said = capsys.readouterr().err
        assert "Traceback" not in said
        return said.removesuffix("\n")

    return ask


def test_an_unknown_recogniser_gets_the_nearest_name(refused):
    assert refused("--corpus", "fsdd", "--recognisers", "mfcc-smv") == (
        f"crossover: unknown recogniser 'mfcc-smv'; did you mean 'mfcc-svm'? known: {KNOWN}."
    )


def test_an_unknown_knob_gets_the_nearest_name(refused):
    said = refused(*FSDD, "--set", "mfcc-svm.deltas__widht=3")
    begin = "crossover: unknown setting of mfcc-svm 'deltas__widht'; did you mean 'deltas__width'? known: "
    assert said.startswith(begin)
    assert "statistics__segments" in said


def test_settings_of_another_kind_or_out_of_range_are_refused_all_at_once(refused):
    asked = ("--corpus", "fsdd", "--recognisers", "mfcc-svm,mel-ctc", "--sizes", "10")
    knobs = ("--set", "mfcc-svm.deltas__width=wide", "--set", "mel-ctc.channels=3.5")
    assert refused(*asked, *knobs) == (
        "crossover: mfcc-svm: setting deltas__width expected a whole number, got 'wide'; 2 is usual.\n"
        "mel-ctc: setting channels expected a whole number, got 3.5; 128 is usual."
    )


def test_settings_of_a_recogniser_that_is_not_compared_are_refused(refused):
    assert refused(*FSDD, "--set", "mel-ctc.seed=3") == (
        "crossover: settings expected names of compared recognisers (mfcc-svm), got mel-ctc; "
        "correct the name or add it to --recognisers."
    )


def test_an_unknown_split_gets_the_nearest_name(refused):
    assert refused(*FSDD, "--split", "speaker") == (
        "crossover: unknown split 'speaker'; did you mean 'speakers'? "
        "known: auto, declared, speakers, leave-one-speaker-out, clips."
    )


def test_a_size_beyond_the_corpus_is_refused_with_the_largest(refused):
    assert refused("--corpus", "fsdd", "--recognisers", "mfcc-svm", "--sizes", "10,41,-1") == (
        "crossover: sizes of fsdd expected 0 to 40 training utterances, got -1, 41; "
        "leave those out of --sizes."
    )


def test_size_0_is_refused_without_a_recogniser_that_answers_without_labels(refused):
    assert refused("--corpus", "fsdd", "--recognisers", "mfcc-svm", "--sizes", "0,10") == (
        "crossover: size 0 of fsdd expected a recogniser that answers from a source alone, got mfcc-svm; add "
        "one to --recognisers, or leave 0 out of --sizes."
    )


def test_single_word_recognisers_are_refused_on_connected_speech(refused):
    assert refused("--corpus", "strings:fsdd", "--recognisers", "mfcc-svm") == (
        "crossover: mfcc-svm expected few words or phrases, each said many times, got 16 different texts in "
        "17 recordings of strings:fsdd; leave it out of --recognisers."
    )


def test_cuda_that_is_not_there_is_refused(refused, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert refused(*FSDD, "--device", "cuda") == (
        "crossover: device 'cuda' expected a CUDA GPU, got none; use --device cpu or auto."
    )


def test_a_server_that_does_not_answer_is_named_with_the_way_out(refused):
    assert refused(*FSDD) == (
        "crossover: PREFECT_API_URL expected a Prefect server at http://127.0.0.1:9/api, got no answer; "
        "start it, or unset the variable and one is started for you."
    )


def test_a_misspelt_option_value_ends_before_the_corpus_is_read(refused):
    assert refused("--corpus", "fsdd", "--device", "gpu", "--draws", "0") == (
        "crossover: the study's settings cannot be used:\n"
        "  draws: input should be greater than or equal to 1, got 0.\n"
        "  device: input should be 'auto', 'cpu' or 'cuda', got 'gpu'."
    )


def test_a_grammar_that_nobody_would_search_with_is_refused(refused, tmp_path):
    file = tmp_path / "digits.jsgf"
    file.write_text(f"#JSGF V1.0;\npublic <digit> = {' | '.join(DIGITS)};\n")
    assert refused(*FSDD, "--grammar", str(file)) == (
        "crossover: grammar expected a recogniser that searches for sentences, got mfcc-svm; add one such as "
        "mfcc-gmm-hmm or mel-ctc to --recognisers."
    )


@pytest.fixture
def corpus(digits):
    return speech_dataset(read_corpus("fsdd", data=digits))


def plan(corpus, **asked):
    study = Study(corpus="fsdd", **{"recognisers": ["mfcc-svm"], "sizes": [10], **asked})
    return make_plan(SPEECH, study, corpus)


def test_what_cannot_change_a_result_does_not_change_a_fingerprint(corpus):
    asked = {"workers": 7, "name": "other", "timeout_minutes": 1.0, "tracking": "x", "dask": "y"}
    assert plan(corpus, **asked).trials == plan(corpus).trials


@pytest.mark.parametrize(
    "asked",
    [
        {"settings": {"mfcc-svm": {"deltas__width": 3}}},
        {"split": "clips"},
        {"split": "clips", "seed": 1},
    ],
)
def test_what_can_change_a_result_changes_its_fingerprint(corpus, asked):
    before = {trial.fingerprint for trial in plan(corpus).trials}
    if asked.get("seed"):
        before |= {trial.fingerprint for trial in plan(corpus, split="clips").trials}
    assert not before & {trial.fingerprint for trial in plan(corpus, **asked).trials}


def test_the_grammar_s_text_counts_and_not_where_it_lies(corpus, tmp_path):
    names = {"recognisers": ["mfcc-gmm-hmm", "mel-ctc"]}
    for name, text in {"a": "one", "b": "one", "c": "two"}.items():
        (tmp_path / name).write_text(f"#JSGF V1.0;\npublic <digit> = {text};\n")
    a, b, c = (plan(corpus, grammar=str(tmp_path / name), **names) for name in "abc")
    assert a.trials == b.trials
    every = [{trial.fingerprint for trial in one.trials} for one in (a, c, plan(corpus, **names))]
    assert len(set.union(*every)) == sum(map(len, every))


def test_all_is_the_whole_training_side(corpus):
    assert [trial.size for trial in plan(corpus, sizes=[10, "all"], draws=1).trials] == [40, 10]


def test_a_language_file_s_text_counts_and_not_its_name(corpus, tmp_path):
    names = {"recognisers": ["mfcc-gmm-hmm", "mel-ctc"]}
    for name, text in {"a": "one two\n", "b": "one two\n", "c": "two one\n"}.items():
        (tmp_path / name).write_text(text)
    a, b, c = (plan(corpus, lm_text=str(tmp_path / name), **names) for name in "abc")
    assert a.trials == b.trials
    every = [{trial.fingerprint for trial in one.trials} for one in (a, c, plan(corpus, **names))]
    assert len(set.union(*every)) == sum(map(len, every))


def test_a_lexicon_changes_the_trials_of_those_alone_that_pronounce(corpus, tmp_path):
    (tmp_path / "mine").write_text("one W AH N\n")
    names = {"recognisers": ["mfcc-gmm-hmm", "mel-ctc", "mel-ctc-phonemes"]}
    with_it, without = plan(corpus, lexicon=str(tmp_path / "mine"), **names), plan(corpus, **names)
    same = {one.recogniser for one, other in zip(with_it.trials, without.trials, strict=True) if one == other}
    assert same == {"mel-ctc"}


def test_training_words_that_a_lexicon_cannot_pronounce_are_listed(corpus, tmp_path):
    (tmp_path / "mine").write_text("one w a n\n")
    with pytest.raises(ValueError) as error:
        plan(corpus, lexicon=str(tmp_path / "mine"), recognisers=["mfcc-gmm-hmm"])
    assert str(error.value).startswith(
        "mine cannot be used: the lexicon expected a pronunciation of every word of the training texts, got "
        "none for eight, five, four, nine, seven and 4 more;"
    )


def test_a_lexicon_that_nobody_would_pronounce_with_is_refused(corpus, tmp_path):
    (tmp_path / "mine").write_text("one W AH N\n")
    with pytest.raises(ValueError, match="expected a recogniser with pronunciations, got mel-ctc; add"):
        plan(corpus, lexicon=str(tmp_path / "mine"), recognisers=["mel-ctc"])


def test_a_bigger_study_keeps_the_trials_of_a_smaller_one(corpus):
    small, large = plan(corpus), plan(corpus, sizes=[10, 20], draws=4, inits=1)
    assert {trial.fingerprint for trial in small.trials} < {trial.fingerprint for trial in large.trials}


def test_the_longest_trials_come_first_and_none_comes_twice(corpus):
    trials = plan(corpus, recognisers=["mfcc-svm", "mel-ctc"], sizes=[20, 10, 40, 20]).trials
    sizes = [trial.size for trial in trials]
    assert sizes == sorted(sizes, reverse=True)
    assert len({trial.fingerprint for trial in trials}) == len(trials)


def test_the_usual_recognisers_are_compared_where_none_is_named(corpus):
    usual = [name for name, recipe in RECOGNISERS.items() if recipe.usual]
    assert {RECOGNISERS[name].family for name in usual} == {"modular", "end-to-end"}
    assert list(plan(corpus, recognisers=[]).systems) == usual


def test_leaving_one_speaker_out_makes_a_fold_a_speaker(corpus):
    folds = {trial.fold for trial in plan(corpus, split="leave-one-speaker-out").trials}
    assert folds == {"george", "lucas"}


def test_the_store_is_not_needed_to_make_a_plan(corpus, tmp_path):
    store = Store(f"sqlite:///{tmp_path}/none/mlflow.db")
    plan(corpus, tracking=store.address)
    assert not (tmp_path / "none").exists()


def test_both_ways_of_augmentation_are_planned_for_every_recogniser(corpus):
    made = plan(corpus, recognisers=["mfcc-gmm-hmm", "mel-ctc", "mfcc-gmm-hmm:gain"], augmentation="both")
    names = ["mfcc-gmm-hmm:plain", "mfcc-gmm-hmm:augmented", "mel-ctc:plain", "mel-ctc:augmented"]
    assert list(made.systems) == [*names, "mfcc-gmm-hmm:gain"]
    assert {trial.family for trial in made.trials if "mel" in trial.recogniser} == {"end-to-end"}
    assert made.systems["mel-ctc:plain"]["augmentation"] == []
    assert made.systems["mfcc-gmm-hmm:augmented"]["augmentation"] == list(USUAL)


def test_a_variant_that_is_the_usual_is_not_trained_again(corpus):
    usual, other = (
        plan(corpus, recognisers=["mel-ctc"]),
        plan(corpus, recognisers=["mel-ctc"], augmentation="both"),
    )
    known = {trial.fingerprint: trial.recogniser for trial in other.trials}
    assert {known[trial.fingerprint] for trial in usual.trials} == {"mel-ctc:augmented"}
    assert len(known) == 2 * len(usual.trials)


def test_settings_reach_every_variant_or_the_one_named(corpus):
    settings = {"mel-ctc": {"channels": 8}, "mel-ctc:plain": {"layers": 2}}
    made = plan(corpus, recognisers=["mel-ctc"], augmentation="both", settings=settings).systems
    found = {name: (one["channels"], one["layers"]) for name, one in made.items()}
    assert found == {"mel-ctc:plain": (8, 2), "mel-ctc:augmented": (8, 4)}


def test_an_unknown_augmentation_gets_the_nearest_name(refused):
    assert refused(*FSDD, "--augmentation", "plane") == (
        "crossover: unknown augmentation 'plane'; did you mean 'plain'? "
        "known: usual, both, plain, augmented, speed, vtlp, noise, gain, masking, room."
    )
