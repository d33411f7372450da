"""A Python file with parts of the user's own: named, trained, loaded, and found by other processes."""

import sys
import textwrap
from pathlib import Path

import pytest

from components.recognisers import build, recipe
from components.speech.corpus import named_corpora
from components.study.fingerprint import code_version, forget_sources
from components.study.plugin_files import take_in
from components.study.saving import load, save
from components.study.tracking import read_study
from components.subjects import check_study, find_subject
from tests.fsdd import digits as clips_of

FEW = """
from pathlib import Path
from sklearn.base import BaseEstimator
from NAME_helper import WORD

class Constant(BaseEstimator):
    def fit(self, X, y):
        self.text_ = Path(__file__).with_name("NAME_word.txt").read_text() or WORD
        return self

RECOGNISERS = {"NAME-constant": 3}
"""
OWN = '''
from dataclasses import replace
from pathlib import Path
from sklearn.base import BaseEstimator
from components.speech.corpus import NamedCorpus, fsdd
from components.speech.study import SpeechStudy
from components.study.recipe import Recipe
from components.study.setting import setting
from components.subjects.speech import SPEECH
from NAME_helper import WORD

class Constant(BaseEstimator):
    """Says one word."""

    def __init__(self, again: int = 1) -> None:
        self.again = again

    def fit(self, clips, texts):
        self.text_ = Path(__file__).with_name("NAME_word.txt").read_text() or WORD
        return self

    def predict(self, clips):
        return [" ".join([self.text_] * self.again) for _ in clips]

class OwnStudy(SpeechStudy):
    """With a setting of its own."""

    mood: str = setting("calm", "changes nothing")

def constant():
    """Always the same word."""
    return Constant()

RECOGNISERS = {"NAME-constant": Recipe(constant, "modular")}
CORPORA = {"NAME-digits": NamedCorpus("digits of mine", fsdd.build_manifest)}
SUBJECTS = {"NAME": replace(SPEECH, name="NAME", settings=OwnStudy)}
'''
LOUDER = '''
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline
from components.speech.modular.recipes import mfcc_gmm_hmm
from components.study.recipe import Recipe

class Louder(TransformerMixin, BaseEstimator):
    def fit(self, clips, texts=None):
        return self

    def __sklearn_is_fitted__(self):
        return True

    def transform(self, clips):
        return [clip.with_samples(clip.samples * 2) for clip in clips]

def louder():
    """mfcc-gmm-hmm on louder clips."""
    return Pipeline([("louder", Louder()), *mfcc_gmm_hmm().steps])

RECOGNISERS = {"NAME-hmm": Recipe(louder, "modular")}
'''


@pytest.fixture
def own(tmp_path):
    """A name -> a file of this name, with a module and a text beside it; nothing of it is left afterwards."""
    before = list(sys.path)

    def write(name: str, text: str = OWN, file: str = "") -> Path:
        (tmp_path / f"{name}_helper.py").write_text("WORD = 'one'\n")
        (tmp_path / f"{name}_word.txt").write_text("three")
        path = tmp_path / (file or f"{name}.py")
        path.write_text(textwrap.dedent(text).replace("NAME", name))
        return path

    yield write
    take_in([])
    sys.path[:] = before


WRONG = {
    "not there": (None, "gone.py", "--plugin expected a Python file, got {path}; correct its path."),
    "no Python": ("x", "own.txt", "--plugin expected a Python file, got {path}; correct its path."),
    "no name of a module": (
        "x",
        "my-parts.py",
        "--plugin expected a file named as Python names modules, got {path}; call it my_parts.py.",
    ),
    "name of another module": (
        "x = 1",
        "json.py",
        "--plugin {path} expected a name that no other module has, got that of ",
    ),
    "no Python inside": (
        "def (",
        "broken_syntax.py",
        "--plugin {path} expected a file that can be imported, got SyntaxError: ",
    ),
    "an import that is not there": (
        "import no_such_module",
        "broken_import.py",
        "--plugin {path} expected a file that can be imported, got ModuleNotFoundError: No module named "
        "'no_such_module'; mend it.",
    ),
    "an end": (
        "raise SystemExit(2)",
        "broken_end.py",
        "--plugin {path} expected a file that can be imported, got SystemExit: 2; mend it.",
    ),
    "no parts": (
        "x = 1",
        "no_parts.py",
        "--plugin {path} expected one of RECOGNISERS, CORPORA, SUBJECTS in it, name -> part, got none; add ",
    ),
    "a list": (
        "RECOGNISERS = []",
        "list_of_parts.py",
        "RECOGNISERS of {path} expected name -> part, got a list; mend it.",
    ),
}


@pytest.mark.parametrize(("text", "file", "sentence"), WRONG.values(), ids=WRONG)
def test_a_bad_file_is_one_sentence(text, file, sentence, own, tmp_path):
    path = own("wrong", text, file) if text else tmp_path / file
    with pytest.raises(ValueError) as error:
        take_in([str(path)])
    assert str(error.value).startswith(sentence.replace("{path}", str(path)))
    assert len(str(error.value).splitlines()) == 1


