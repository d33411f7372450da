"""Whatever a manifest looks like: every row is a clip or set aside, or an error names the file."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from components.speech.check import check_corpus
from components.speech.corpus import Corpus, read_corpus
from components.speech.dataset import speech_dataset
from components.speech.study import SpeechStudy
from tests.fsdd import paths_of
from tests.speech.corpus.manifests import Written, manifests

KNOWN = ("a.wav", "b.flac", "c.flac", "d.flac")
EXAMPLES = int(os.environ.get("CROSSOVER_FUZZ_EXAMPLES", "60"))


@pytest.fixture(scope="module")
def few(recordings, tmp_path_factory) -> Path:
    """A folder with some recordings under the names of KNOWN."""
    folder = tmp_path_factory.mktemp("few")
    for name, path in zip(KNOWN, paths_of(recordings, "*_0"), strict=False):
        shutil.copy(path, folder / name)
    for name in ("x.raw", "x.m4a", "notes.txt"):
        (folder / name).write_bytes(b"nothing that can be heard " * 9)
    return folder


def read_or_refused(written: Written, few: Path) -> Corpus | None:
    """A manifest beside the recordings -> its corpus after a look at it; None if refused by name."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for file in few.iterdir():
            os.link(file, folder / file.name)
        path = written.write(folder)
        try:
            corpus = read_corpus(path, cache=folder / "cache", workers=1)
        except ValueError as error:
            assert type(error) is ValueError, f"{type(error).__name__}: {error}"
            assert path in str(error) or repr(path)[1:-1] in str(error), f"the file is not named: {error}"
            return None
        assert all(item.reason for item in corpus.set_aside)
        check = check_corpus(SpeechStudy(corpus=path), speech_dataset(corpus))
        assert all(result.message for result in check.results)
        return corpus


@settings(
    max_examples=EXAMPLES,
    derandomize="CROSSOVER_FUZZ_EXAMPLES" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(written=manifests(KNOWN))
def test_nothing_is_lost_without_a_line(written, few):
    corpus = read_or_refused(written, few)
    if corpus is not None:
        assert written.rows in (None, len(corpus) + len(corpus.set_aside))
        names = corpus.clips.names
        assert len(set(names)) == len(names) and all(names) and all(corpus.texts)
        assert all(item.name for item in corpus.set_aside)
