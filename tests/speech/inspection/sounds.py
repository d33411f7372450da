"""Synthetic utterances whose samples are the log-likelihoods of phones, and a recogniser of them."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline

from components.contract import Clip
from components.speech.decoding.language_model import NgramModel
from components.speech.inspection.ceiling.oracles import PrecomputedScores
from components.speech.lexicon import pronounce
from components.speech.modular.phone_recogniser import PhoneRecogniser

EACH = 3  # frames a phone
AGAINST = -8.0  # log-likelihood of a phone that is not the true one


class Sounds(TransformerMixin, BaseEstimator):
    """Clips whose samples are state log-likelihoods already, a frame every 10 ms."""

    hop_ms = 10.0

    def fit(self, clips, texts=None):
        return self

    def __sklearn_is_fitted__(self):
        return True

    def transform(self, clips):
        return [clip.samples for clip in clips]


def system(texts, lexicon=None, beam=16.0, model=None):
    """Training texts -> a pipeline whose features are phone scores, one state each, and their columns."""
    words = sorted({word for text in texts for word in text.split()})
    recogniser = PhoneRecogniser(beam=beam)
    recogniser.lexicon_ = lexicon or pronounce(words)
    phones = sorted(
        {phone for variants in recogniser.lexicon_.values() for variant in variants for phone in variant}
    )
    columns = {phone: place for place, phone in enumerate(["sil", *phones])}
    states = {phone: [column] for phone, column in columns.items()}
    stay = np.full(len(columns), np.log(0.5))
    recogniser.acoustic_ = PrecomputedScores(states, stay, recogniser.lexicon_)
    recogniser.language_model_ = (model or NgramModel(order=2)).fit(texts)
    recogniser.variant_costs_ = {}
    recogniser.set_weights(1.0, 0.0)
    return Pipeline([("sounds", Sounds()), ("words", recogniser)]), columns


def sounding(columns, phones, each=EACH):
    """Phones -> a clip of frames in which each scores best for a while."""
    rows = np.full((each * len(phones), len(columns)), AGAINST, np.float32)
    for place, phone in enumerate(phones):
        rows[place * each : (place + 1) * each, columns[phone]] = 0
    return Clip("made", "", rows, 100)