def test_a_part_of_another_kind_is_named(own):
    path = own("other_kind", FEW)
    take_in([str(path)])
    with pytest.raises(ValueError) as error:
        recipe("other_kind-constant")
    assert str(error.value) == f"other_kind-constant of {path} expected a Recipe, got a int; mend the file."


def test_its_parts_are_named_until_another_study_names_others(own, tmp_path):
    path = own("first_parts")
    study = check_study({"plugin": [str(path)], "subject": "first_parts", "mood": "wild"})
    assert (study.mood, study.plugin) == ("wild", [str(path)])
    assert (recipe("first_parts-constant").summary, recipe("first_parts-constant").usual) == (
        "Always the same word.",
        False,
    )
    assert named_corpora()["first_parts-digits"].summary == "digits of mine"
    assert find_subject("first_parts").settings is type(study)
    check_study({})
    with pytest.raises(ValueError, match="unknown recogniser 'first_parts-constant'"):
        recipe("first_parts-constant")


def test_it_is_loaded_again_where_it_is_named(own, recordings, tmp_path):
    path = own("loaded_parts")
    take_in([str(path)])
    clips, texts = clips_of(recordings, (5,))
    save(build("loaded_parts-constant", {"again": 2}).fit(clips, texts), tmp_path / "kept")
    assert load(tmp_path / "kept").predict(clips[:1]) == ["three three"]
    take_in([])
    with pytest.raises(ValueError, match=r"got loaded_parts\.Constant"):
        load(tmp_path / "kept")


def test_its_code_that_beside_it_and_files_that_it_names_are_in_the_fingerprint(own, tmp_path):
    path = own("traced_parts", FEW)
    take_in([str(path)])
    part = sys.modules["traced_parts"].Constant()

    def version() -> str:
        forget_sources()
        return code_version(part)

    seen = [version()]
    for name, text in {
        path.name: path.read_text().replace(" or WORD", ""),
        "traced_parts_helper.py": "WORD = 'two'\n",
        "traced_parts_word.txt": "four",
    }.items():
        (tmp_path / name).write_text(text)
        seen.append(version())
    assert len(set(seen)) == 4
    path.write_text(f"# a comment\n{path.read_text()}")
    assert version() == seen[-1]


def test_the_command_line_takes_it(own, typed):
    status, said, _ = typed("recognisers", "--plugin", str(own("typed_parts")))
    assert status == 0 and "typed_parts-constant     modular     Always the same word." in said


COMMANDS = ("report", "serve", "corpora", "recognisers", "doctor", "compare", "check x")
COMMANDS += ("transcribe run a.wav", "listen run --keyword", "explain run a.wav", "export run")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_may_load_a_part_takes_it(command, typed, store):
    words = (*command.split(), "--tracking", store.address, "--plugin", "gone.py")
    if command in ("corpora", "recognisers") or command.startswith("check"):
        words = (*command.split(), "--plugin", "gone.py")
    status, _, complained = typed(*words)
    assert (status, complained) == (
        1,
        "crossover: --plugin expected a Python file, got gone.py; correct its path.\n",
    )


@pytest.mark.slow
def test_a_recogniser_with_a_stage_of_it_is_explained_and_analysed(own, trained, typed, digits, tmp_path):
    path = own("louder_parts", LOUDER)
    asked = {"corpus": "fsdd", "recognisers": ["louder_parts-hmm"], "plugin": [str(path)], "sizes": [20]}
    _, store = trained(tmp_path / "louder", asked | {"draws": 1})
    (trial,) = read_study(store).finished
    recording = next((digits / "recordings").glob("7_george_5.*"))
    of = {
        "explain": (trial.run_id, recording, "--out", tmp_path / "seven.png"),
        "ceiling": (),
    }
    for command, words in of.items():
        alone = typed(command, *words, "--tracking", store.address)  # a store names no code that is run
        assert alone[0] == 1 and "louder_parts.Louder" in alone[2]
        status, _, complained = typed(command, *words, "--tracking", store.address, "--plugin", path)
        assert (status, complained) == (0, "")


@pytest.mark.slow
def test_a_dask_worker_and_its_child_find_it(own, digits, store, monkeypatch):
    """With settings of its own: the study itself cannot be read where the file is not known."""
    from distributed import Client, LocalCluster

    from flows.child import run_in_child
    from flows.dask_workers import warm
    from flows.prepare import prepare
    from flows.trial import run_trial
    from tests.commands import ROOT, trial_runs

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    asked = {"corpus": "distant_parts-digits", "recognisers": ["distant_parts-constant"], "data": str(digits)}
    asked |= {"plugin": [str(own("distant_parts"))], "subject": "distant_parts", "sizes": [10], "draws": 1}
    study = check_study({**asked, "tracking": store.address})
    prepared = prepare(study)
    (trial,) = prepared.plan.trials
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        assert warm(cluster.scheduler_address, study.plugin) == 1
        with Client(cluster) as client:
            task = (run_in_child, run_trial, study, trial, prepared.run_id, store)
            outcome = client.submit(*task, timeout_s=300, pure=False).result()
    (run,) = trial_runs(store)
    assert (outcome.run_id, run.data.tags["recogniser"]) == (run.info.run_id, "distant_parts-constant")
