"""An exported network gives the recogniser's log-probabilities, without this project."""

import json
from itertools import cycle, islice

import numpy as np
import onnxruntime
import pytest
import soundfile

from components.contract import Clip
from components.neural import CtcRecogniser
from components.neural.export import export_onnx
from components.neural.model.build import ENCODERS, FRONT_ENDS
from components.speech.decoding.greedy import collapse
from components.speech.modular.recipes import mfcc_gmm_hmm
from tests.fsdd import digits
from tests.neural.quick import QUICK

TOLERANCE = 1e-4  # of natural log-probabilities in float32; 9e-5 was the worst in 300 clips, well trained


# every front end and every encoder is there, but not each with each: an export takes many seconds
MOST = max(len(FRONT_ENDS), len(ENCODERS))
PAIRS = list(islice(zip(cycle(FRONT_ENDS), cycle(ENCODERS), strict=False), MOST))


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def exported(request, recordings, tmp_path_factory):
    """A recogniser of sixty digits, and its file in ONNX Runtime."""
    front_end, encoder = request.param
    recogniser = CtcRecogniser(front_end, encoder=encoder, **QUICK, decoding="greedy").fit(
        *digits(recordings, [5, 6])
    )
    path = tmp_path_factory.mktemp("exported") / "model.onnx"
    export_onnx(recogniser, path)
    return recogniser, onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def test_log_probabilities_of_recordings_of_every_length_are_the_recogniser_s(exported, recordings):
    recogniser, session = exported
    clips = digits(recordings, [0])[0]
    whole = np.concatenate([clip.samples for clip in clips])
    short = [Clip(f"{n} samples", "", whole[:n], 8000) for n in (1, 79, 80, 81, 321, 800, 4001)]
    for clip in [*clips, *short, Clip("all", "", whole, 8000)]:
        (log_probs,) = session.run(["log_probabilities"], {"waveform": clip.samples})
        expected = recogniser.log_probabilities([clip])[0]
        assert log_probs.dtype == np.float32
        np.testing.assert_allclose(log_probs, expected, rtol=0, atol=TOLERANCE, err_msg=clip.name)


def test_the_metadata_are_all_that_it_takes_to_decode(exported, recordings):
    recogniser, session = exported
    metadata = session.get_modelmeta().custom_metadata_map
    rate, row_ms, blank = (int(metadata[name]) for name in ("rate", "row_ms", "blank"))
    alphabet = json.loads(metadata["alphabet"])
    assert metadata["units"] == "characters"
    samples, recorded_at = soundfile.read(recordings / "fsdd/recordings/7_theo_0.flac", dtype="float32")
    assert recorded_at == rate
    (log_probs,) = session.run(None, {"waveform": samples})
    assert len(log_probs) == pytest.approx(1000 * len(samples) / rate / row_ms, abs=2)
    assert log_probs.shape[1] == 1 + len(alphabet) and blank == 0
    text = "".join(alphabet[token - 1] for token in collapse(log_probs.argmax(1)))
    assert text.strip() == recogniser.predict([Clip("7", "", samples, rate)])[0]


def test_a_modular_recogniser_says_what_to_do_instead(tmp_path):
    with pytest.raises(ValueError) as error:
        export_onnx(mfcc_gmm_hmm(), tmp_path / "model.onnx")
    assert str(error.value) == (
        "export expected a network, such as mel-ctc or wave-ctc, got a Pipeline, whose stages do not fit "
        "into an ONNX file; use it with crossover transcribe or MLflow's pyfunc."
    )


def test_a_network_whose_decoder_would_be_left_behind_says_what_to_do_instead(tmp_path):
    with pytest.raises(ValueError) as error:
        export_onnx(CtcRecogniser(decoder="transducer"), tmp_path / "model.onnx")
    assert str(error.value) == (
        "export expected a network that answers from CTC alone, got one with decoder='transducer', which "
        "goes token by token; use it with crossover transcribe or MLflow's pyfunc."
    )
