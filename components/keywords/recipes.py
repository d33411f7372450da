"""The recognisers of a wake word, one function each, and the catalogue that names them."""

from __future__ import annotations

from components.keywords.dtw import QueryDtw
from components.keywords.frames import StreamFrames
from components.keywords.from_source import FineTunedDetector
from components.keywords.hmm import KeywordHmm
from components.keywords.levelled import LevelledFrames
from components.keywords.neural import NeuralDetector
from components.keywords.spotter import KeywordSpotter
from components.neural.start_from_source import ALL_LAYERS, LAST_LAYER
from components.speech.transfer import DETECTOR_ALL_LAYERS, DETECTOR_LAST_LAYER, STARTS
from components.study.recipe import Recipe

CEPSTRA = {"coefficients": 13}


def keyword_hmm() -> KeywordSpotter:
    """MFCC, a hidden Markov model of the keyword against a filler of all other sounds."""
    return KeywordSpotter(StreamFrames(**CEPSTRA), KeywordHmm())


def query_dtw() -> KeywordSpotter:
    """MFCC, dynamic time warping to the recordings of the keyword: query by example."""
    return KeywordSpotter(StreamFrames(**CEPSTRA), QueryDtw())


def mel_cnn() -> KeywordSpotter:
    """Log-mel, a small convolutional network, the greatest score of a window trained."""
    return KeywordSpotter(StreamFrames(), NeuralDetector("convolutional"))


def mel_gru() -> KeywordSpotter:
    """Log-mel, a small recurrent network that looks at nothing ahead, trained likewise."""
    return KeywordSpotter(StreamFrames(), NeuralDetector("recurrent", channels=64, layers=1))


def mel_cnn_last_layer() -> KeywordSpotter:
    """Log-mel, the encoder of a mel-ctc trained on the source; a new last layer, nothing else is trained."""
    return KeywordSpotter(LevelledFrames(), FineTunedDetector(method=LAST_LAYER))


def mel_cnn_all_layers() -> KeywordSpotter:
    """Log-mel, the encoder of a mel-ctc trained on the source; a new last layer, all layers are trained."""
    return KeywordSpotter(LevelledFrames(), FineTunedDetector(method=ALL_LAYERS))


RECIPES = {
    "keyword-hmm": Recipe(keyword_hmm, "modular"),
    "query-dtw": Recipe(query_dtw, "modular"),
    "mel-cnn": Recipe(mel_cnn, "end-to-end"),
    "mel-gru": Recipe(mel_gru, "end-to-end"),
}
# compared where a study has a source
FROM_SOURCE = {
    name: Recipe(build, "end-to-end", source=STARTS[name].source)
    for name, build in ((DETECTOR_LAST_LAYER, mel_cnn_last_layer), (DETECTOR_ALL_LAYERS, mel_cnn_all_layers))
}
