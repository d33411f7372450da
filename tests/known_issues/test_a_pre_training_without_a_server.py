"""A pre-training took the Prefect server that its study would start for one of the user's. Where the corpus
was read so fast that nothing had started it yet, the command ended: "PREFECT_API_URL expected a Prefect
server, got no answer"."""

from components.study.tracking import read_study
from tests.commands import crossover
from tests.fsdd import DIGITS, SPEAKERS, paths_of

NAMES = ("mel-ctc", "mel-ctc-last-layer")
STEPS = ("--set", "mel-ctc.steps=20", "--set", "mel-ctc-last-layer.recogniser__steps=20")


def test_a_study_trains_on_its_source_first(recordings, store, tmp_path):
    rows = {"own.csv": ["path,text,speaker"], "source.csv": ["path,text,speaker"]}
    for path in paths_of(recordings):
        word, who, _ = path.stem.split("_")
        own = who in SPEAKERS[:2]
        rows["own.csv" if own else "source.csv"].append(f"{path},{DIGITS[int(word)]},{who}")
    for file, lines in rows.items():
        (tmp_path / file).write_text("\n".join(lines))
    own, source = tmp_path / "own.csv", tmp_path / "source.csv"
    for file in (own, source):
        crossover("check", file, store=store)  # from now on reading is a matter of a moment
    asked = (
        "--corpus",
        own,
        "--source",
        source,
        "--sizes",
        10,
        "--draws",
        1,
        "--recognisers",
        ",".join(NAMES),
    )
    ended = crossover("compare", "--name", "own", *asked, *STEPS, store=store)
    assert ended.status == 0, ended.complained
    assert {trial.recogniser for trial in read_study(store, "own").finished} == set(NAMES)
