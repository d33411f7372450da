"""Keywords missed at 0.5 false alarms an hour, by phrase, recognisers and number of recordings.

    python -m pytest -m benchmark -s tests/benchmarks/test_wake_words.py

The phrases of ../shared/data/wake_words (or of CROSSOVER_DATA) against each other and speechocean762, one
draw of the training recordings; the table is printed as RESULTS.md has it. DRAWS=2 takes means over two.
WAKE_WORDS=alexa, SIZES=10,50, RECOGNISERS=keyword-hmm, HOURS=1 (of background on either side) and BACKGROUND=
(other phrases alone) make less of it. With OPENWAKEWORD, the folder of its wheel (pip download --no-deps
openwakeword==0.4.0), its own model of alexa hears the same streams, with a threshold that is read off the
same held-out training background, heard in one room.
"""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from components.keywords.det import poisson_interval
from components.keywords.recipes import RECIPES
from components.keywords.scoring import MISSES, metrics, score
from components.keywords.stream import halves, in_rooms
from components.keywords.track import Track, threshold_for
from components.study.saving import save
from components.study.splits import make_folds, training_subset
from components.study.subject import Evaluation
from components.subjects import check_study, find_subject

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(36000)]

PHRASES = ("alexa", "computer", "jarvis", "smart mirror", "snowboy", "view glass")
ASKED = os.environ.get("WAKE_WORDS", ",".join(PHRASES)).split(",")
SIZES = [int(size) for size in os.environ.get("SIZES", "10,50,200").split(",")]
SYSTEMS = os.environ.get("RECOGNISERS", ",".join(RECIPES)).split(",")
BACKGROUND = os.environ.get("BACKGROUND", "speechocean762").split(",")
DRAWS, HOURS = int(os.environ.get("DRAWS", "1")), float(os.environ.get("HOURS", "0"))
SHOWN = (0.5, 1.0, 10.0)  # false alarms an hour in the test's background
COLUMNS = (
    "keyword",
    "recogniser",
    "size",
    "missed",
    "false alarms an hour",
    "latency",
    "model",
    "train",
    *(f"at {rate:g}" for rate in SHOWN),
)
MODELS = "openwakeword/resources/models"


class OpenWakeWord:
    """The frozen model of alexa of openwakeword 0.4.0, on whole streams: a score every 80 ms."""

    STEP, FRAMES, ROWS = 8, 76, 16  # mel frames from row to row and in a row; rows in a score

    def __init__(self, folder: Path) -> None:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = 1
        self.mel, self.embedding, self.model = (
            InferenceSession(str(folder / MODELS / f"{name}.onnx"), options)
            for name in ("melspectrogram", "embedding_model", "alexa_v0.1")
        )

    def track(self, stream) -> Track:
        """A stream of 16 kHz -> its scores."""
        mel = _run(self.mel, np.round(stream.samples * 32767)[None]).squeeze() / 10 + 2
        starts = range(0, len(mel) - self.FRAMES + 1, self.STEP)
        rows = np.concatenate(
            [
                _run(
                    self.embedding,
                    np.stack([mel[s : s + self.FRAMES] for s in starts[i : i + 64]])[..., None],
                )
                for i in range(0, len(starts), 64)
            ]
        ).reshape(len(starts), -1)
        scores = [
            float(_run(self.model, rows[None, end - self.ROWS : end]).squeeze())
            for end in range(self.ROWS, len(rows) + 1)
        ]
        first = (self.FRAMES + self.STEP * (self.ROWS - 1)) / 100
        return Track(np.array(scores, np.float32), first, self.STEP / 100)


def _run(session, values):
    (given,) = session.get_inputs()
    return session.run(None, {given.name: values.astype(np.float32)})[0]


@pytest.fixture(scope="module")
def openwakeword(tmp_path_factory):
    """Its model of alexa; None where there is no wheel."""
    folder = Path(os.environ.get("OPENWAKEWORD", ""))
    if not os.environ.get("OPENWAKEWORD"):
        return None
    for wheel in folder.glob("openwakeword-0.4.0*.whl"):
        folder = tmp_path_factory.mktemp("openwakeword")
        zipfile.ZipFile(wheel).extractall(folder)
    return OpenWakeWord(folder)


