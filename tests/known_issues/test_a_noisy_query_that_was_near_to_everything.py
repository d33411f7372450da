"""Query by example took the nearest queries: the noisiest, which are nearer than others to every sound.

Seen on alexa in rooms at 10 dB: 94 % missed, where a hidden Markov model missed half with the same frames;
each of its false alarms was nearest to queries of 6 to 8 dB.
"""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from components.keywords.dtw import QueryDtw

LENGTH, DIMS = 60, 8


def sounds(count, length, rng):
    """Frames that change as slowly as those of speech do, of deviation 1."""
    smooth = gaussian_filter1d(rng.standard_normal((count, length, DIMS)), 4, axis=1)
    return (smooth / smooth.std()).astype(np.float32)


def test_a_background_shorter_than_the_keyword_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="QueryDtw expected more background than 60 frames"):
        QueryDtw().train([*sounds(4, LENGTH, rng)], [(0, LENGTH)] * 4, sounds(1, LENGTH // 2, rng))


def test_queries_in_noise_do_not_hide_the_keyword_from_clear_ones():
    rng = np.random.default_rng(0)
    (keyword,), background = sounds(1, LENGTH, rng), sounds(60, 400, rng)
    as_said = keyword + sounds(26, LENGTH, rng)
    as_said /= as_said.std()
    queries = [*as_said[:4], *0.3 * as_said[4:16]]  # noise leaves little of a sound, once its mean is gone
    dtw = QueryDtw().train(queries, [(0, LENGTH)] * 16, background[:20])
    streams = background[20:].copy()
    streams[:10, 200 : 200 + LENGTH] = as_said[16:]
    greatest = dtw.listen().push(streams.swapaxes(0, 1)).max(axis=0)
    assert np.mean(greatest[:10] > greatest[10:].max()) >= 0.8
