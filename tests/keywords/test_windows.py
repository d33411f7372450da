"""Windows of the training: where in them the keyword counts, and a network that sees all of it."""

import numpy as np
import pytest

from components.keywords.neural import NeuralDetector
from components.keywords.windows import WINDOW, RowShape, Windows

ROWS = RowShape(step=4, lookahead=32, behind=32)


@pytest.fixture
def batch():
    rng = np.random.default_rng(0)
    keywords = [np.zeros((400, 2), np.float32) for _ in range(3)]
    for place, frames in enumerate(keywords):
        frames[200 + place : 260 + place] = 1
    spans = [(200 + place, 260 + place) for place in range(3)]
    background = [np.full((900, 2), -1, np.float32)]
    return Windows(keywords, spans, background, ROWS, rng).draw(9)


def test_a_third_has_the_keyword_and_it_counts_from_its_begin_on(batch):
    has_it = (batch.frames == 1).any(axis=(0, 2))
    assert has_it.sum() == 3 and (batch.keyword.any(axis=0) == has_it).all()
    begins = (batch.frames[:, has_it, 0] == 1).argmax(axis=0)
    ends = np.arange(4, WINDOW + 1, 4)[:, None]
    assert not batch.keyword[:, has_it][np.broadcast_to(ends <= begins, (50, 3))].any()


def test_before_the_keyword_and_in_the_background_it_must_not_be_heard(batch):
    has_it = (batch.frames == 1).any(axis=(0, 2))
    begins = (batch.frames[:, has_it, 0] == 1).argmax(axis=0)
    ends = np.arange(4, WINDOW + 1, 4)[:, None]
    before = batch.other[:, has_it]
    assert before.any(axis=0).all() and not before[np.broadcast_to(ends + 32 > begins, (50, 3))].any()
    assert batch.other[:, ~has_it].sum() == 6 * ROWS.whole.sum()


@pytest.mark.parametrize(("encoder", "rows"), [("convolutional", 23), ("recurrent", 1)])
def test_the_last_layer_after_convolutions_reads_as_many_rows_as_the_keyword_is_long(encoder, rows):
    rng = np.random.default_rng(0)
    sounds = [rng.standard_normal((400, 40)).astype(np.float32) for _ in range(6)]
    detector = NeuralDetector(encoder, channels=4, layers=1, steps=2, batch=6)
    detector.train(sounds[:3], [(200, 290)] * 3, sounds[3:])
    assert detector.span_ == rows and detector.weights_["output.weight"].size == 4 * rows


def test_what_was_saved_when_it_read_one_row_hears_the_same():
    rng = np.random.default_rng(0)
    sounds = [rng.standard_normal((400, 40)).astype(np.float32) for _ in range(4)]
    detector = NeuralDetector(channels=4, layers=1, steps=2, batch=6)
    detector.train(sounds[:2], [(200, 203)] * 2, sounds[2:])
    state = detector.__getstate__()
    del state["span_"]
    before = NeuralDetector.__new__(NeuralDetector)
    before.__setstate__(state)
    scores = [one.listen().push(sounds[0][:, None]) for one in (detector, before)]
    np.testing.assert_array_equal(*scores)