@pytest.fixture(scope="module")
def table():
    """Lines of the table, which is printed when all are there."""
    lines = [_line(COLUMNS), _line(["---"] * len(COLUMNS))]
    yield lines
    print("", *lines, sep="\n", flush=True)


@pytest.mark.parametrize("keyword", ASKED)
def test_misses_at_half_a_false_alarm_an_hour(all_recordings, keyword, openwakeword, table):
    subject = find_subject("wake-words")
    corpora = {"corpus": str(all_recordings / "wake_words"), "background": list(filter(None, BACKGROUND))}
    asked = {"keyword": keyword, "data": str(all_recordings), "background_hours": HOURS, "workers": 2}
    study = check_study({"subject": "wake-words", **corpora, **asked})
    dataset = subject.read(study)
    (fold,) = make_folds(dataset, subject.nouns)
    print(f"\n{keyword}: {dataset.facts}", flush=True)
    with threadpool_limits(1), subject.surround(dataset, "", print):
        for name in SYSTEMS:
            for size in SIZES:
                trials = [_trial(subject, study, dataset, fold, name, size, n) for n in range(DRAWS)]
                table.append(_row(keyword, f"`{name}`", size, trials))
                print(table[-1], flush=True)
        if openwakeword and keyword == "alexa":
            table.append(_row(keyword, "openwakeword", "-", [_theirs(openwakeword, dataset, fold)]))


def _trial(subject, study, dataset, fold, name, size, draw):
    train, said = dataset.labelled(training_subset(dataset, subject.nouns, fold, size, draw))
    spotter, begin = subject.system(study, dataset, name, draw), time.process_time()
    spotter.fit(train, said, background=dataset.background)
    trained = time.process_time() - begin
    streams, targets = dataset.labelled(fold.test)
    tracks = spotter.predict(streams)
    with TemporaryDirectory() as folder:
        size = sum(path.stat().st_size for path in save(spotter, Path(folder)))
    return _measured(dataset, fold, spotter, tracks, streams, targets) | {"seconds": trained, "bytes": size}


def _theirs(openwakeword, dataset, fold):
    held_out = in_rooms(halves(dataset.background)[1], 1, 10.0)  # the first room of four: its network is slow
    hours = sum(stream.seconds for stream in held_out) / 3600
    openwakeword.threshold_ = threshold_for([openwakeword.track(s) for s in held_out], int(0.5 * hours))
    streams, targets = dataset.labelled(fold.test)
    tracks = [openwakeword.track(stream).minus(openwakeword.threshold_) for stream in streams]
    return _measured(dataset, fold, openwakeword, tracks, streams, targets) | {"seconds": 0, "bytes": 0}


def _measured(dataset, fold, system, tracks, streams, targets):
    names = [[column[row] for row in fold.test] for column in (dataset.ids, dataset.groups)]
    scores = score(*names, targets, tracks)
    numbers = metrics(Evaluation(system, [], streams, targets, tracks, scores, 1.0, 1.0))
    return numbers | {"missed": float(scores["errors"].mean()), "keywords": len(scores)}


def _row(keyword, name, size, measured):
    mean = {key: np.nanmean([one.get(key, np.nan) for one in measured]) for key in measured[0]}
    low, high = poisson_interval(mean["false_alarms"], mean["background_hours"])
    rate, hours = mean["false_alarms_per_hour"], mean["background_hours"]
    det = [mean.get(MISSES.format(rate)) for rate in SHOWN]
    return _line(
        [
            keyword,
            name,
            size,
            f"{100 * mean['missed']:.1f} % of {mean['keywords']:.0f}",
            f"{rate:.2f} ({low:.2f} to {high:.2f}) in {hours:.2f} h",
            f"{mean.get('latency_ms', np.nan):.0f} ms",
            f"{mean['bytes'] / 1000:.0f} kB",
            f"{mean['seconds']:.0f} s",
            *("-" if share is None else f"{100 * share:.1f}" for share in det),
        ]
    )


def _line(cells):
    return "| " + " | ".join(map(str, cells)) + " |"
