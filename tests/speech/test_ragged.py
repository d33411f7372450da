"""Many arrays as one, and back: nothing is lost, and no item is touched by its neighbours."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from components.speech.ragged import chunks, concatenate, map_blocks, shift, split

lengths = st.lists(st.integers(0, 9), min_size=1, max_size=6)


def arrays(counts, dims=3):
    rng = np.random.default_rng(0)
    return [rng.standard_normal((count, dims)).astype(np.float32) for count in counts]


@given(lengths)
def test_split_undoes_concatenate(counts):
    items = arrays(counts)
    assert all(map(np.array_equal, split(*concatenate(items)), items))


@given(st.lists(st.integers(1, 9), max_size=12), st.integers(1, 20))
def test_chunks_are_neighbours_within_the_limit_or_one_longer_item(counts, limit):
    slices = list(chunks(counts, limit))
    assert [index for chunk in slices for index in range(len(counts))[chunk]] == list(range(len(counts)))
    for chunk in slices:
        assert sum(counts[chunk]) <= limit or len(counts[chunk]) == 1


@given(lengths, st.integers(1, 7))
def test_blocks_have_one_size_whatever_the_items(counts, block):
    items, sizes = arrays(counts), set()

    def double(frames):
        sizes.add(len(frames))
        return 2 * frames

    if any(counts):
        assert all(map(np.array_equal, map_blocks(items, double, block), [2 * item for item in items]))
        assert sizes == {block}
    assert map_blocks([], double, block) == []


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(-4, 4))
def test_shifted_frames_repeat_the_edges_of_their_own_item(counts, offset):
    items = arrays(counts)
    shifted = split(shift(*concatenate(items), offset), np.array(counts))
    for item, result in zip(items, shifted, strict=True):
        assert np.array_equal(result, item[np.clip(np.arange(len(item)) + offset, 0, len(item) - 1)])
