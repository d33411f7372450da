"""Several channels -> one."""

import numpy as np
import pytest

from components.speech.corpus.channels import mix_down

SOUND = np.sin(np.arange(800) / 7).astype(np.float32)
SILENCE = np.zeros(800, np.float32)


@pytest.mark.parametrize(
    ("channels", "mixed"),
    [
        *(((SOUND,), SOUND), ((SOUND, SOUND / 2), SOUND * 0.75), ((SILENCE, SOUND), SOUND)),
        ((SOUND, -SOUND), SOUND),
        ((SILENCE, SILENCE), SILENCE),
        ((SILENCE + 0.3, SOUND), SOUND),
    ],
)
def test_what_was_recorded_is_mixed(channels, mixed):
    assert np.allclose(mix_down(np.stack(channels, 1)), mixed, atol=1e-6)


def test_a_named_channel_is_taken_or_missed():
    both = np.stack([SOUND, SILENCE], 1)
    assert np.array_equal(mix_down(both, 1), SILENCE)
    with pytest.raises(ValueError, match="channel 3 is asked for, the file has 2"):
        mix_down(both, 2)
