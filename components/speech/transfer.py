"""Recognisers that start from a source: which one is trained on the source, and which is the same without."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Start:
    """source: name of the recogniser that is trained on the source before; "": none is, the source is learned
    at the same time. scratch: the same without a source."""

    source: str
    scratch: str


LAST_LAYER, LAST_THEN_ALL, ALL_LAYERS = "mel-ctc-last-layer", "mel-ctc-last-then-all", "mel-ctc-all-layers"
OLD_HEAD, FIRST_LAYERS, TWO_HEADS = "mel-ctc-old-head", "mel-ctc-first-layers", "mel-ctc-two-heads"
NETWORKS = (LAST_LAYER, LAST_THEN_ALL, ALL_LAYERS, OLD_HEAD, FIRST_LAYERS)
MIXED, REVERSAL, CORAL = "mel-ctc-mixed", "mel-ctc-reversal", "mel-ctc-coral"
MAP, MODULAR, END_TO_END = "mfcc-map-gmm-hmm", "modular-from-source", "end-to-end-from-source"
BOTTLENECK, TANDEM, PHONE_MLP = "mfcc-bottleneck-gmm-hmm", "mfcc-tandem-gmm-hmm", "mfcc-phone-mlp-hmm"
DETECTOR_LAST_LAYER, DETECTOR_ALL_LAYERS = "mel-cnn-last-layer", "mel-cnn-all-layers"  # of wake words
STARTS = {
    MAP: Start("mfcc-phone-gmm-hmm", "mfcc-gmm-hmm"),
    **dict.fromkeys((BOTTLENECK, TANDEM), Start(PHONE_MLP, "mfcc-gmm-hmm")),
    MODULAR: Start(PHONE_MLP, "modular"),
    END_TO_END: Start("end-to-end", "end-to-end"),
    **dict.fromkeys(NETWORKS, Start("mel-ctc", "mel-ctc")),
    **dict.fromkeys((MIXED, REVERSAL, CORAL), Start("", "mel-ctc")),
    TWO_HEADS: Start("", "mel-ctc"),
    **dict.fromkeys((DETECTOR_LAST_LAYER, DETECTOR_ALL_LAYERS), Start("mel-ctc", "mel-cnn")),
}
RETRAINED = ((LAST_LAYER, LAST_THEN_ALL), (DETECTOR_LAST_LAYER, DETECTOR_ALL_LAYERS))  # the last layer, all
# of a trial: words of the source's test, and those wrong before and after the network was trained on
SOURCE_METRICS = ("source_words", "source_errors_before", "source_errors_after")
