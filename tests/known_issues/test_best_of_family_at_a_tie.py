"""Where two modular recognisers erred alike on all but a tenth of the speakers, the first of them was "best"
there: both families without an error at the largest size gave end-to-end a lead that nobody had."""

from __future__ import annotations

import numpy as np

from components.study.curves.resampling import _best


def test_of_two_that_err_alike_the_one_that_errs_less_elsewhere_is_best():
    small, large = (
        [[4, 4], [1, 1]],
        [[0, 1], [0, 0]],
    )  # (members, groups): the first errs once more at the top
    errors = np.array([small, large], dtype=float).transpose(1, 0, 2)[None]  # (1, members, sizes, groups)
    assert _best(errors)[0, 1].tolist() == [0, 0]
