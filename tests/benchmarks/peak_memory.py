"""One step of a study in a process of its own -> the highest memory that it takes, pages of files included.

    python -m tests.benchmarks.peak_memory STEP FOLDER HOURS [RECOGNISER]

STEP: prepare (altered copies of the corpus in FOLDER, and their features), fit or predict.
CROSSOVER_IN_MEMORY: bytes from which on features are in a file, as of components.mapped.
"""

import os
import pickle
import sys
import time
from pathlib import Path

from components import mapped
from components.parts import stateless_stages
from components.recognisers import build
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.corpus.corpus import open_corpus
from components.speech.corpus.prepared import prepare
from components.speech.features.store import compute_features, shared_features
from tests.copies import altered_copies

FEW = GmmHmm(rounds=1, components=4)  # passes over the corpus: time matters less here than memory
UNTUNED = {"words__acoustic_scale": 0.1, "words__word_cost": 0.0, "words__beam": 8.0}
SETTINGS = {
    "mfcc-gmm-hmm": {"words__acoustic": FEW} | UNTUNED,
    "mfcc-lda-gmm-hmm": {"words__acoustic__acoustic": FEW} | UNTUNED,
    "mfcc-tied-gmm-hmm": {"words__acoustic__acoustic": FEW} | UNTUNED,
    "mel-ctc": {"steps": 20},
    "end-to-end": {"steps": 20},
}


def memory(what: str) -> float:
    """VmRSS or VmHWM, the highest so far -> MB of this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{what}:")[1].split()[0]) / 1024


def copies(folder: Path, hours: str):
    return open_corpus(
        next((folder / "prepared").glob(f"copies-{hours.replace('.', '-')}-*/corpus.json")).parent
    )


def run(step: str, folder: Path, hours: str, name: str) -> None:
    if step == "prepare":
        manifest = altered_copies(open_corpus(folder / "originals"), float(hours))
        corpus = prepare(f"copies-{hours}", manifest, folder)
        stages = stateless_stages(build("mfcc-gmm-hmm"))
        compute_features(stages, corpus.clips, corpus.folder / "features")
        return
    corpus, model = copies(folder, hours), folder / f"{name}.pickle"
    with shared_features(corpus.folder / "features"):
        if step == "fit":
            recogniser = build(name, SETTINGS[name]).fit(list(corpus.clips), corpus.texts)
            model.write_bytes(pickle.dumps(recogniser))
        else:
            pickle.loads(model.read_bytes()).predict(list(corpus.clips))


if __name__ == "__main__":
    mapped.MOST_IN_MEMORY = int(os.environ.get("CROSSOVER_IN_MEMORY", mapped.MOST_IN_MEMORY))
    step, folder, hours, *names = sys.argv[1:]
    before, began = memory("VmRSS"), time.process_time()
    run(step, Path(folder), hours, *(names or [""]))
    print(f"{before:.0f} {memory('VmHWM'):.0f} {time.process_time() - began:.0f}")
