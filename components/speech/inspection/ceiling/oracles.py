"""Trained PhoneRecogniser -> the same with one part replaced by an oracle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import kaldifst
import numpy as np
from sklearn.base import clone

from components.speech.acoustic.units import SILENCE, phone_of
from components.speech.decoding.arpa_model import ArpaModel
from components.speech.decoding.backoff_model import BackoffModel
from components.speech.decoding.build_lm import LanguageModel
from components.speech.decoding.class_lm import ClassModel
from components.speech.decoding.fst import EPSILON, Arcs
from components.speech.decoding.grammars import OneWordGrammar
from components.speech.decoding.language_model import NgramModel
from components.speech.decoding.rule_grammar import RuleGrammar
from components.speech.lexicon import SOURCES, Lexicon, pronounce
from components.speech.lexicon_file import known_words, look_up
from components.speech.modular.phone_recogniser import PhoneRecogniser

WRONG = 100.0  # cost of a phone other than the true one: above any cost of a language model


class PrecomputedScores:
    """An acoustic model whose input is its output: log-likelihoods (frames, states), computed elsewhere."""

    def __init__(self, states: Mapping[str, Sequence[int]], stay: np.ndarray, spellings: Mapping) -> None:
        self.states_, self.stay_, self.spellings_ = states, stay, spellings

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        """(frames, states) -> the same."""
        return frames


class TextGrammar:
    """A language model of one text: these words in this order, at this cost."""

    def __init__(self, words: Sequence[str], cost: float) -> None:
        self.words, self.cost = words, cost
        self.vocabulary_ = sorted(set(words))

    def fst(self, word_ids: Mapping[str, int], backoff: int = EPSILON) -> kaldifst.StdVectorFst:
        """Linear acceptor of the words; there is nothing to back off to."""
        arcs = Arcs()
        for place, word in enumerate(self.words):
            arcs.add(place, word_ids[word], word_ids[word], 0.0, place + 1)
        arcs.final(len(self.words), self.cost)
        return arcs.fst()


def with_parts(recogniser: PhoneRecogniser, **parts: Any) -> PhoneRecogniser:
    """Trained recogniser and new values of attributes -> a copy with these; other attributes are shared."""
    copied = copy(recogniser)
    vars(copied).update(parts)
    copied.__dict__.pop("graph", None)  # built from the old parts
    return copied


def on_precomputed_scores(recogniser: PhoneRecogniser) -> PhoneRecogniser:
    """Trained recogniser -> one that decodes log-likelihoods (frames, states) in place of frames."""
    own = recogniser.acoustic_
    return with_parts(recogniser, acoustic_=PrecomputedScores(own.states_, own.stay_, own.spellings_))


def with_language_model(
    recogniser: PhoneRecogniser, language_model: Any, spellings: Mapping
) -> PhoneRecogniser:
    """Recogniser, language model and lexicon in units -> recogniser with that model and its vocabulary."""
    spelled = {word: spellings[word] for word in language_model.vocabulary_}
    acoustic = PrecomputedScores(recogniser.acoustic_.states_, recogniser.acoustic_.stay_, spelled)
    return with_parts(recogniser, language_model_=language_model, acoustic_=acoustic)


def oracle_language_model(recogniser: PhoneRecogniser, texts: Sequence[str]) -> PhoneRecogniser:
    """Recogniser and test texts -> the same with a language model of the same kind trained on these texts.

    The vocabulary stays, as changing it is oracle_lexicon: out-of-vocabulary words are removed from the
    texts, and words that are not in the texts get the probability of unseen ones. The decoding weights and
    the choice of the order stay, too: the model is one of test texts, not a list of them, and few of them may
    give a worse one than many training texts. In place of a grammar's rules, which are not trained, stands
    the model that would be trained without them.
    """
    lm_texts = [[word for word in text.split() if word in recogniser.lexicon_] for text in texts]
    lm_texts = [" ".join(words) for words in lm_texts if words]
    if not lm_texts:
        return recogniser
    trained = recogniser.language_model_
    model = _with_vocabulary(_untrained(trained, lm_texts).fit(lm_texts), trained.vocabulary_)
    return with_language_model(recogniser, model, recogniser.acoustic_.spellings_)


def _untrained(trained: LanguageModel, texts: Sequence[str]) -> LanguageModel:
    """Trained language model and texts -> an untrained model of its kind that can be trained on the texts."""
    connected = any(" " in text for text in texts)
    if isinstance(trained, RuleGrammar | ArpaModel) or (connected and isinstance(trained, OneWordGrammar)):
        return NgramModel(order=None) if connected else OneWordGrammar()  # these are not trained
    return clone(trained)


def oracle_lexicon(recogniser: PhoneRecogniser, texts: Sequence[str]) -> PhoneRecogniser:
    """Recogniser and test texts -> the same with the out-of-vocabulary words in lexicon and language model.

    Pronunciations are from the source of the other words, in units of the acoustic model: the
    context-independent unit of a phone if there is one, else that of the first word with it. Words with a
    phone without units stay out. The language model gives the added words the probability of unseen ones; the
    sentences of a grammar stay the same.
    """
    unknown_words = sorted({word for text in texts for word in text.split()} - set(recogniser.lexicon_))
    units = _unit_of_phone(recogniser.acoustic_.states_)
    pronounced = {
        word: [variant for variant in variants if set(variant) <= units.keys()]
        for word, variants in _pronounce_as(unknown_words, recogniser).items()
    }
    phones = {word: variants for word, variants in pronounced.items() if variants}
    if not phones:
        return recogniser
    spelled = {word: [tuple(units[p] for p in v) for v in variants] for word, variants in phones.items()}
    larger = with_language_model(
        recogniser,
        _with_vocabulary(recogniser.language_model_, sorted(phones)),
        {**recogniser.acoustic_.spellings_, **spelled},
    )
    return with_parts(larger, lexicon_={**recogniser.lexicon_, **phones})


def _pronounce_as(words: Sequence[str], recogniser: PhoneRecogniser) -> Lexicon:
    """Words -> lexicon, from the source that agrees most with the recogniser's lexicon."""
    if not words:
        return {}
    own, language = recogniser.lexicon_, recogniser.language
    if recogniser.lexicon:
        known = known_words(recogniser.lexicon, language)
        return look_up([w for w in words if known is None or w in known], language, recogniser.lexicon)
    agreeing = {
        source: sum(map(_equal, own.values(), _pronounce(list(own), language, source).values()))
        for source in SOURCES[1:]
    }
    source = max(agreeing, key=lambda name: agreeing[name])
    return {word: variants for word, variants in _pronounce(words, language, source).items() if variants}


