"""Training that starts from what another model has found, in place of a flat start."""

import numpy as np
import pytest

from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.start import GraphPath, OnPaths, even_path
from components.speech.acoustic.tied_words import TiedWordGmmHmm
from components.speech.acoustic.triphone import TriphoneGmmHmm
from components.speech.decoding.alignment_graph import transcript_graph
from tests.speech.acoustic.synthetic import LEXICON, make_frames

TRANSCRIPTS = [["ba"], ["ab"], ["ba", "ab"]] * 8
FRAMES = [make_frames(words, seed) for seed, words in enumerate(TRANSCRIPTS)]
STATES = {"sil": [0], "A": [1], "B": [2]}


@pytest.fixture(scope="module")
def start():
    phones = GmmHmm(components=2).fit(FRAMES, TRANSCRIPTS, LEXICON)
    return OnPaths(dict(enumerate(phones.paths(FRAMES, TRANSCRIPTS))))


def graph_of(pronunciation, states=STATES):
    return transcript_graph(["word"], {"word": [pronunciation]}, states)


def test_a_path_has_the_states_of_another_model_with_as_many_for_each_word():
    path = GraphPath(np.array([0, 0, 1, 1, 2, 3]), graph_of(("A", "B")))
    assert path.states_in(graph_of(("B", "A"))).tolist() == [0, 0, 2, 2, 1, 0]


def test_the_frames_of_a_word_are_divided_equally_among_the_states_of_a_longer_one():
    path = GraphPath(np.array([0, 1, 1, 1, 2, 2, 2, 3]), graph_of(("A", "B")))
    assert path.states_in(graph_of(("A", "B", "A"))).tolist() == [0, 1, 1, 2, 2, 1, 1, 0]


def test_a_path_is_stretched_over_a_slower_recording_and_even_over_one_too_short():
    path = GraphPath(np.array([0, 1, 2, 3]), graph_of(("A", "B")))
    assert path.stretched(8).positions.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert path.stretched(2).positions.tolist() == [0, 2]
    assert even_path(path.graph, 2).positions.tolist() == [0, 2]
    assert even_path(path.graph, 0).positions.tolist() == []


@pytest.mark.parametrize(
    "model", [GmmHmm(), TriphoneGmmHmm(), TiedWordGmmHmm()], ids=lambda one: type(one).__name__
)
def test_a_brief_training_from_good_alignments_is_as_good_as_a_whole_one_and_aligns_less(
    model, start, monkeypatch
):
    aligned, align = [], GmmHmm._alignments
    monkeypatch.setattr(GmmHmm, "_alignments", lambda *given: aligned.append(1) or align(*given))
    whole = likelihood(model.fit(FRAMES, TRANSCRIPTS, LEXICON))
    of_whole = len(aligned)
    aligned.clear()
    brief = likelihood(model.fit(FRAMES, TRANSCRIPTS, LEXICON, start=start, brief=True))
    assert brief > whole - 0.1 and len(aligned) <= of_whole // 2


def likelihood(model):
    """Mean log-likelihood of frames of other words, aligned."""
    frames, words = make_frames(["ab", "ba"], 99), ["ab", "ba"]
    (path,) = model.align([frames], [model.alignment_graph(words)])
    return model.log_likelihoods(frames)[np.arange(len(path)), path].mean()


def test_a_clip_that_is_too_short_has_a_path_and_does_no_harm():
    frames, transcripts = [*FRAMES, FRAMES[0][:5]], [*TRANSCRIPTS, ["ba"]]
    phones = GmmHmm().fit(frames, transcripts, LEXICON)
    paths = phones.paths(frames, transcripts)
    assert [len(path.positions) for path in paths] == list(map(len, frames))
    slower = [np.repeat(rows, 4, axis=0) for rows in frames]  # now it is long enough
    start = OnPaths({row: path.stretched(len(slower[row])) for row, path in enumerate(paths)})
    model = GmmHmm().fit(slower, transcripts, LEXICON, start=start, brief=True)
    assert model.skipped_ == 0 and np.isfinite(model.log_likelihoods(slower[0])).all()
