"""Sparse codes: atoms are what patches are made of, loudness does not count, few frames are enough."""

import numpy as np
import pytest

from components.laws.examples import frames, labelled
from components.recognisers import build
from components.speech.features.power_norm import PowerNorm
from components.speech.features.sparse_codes import SparseCodes
from components.speech.features.splice import Splice
from components.speech.ragged import rows_of


def made_of(directions, count=600, seed=0):
    """Directions (directions, dims) -> a clip of frames that each are one of them, of any size, and noise."""
    rng = np.random.default_rng(seed)
    rows = directions[rng.integers(len(directions), size=count)] * rng.uniform(1, 3, (count, 1))
    return (rows + 0.02 * rng.standard_normal(rows.shape)).astype(np.float32)


def test_a_frame_is_coded_by_the_atom_that_it_is_made_of_and_by_no_other():
    directions = np.linalg.qr(np.random.default_rng(1).standard_normal((12, 12)))[0][:4]
    codes = SparseCodes(atoms=8, context=0).fit([made_of(directions)])
    strongest = [
        set(codes.transform([size * own[None].astype(np.float32)])[0][0].argsort()[-1:])
        for own in directions
        for size in (2, 3)
    ]
    assert strongest[::2] == strongest[1::2], "the same at any size"
    assert len(set.union(*strongest)) == 4, "another for each"


def test_most_of_a_code_is_0_and_a_higher_threshold_leaves_less():
    noise = [np.random.default_rng(place).standard_normal((80, 12)).astype(np.float32) for place in range(9)]
    shares = [
        np.mean(np.concatenate(SparseCodes(threshold=threshold).fit_transform(noise)) > 0)
        for threshold in (0.0, 1.0, 2.0)
    ]
    assert shares[0] == pytest.approx(0.5, abs=0.01)
    assert 0.3 > shares[1] > 0.05 > shares[2] > 0


def test_how_loud_a_clip_is_hardly_counts():
    codes = SparseCodes(atoms=16).fit(frames())
    quiet, loud = (codes.transform([frames()[0] + gain])[0] for gain in (0, 5))
    np.testing.assert_allclose(loud, quiet, atol=1e-3)


def test_the_dictionary_has_what_clips_without_texts_are_made_of():
    own, further = (np.eye(12, dtype=np.float32)[rows] for rows in ([0, 1], [6, 7]))
    alone, taught = (
        SparseCodes(atoms=8, context=0).fit([made_of(own)], unlabelled=unlabelled)
        for unlabelled in ([], [made_of(further, seed=1)])
    )
    extent = [codes.transform([3 * further])[0].max(axis=1).min() for codes in (alone, taught)]
    assert extent[1] > 2 * extent[0]


def test_a_single_frame_is_enough_and_none_is_refused():
    (code,) = SparseCodes().fit([frames()[0][:1]]).transform([frames()[1][:1]])
    assert code.shape == (1, 2) and np.isfinite(code).all()
    with pytest.raises(ValueError) as refused:
        SparseCodes().fit([])
    assert str(refused.value) == (
        "SparseCodes cannot learn from no frames: expected at least one, got 0; give it clips."
    )


def test_rows_of_all_clips_are_spliced_a_few_clips_at_a_time():
    clips, rows = list(frames()[:6]), np.array([0, 1, 60, 150, 151])
    spliced = Splice(3, 3).transform(clips)
    for limit in (1, 100, 10**6):
        np.testing.assert_array_equal(
            rows_of(clips, Splice(3, 3).transform, rows, limit), np.concatenate(spliced)[rows]
        )


def test_a_vector_of_any_size_gets_length_1_and_keeps_its_signs():
    vectors = PowerNorm().transform([np.array([-4.0, 9.0, 0.0]), np.zeros(3)])
    np.testing.assert_allclose(vectors[0], np.array([-2, 3, 0]) / np.sqrt(13), rtol=1e-6)
    np.testing.assert_array_equal(vectors[1], np.zeros(3))


def test_the_recogniser_learns_its_dictionary_from_clips_without_texts_and_leaves_them_out_where_told():
    clips, texts = labelled()
    few, rest = clips[:6], clips[6:]
    told, alone, off = (
        build("mel-sparse-svm", settings).fit(few, texts[:6], unlabelled=unlabelled)
        for settings, unlabelled in (({}, rest), ({}, []), ({"takes_unlabelled": False}, rest))
    )
    weights = [system.recogniser_["codes"].weights_ for system in (told, alone, off)]
    np.testing.assert_array_equal(weights[1], weights[2])
    assert weights[0].shape != weights[1].shape or np.abs(weights[0] - weights[1]).max() > 1e-3
    assert told.predict(rest) == texts[6:]
    augmented = build("mel-sparse-svm:noise").fit(few, texts[:6], unlabelled=rest)
    assert augmented.predict(rest) == texts[6:]


@pytest.mark.parametrize(
    ("name", "setting"), [("mfcc-svm", "kernel"), ("mfcc-ubm-gmm-hmm", "takes_unlabelled")]
)
def test_what_was_saved_before_there_was_a_setting_answers_as_it_did(name, setting):
    clips, texts = labelled()
    trained = build(name).fit(clips, texts)
    part = trained["svm"] if setting == "kernel" else trained
    state = {key: value for key, value in part.__getstate__().items() if key != setting}
    part.__dict__.clear()
    part.__setstate__(state)
    assert getattr(part, setting) == getattr(type(part)(), setting)
    assert trained.predict(clips) == texts
