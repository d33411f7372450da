"""GMM-HMMs and networks held all features in memory, several times: 13 GB and more at 100 hours.

Now they are in a file from a size on; the same models, to the bit.
"""

import numpy as np
import pytest

from components import mapped
from components.mapped import keep
from components.neural.recogniser import CtcRecogniser
from components.recognisers import build
from components.speech import ragged
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.lda_mllt import LdaMlltGmmHmm
from components.speech.acoustic.tied_words import TiedWordGmmHmm
from components.speech.acoustic.triphone import TriphoneGmmHmm
from components.speech.features import log_mel
from tests.fsdd import digits

SETTINGS = GmmHmm(rounds=1, components=4)
MODELS = [SETTINGS, LdaMlltGmmHmm(SETTINGS), TriphoneGmmHmm(SETTINGS), TiedWordGmmHmm(SETTINGS)]


@pytest.fixture(scope="module")
def clips_and_texts(recordings):
    return digits(recordings, (5, 6), ("george", "lucas", "theo"))


@pytest.fixture
def on_disk(monkeypatch):
    """From here on everything is in files, in small parts."""

    def begin():
        monkeypatch.setattr(mapped, "MOST_IN_MEMORY", 0)
        monkeypatch.setattr(mapped, "SWEPT_AT_ONCE", 1 << 14)
        monkeypatch.setattr(ragged.in_chunks, "__defaults__", (100,))
        monkeypatch.setattr(log_mel, "SAMPLES_AT_ONCE", 1 << 15)

    return begin


@pytest.mark.parametrize("acoustic", MODELS, ids=lambda model: type(model).__name__)
def test_a_gmm_hmm_is_the_same_from_disk(clips_and_texts, on_disk, acoustic):
    clips, texts = clips_and_texts
    recogniser = build("mfcc-gmm-hmm").set_params(words__acoustic=acoustic)
    before = recogniser.fit(clips, texts)[-1].acoustic_
    answers = recogniser.predict(clips)
    on_disk()
    after = recogniser.fit(clips, texts)[-1].acoustic_
    assert recogniser.predict(clips) == answers
    for name in ("means_", "variances_", "weights_"):
        np.testing.assert_array_equal(getattr(after.mixtures_, name), getattr(before.mixtures_, name))


@pytest.mark.parametrize("front_end", ["mel", "wave"])
def test_a_network_is_the_same_from_disk(clips_and_texts, on_disk, front_end):
    clips, texts = clips_and_texts
    recogniser = CtcRecogniser(front_end, steps=6, channels=16, layers=1)
    before = recogniser.fit(clips, texts).weights_
    answers = recogniser.predict(clips)
    on_disk()
    after = recogniser.fit(clips, texts).weights_
    assert recogniser.predict(clips) == answers
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_stages_keep_their_frames_on_disk(clips_and_texts, on_disk):
    clips, _ = clips_and_texts
    stages = build("mfcc-gmm-hmm")[:-1]
    before = stages.fit_transform(clips)
    on_disk()
    after = stages.fit_transform(clips)
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert all(mapped._map_of(rows) is not None for rows in keep([after]))
