"""Arrays too large for memory: the same values, in a file that nobody sees and that nothing is left of."""

import os
import resource
import subprocess
import sys

import numpy as np
import pytest

from components import mapped
from components.mapped import empty, end_to_end, keep, let_go, sweep

RNG = np.random.default_rng(0)
PIECES = [RNG.standard_normal((rows, 3)).astype(np.float32) for rows in (4, 0, 7, 1)]
PEAK = """
from pathlib import Path
import sys
import numpy as np
from components import mapped
from components.mapped import keep, sweep
from components.speech.ragged import map_chunks
mapped.MOST_IN_MEMORY = mapped.SWEPT_AT_ONCE = 1 << 20
made = keep([np.full((5000, 40), i, np.float32)] for i in range(int(sys.argv[1])))
for rows in sweep(map_chunks(made, lambda some: [2 * rows for rows in some])):
    rows.sum()
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


@pytest.fixture
def on_disk(monkeypatch, tmp_path):
    """The folder of the files; all arrays are kept in one."""
    monkeypatch.setenv("CROSSOVER_CACHE", str(tmp_path))
    monkeypatch.setattr(mapped, "MOST_IN_MEMORY", 0)
    return tmp_path


def is_mapped(array):
    return mapped._map_of(array) is not None


@pytest.mark.parametrize("most", [0, 40, 1000])  # at once, on the way, never
def test_what_is_kept_is_what_was_given(on_disk, monkeypatch, most):
    monkeypatch.setattr(mapped, "MOST_IN_MEMORY", most)
    chunks = [PIECES[:1], [], PIECES[1:3], PIECES[3:]]
    kept, (rows, lengths) = keep(iter(chunks)), end_to_end(iter(chunks))
    assert len(kept) == len(PIECES)
    assert all(np.array_equal(own, given) for own, given in zip(kept, PIECES, strict=True))
    np.testing.assert_array_equal(rows, np.concatenate(PIECES))
    assert lengths.tolist() == [4, 0, 7, 1]
    assert is_mapped(rows) == is_mapped(kept[0]) == (most < 1000)
    assert keep([]) == []


def test_pages_that_were_let_go_are_read_again(on_disk):
    kept, filled = keep([PIECES]), empty((5, 2), np.int64)
    filled[:] = 7
    let_go([*kept, filled])
    assert [rows.tolist() for rows in sweep(kept)] == [rows.tolist() for rows in PIECES]
    assert filled.tolist() == [[7, 7]] * 5


def test_what_was_written_into_a_private_copy_of_a_file_stays(tmp_path):
    np.zeros(10).tofile(tmp_path / "zeros")
    own = np.memmap(tmp_path / "zeros", np.float64, "c")
    own[:] = 3
    let_go([np.asarray(own)[2:]])
    assert own.tolist() == [3.0] * 10


def test_nobody_sees_the_file_and_nothing_is_left_of_it(on_disk):
    kept = keep([PIECES])
    assert is_mapped(kept[0]) and not os.listdir(on_disk)


def test_a_full_disk_is_said_in_one_sentence(on_disk):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        with pytest.raises(OSError) as caught:
            keep([PIECES])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(caught.value) == (
        f"features expected room on the disk of {on_disk}, got File too large after 0.0 GB; free some, or "
        "set CROSSOVER_CACHE to a folder of a larger one."
    )


def test_memory_does_not_grow_with_what_is_kept():
    peaks = [
        int(subprocess.run([sys.executable, "-c", PEAK, str(count)], capture_output=True, check=True).stdout)
        for count in (50, 150)
    ]
    assert peaks[1] - peaks[0] < 100 * 0.8 * 1024 / 5  # KB: a fifth of what is kept besides