def _equal(first: Sequence[Sequence[str]], second: Sequence[Sequence[str]]) -> bool:
    return set(map(tuple, first)) == set(map(tuple, second))


def _pronounce(words: Sequence[str], language: str, source: str) -> Lexicon:
    """Words -> their pronunciations in a source, [] where it has none."""
    try:
        return pronounce(words, language, source)
    except ValueError:
        if len(words) == 1:
            return {words[0]: []}
    half = len(words) // 2
    return _pronounce(words[:half], language, source) | _pronounce(words[half:], language, source)


def _unit_of_phone(states: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """{unit: its states} -> {phone: its unit for new words}, the context-independent one if there is one."""
    units: dict[str, str] = {}
    for unit in states:
        if unit != SILENCE:
            units.setdefault(phone_of(unit), unit)
    return units | {phone: phone for phone in units if phone in states}


def _with_vocabulary(model: Any, words: Sequence[str]) -> Any:
    """Trained language model and words -> the same with these words in its vocabulary, as unseen ones."""
    larger = copy(model)
    larger.vocabulary_ = sorted({*model.vocabulary_, *words})
    if isinstance(model, ClassModel):
        larger.model_ = _with_vocabulary(
            model.model_, [word for word in words if word not in model.class_of_]
        )
    if isinstance(model, BackoffModel):  # unseen words: as likely as the rarest
        unigrams = model.log_probs_[""]
        added = dict.fromkeys(set(words) - unigrams.keys(), min(unigrams.values()))
        larger.log_probs_ = {**model.log_probs_, "": unigrams | added}
    if isinstance(model, OneWordGrammar):  # unseen words: as likely as the rarest
        log_probs = dict(zip(model.vocabulary_, model.log_probs_, strict=True))
        probabilities = np.exp([log_probs.get(word, min(log_probs.values())) for word in larger.vocabulary_])
        larger.log_probs_ = np.log(probabilities / probabilities.sum())
    return larger


class TruePhones:
    """The acoustic model replaced by the true phone sequence.

    Without durations, silence and word boundaries: lexicon and language model turn the phones into words. A
    phone outside the lexicon matches no phone.
    """

    def __init__(self, recogniser: PhoneRecogniser) -> None:
        phones = {
            phone for variants in recogniser.lexicon_.values() for variant in variants for phone in variant
        }
        self.columns = {phone: place for place, phone in enumerate([SILENCE, *sorted(phones - {SILENCE})])}
        states = {phone: [column] for phone, column in self.columns.items()}
        once = np.full(len(states), -WRONG)  # here a phone lasts one frame
        acoustic = PrecomputedScores(states, once, recogniser.lexicon_)
        parts = {"acoustic_": acoustic, "acoustic_scale_": 1.0, "beam": 4 * WRONG}
        self.recogniser = with_parts(recogniser, **parts)

    def words(self, phones: Sequence[str]) -> list[str]:
        """True phones -> hypothesis words."""
        scores = np.full((len(phones), len(self.columns)), -WRONG, np.float32)
        for row, phone in enumerate(phones):
            if phone in self.columns:
                scores[row, self.columns[phone]] = 0
        return self.recogniser.decode(scores).words


def phone_loop(recogniser: PhoneRecogniser) -> PhoneRecogniser:
    """Recogniser -> phone recogniser: lexicon and language model replaced by a loop over phones."""
    units: dict[str, list[tuple[str]]] = {}
    for unit in recogniser.acoustic_.states_:
        if unit != SILENCE:
            units.setdefault(phone_of(unit), []).append((unit,))
    loop = NgramModel(order=1).fit([" ".join(units)])
    return with_parts(with_language_model(recogniser, loop, units), word_cost_=0.0, variant_costs_={})
