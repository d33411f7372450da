"""How a network is decoded -> the calibration of its words' confidences, before held-out clips refine it."""

from __future__ import annotations

from components.neural.decoding.graph_decoder import GraphDecoder
from components.speech.decoding.confidence import ConfidenceCalibrator

# Temperatures of log-probabilities. On held-out training clips 5 to 14 were best for single words, of which
# a network trained on little is far too confident, and 2 for connected ones.
SINGLE_TEMPERATURE, CONNECTED_TEMPERATURE, SPREAD = 8.0, 2.5, 0.5
GREEDY_TEMPERATURE = 1.5


def default_calibrator(search: GraphDecoder | None) -> ConfidenceCalibrator:
    """How tokens are searched (None: greedily) -> a calibrator, to be fitted to held-out clips."""
    if search is None:
        return ConfidenceCalibrator(GREEDY_TEMPERATURE, SPREAD)
    temperature = SINGLE_TEMPERATURE if search.single else CONNECTED_TEMPERATURE
    return ConfidenceCalibrator(temperature / search.lm_scale, SPREAD)
