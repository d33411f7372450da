"""DTW distances against a plain double loop, and the nearest-neighbour classifier."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.speech.modular.dtw import dtw_distances
from components.speech.modular.dtw_classifier import DtwClassifier
from components.speech.modular.recipes import mfcc_dtw


def plain_distance(one, other, band):
    """DTW as in the paper: one cell after another."""
    rows, columns = len(one), len(other)
    longer = max(rows, columns)
    best = np.full((rows + 1, columns + 1), np.inf)
    for i in range(rows):
        for j in range(columns):
            apart = abs(i * (columns - 1) - j * (rows - 1)) / max(1, longer - 1)
            if apart > max(1, band * longer):
                continue
            cost = np.linalg.norm(one[i] - other[j])
            if i == j == 0:
                best[1, 1] = 2 * cost
            else:
                best[i + 1, j + 1] = min(best[i, j + 1] + cost, best[i, j] + 2 * cost, best[i + 1, j] + cost)
    return best[-1, -1] / (rows + columns)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(1, 12), min_size=1, max_size=5), st.floats(0, 1))
def test_a_distance_is_that_of_a_plain_double_loop(seed, lengths, band):
    rng = np.random.default_rng(seed)
    query, *templates = (rng.standard_normal((n, 3)).astype(np.float32) for n in [7, *lengths])
    expected = [plain_distance(query, template, band) for template in templates]
    np.testing.assert_allclose(dtw_distances(query, templates, band), expected, rtol=1e-4, atol=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40))
def test_the_narrowest_band_leaves_a_path_between_any_two_lengths(rows, columns):
    frames = np.random.default_rng(rows).standard_normal((40, 2)).astype(np.float32)
    assert np.isfinite(dtw_distances(frames[:rows], [frames[:columns]], 0.0)).all()


def test_a_slower_rendering_is_near_and_another_order_is_far():
    sound = np.repeat(np.eye(4, dtype=np.float32), 5, axis=0)
    slow, turned = np.repeat(sound, 2, axis=0), sound[::-1].copy()
    near, far = dtw_distances(sound, [slow, turned])
    assert near < 0.01 and far > 0.5


def test_a_distance_is_the_same_whatever_the_other_templates_are():
    rng = np.random.default_rng(0)
    templates = [rng.standard_normal((n % 30 + 1, 13)).astype(np.float32) for n in range(300)]
    together = dtw_distances(templates[7], templates, 0.2)
    alone = [dtw_distances(templates[7], [template], 0.2)[0] for template in templates]
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-3)


def test_two_clips_of_each_digit_are_enough_for_half_of_people_s_digits(people):
    (clips, texts), (test_clips, test_texts) = people
    rows = [row for word in sorted(set(texts)) for row in [r for r, t in enumerate(texts) if t == word][:2]]
    fitted = mfcc_dtw().fit([clips[row] for row in rows], [texts[row] for row in rows])
    right = np.mean(
        [answer == text for answer, text in zip(fitted.predict(test_clips), test_texts, strict=True)]
    )
    assert right >= 0.5  # a tenth by chance


def test_band_and_nearest_are_chosen_unless_given(people):
    (clips, texts), _ = people
    frames = mfcc_dtw()[:-1].fit_transform(clips[:60])
    given_both = DtwClassifier(band=0.3, nearest=4).fit(frames, texts[:60])
    assert (given_both.band_, given_both.nearest_) == (0.3, 4)
    assert DtwClassifier(nearest=4).fit(frames, texts[:60]).nearest_ == 4


def test_the_number_of_nearest_that_errs_least_is_taken():
    places = [(word, 10.0 * place + shift) for place in range(12) for word, shift in (("a", 0), ("b", 4))]
    clips = [(word, where + nudge) for word, where in places for nudge in (0.0, 0.5)]
    frames = [np.full((8, 2), where, np.float32) for _, where in clips]
    texts = [word for word, _ in clips]  # each in pairs, so that the second nearest of a word is far away
    assert DtwClassifier().fit(frames, texts).nearest_ == 1
    assert DtwClassifier().fit(frames[:30], texts[:30]).nearest_ == 2  # too few clips to choose by


def test_only_so_many_templates_are_kept_in_equal_shares():
    texts = ["a"] * 50 + ["b"] * 50 + ["c"] * 2
    frames = [np.random.default_rng(row).standard_normal((6, 2)).astype(np.float32) for row in range(102)]
    model = DtwClassifier(most_templates=30).fit(frames, texts)
    assert {word: int((model.texts_ == word).sum()) for word in "abc"} == {"a": 10, "b": 10, "c": 2}
    other = DtwClassifier(most_templates=30, seed=1).fit(frames, texts)
    first, second = (np.concatenate(each.templates_).tolist() for each in (model, other))
    assert first != second


def test_connected_speech_that_never_repeats_is_refused():
    with pytest.raises(ValueError) as error:
        DtwClassifier().fit([np.zeros((9, 2), np.float32)] * 2, ["turn left", "turn right"])
    assert str(error.value) == (
        "DtwClassifier cannot learn from these transcripts: expected words or phrases that repeat, got 2 "
        "transcripts, all different, 2 of several words; use mfcc-gmm-hmm or an end-to-end recogniser for "
        "connected speech."
    )
