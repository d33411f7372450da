"""Networks for wake words learned what no stream has, and became worse with more recordings of a phrase.

The greatest logit of a whole window counted: also where convolutions saw the zeros beyond its edges, and
before the keyword, where no score counts. Besides, one row of convolutions sees 0.7 s, less than a long
phrase. Seen on jarvis and smart mirror: mel-cnn missed 33 % of the latter from 10 recordings, 82 % from
200; mel-gru missed all of jarvis.
"""

import numpy as np
import torch

from components.keywords.training import max_pooled_loss
from components.keywords.windows import RowShape, Windows

ROWS = RowShape(step=4, lookahead=32, behind=32)


def test_rows_that_lack_frames_of_the_stream_count_for_nothing():
    sounds = [np.random.default_rng(0).standard_normal((900, 2)).astype(np.float32) for _ in range(2)]
    batch = Windows(sounds[:1], [(300, 360)], sounds[1:], ROWS, np.random.default_rng(0)).draw(9)
    lacking = ~ROWS.whole
    assert lacking.sum() == 16
    assert not batch.keyword[lacking].any() and not batch.other[lacking].any()


def test_a_network_that_hears_it_too_early_has_the_greater_loss():
    keyword, other = torch.zeros(10, 1, dtype=torch.bool), torch.zeros(10, 1, dtype=torch.bool)
    keyword[6:], other[:4] = True, True
    early, late = torch.full((10, 1), -5.0), torch.full((10, 1), -5.0)
    early[2], late[8] = 5, 5
    assert max_pooled_loss(late, keyword, other) < 0.1 < 4 < max_pooled_loss(early, keyword, other)
