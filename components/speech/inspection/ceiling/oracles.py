"""One part of a trained PhoneRecogniser at a time, replaced by the truth or by what is learned from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import kaldifst
import numpy as np
from sklearn.base import clone

from components.speech.acoustic.units import SILENCE, phone_of
from components.speech.decoding.build_lm import LanguageModel
from components.speech.decoding.class_lm import ClassModel
from components.speech.decoding.fst import EPSILON, Arcs
from components.speech.decoding.grammars import OneWordGrammar
from components.speech.decoding.language_model import NgramModel
from components.speech.decoding.lexicon import SOURCES, Lexicon, pronounce
from components.speech.decoding.rule_grammar import RuleGrammar
from components.speech.modular.phone_recogniser import PhoneRecogniser

WRONG = 100.0  # cost of one phone that is not the true one: more than any language model says against it


class PrecomputedScores:
    """An acoustic model that hears nothing: log-likelihoods (frames, states) -> the same, as handed in."""

    def __init__(self, states: Mapping[str, Sequence[int]], stay: np.ndarray, spellings: Mapping) -> None:
        self.states_, self.stay_, self.spellings_ = states, stay, spellings

    def log_likelihoods(self, frames: np.ndarray) -> np.ndarray:
        """(frames, states) -> the same."""
        return frames


class TextGrammar:
    """A language model of one text: it allows these words in this order, at this cost."""

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


def replaced(recogniser: PhoneRecogniser, **parts: Any) -> PhoneRecogniser:
    """A trained recogniser and new parts by attribute -> one with those parts; the others are shared."""
    other = copy(recogniser)
    vars(other).update(parts)
    other.__dict__.pop("_graph", None)  # it holds the old parts
    return other


def on_precomputed_scores(recogniser: PhoneRecogniser) -> PhoneRecogniser:
    """The same recogniser, but decoding state log-likelihoods in place of frames: many can share them."""
    own = recogniser.acoustic_
    return replaced(recogniser, acoustic_=PrecomputedScores(own.states_, own.stay_, own.spellings_))


def with_language_model(
    recogniser: PhoneRecogniser, language_model: Any, spellings: Mapping
) -> PhoneRecogniser:
    """Another language model, and the spellings in units of just the words that it knows."""
    known = {word: spellings[word] for word in language_model.vocabulary_}
    acoustic = PrecomputedScores(recogniser.acoustic_.states_, recogniser.acoustic_.stay_, known)
    return replaced(recogniser, language_model_=language_model, acoustic_=acoustic)


def oracle_language_model(recogniser: PhoneRecogniser, texts: Sequence[str]) -> PhoneRecogniser:
    """The language model replaced by one of the same kind that learned from the very texts to recognise.

    The vocabulary stays, as to change it is the lexicon's oracle: words that the recogniser does not know are
    taken out of the texts first, and words that the texts do not have can be heard as ones never seen. So do
    the weights of the search, and the way in which the order is chosen: the model knows how test texts are,
    not these texts by heart, and few of them can teach it less than many training texts did. In the place of
    a grammar's rules, which learn nothing, stands the model that would be learned without them.
    """
    known = [[word for word in text.split() if word in recogniser.lexicon_] for text in texts]
    known = [" ".join(words) for words in known if words]
    if not known:
        return recogniser
    own = recogniser.language_model_
    model = _with_words(_learner(own, known).fit(known), own.vocabulary_)
    return with_language_model(recogniser, model, recogniser.acoustic_.spellings_)


def _learner(own: LanguageModel, texts: Sequence[str]) -> LanguageModel:
    """A trained language model -> one of its kind that can learn from the texts."""
    connected = any(" " in text for text in texts)
    if isinstance(own, RuleGrammar) or (connected and isinstance(own, OneWordGrammar)):
        return NgramModel(order=None) if connected else OneWordGrammar()  # rules learn nothing
    return clone(own)


def oracle_lexicon(recogniser: PhoneRecogniser, texts: Sequence[str]) -> PhoneRecogniser:
    """Words of the texts that training never had are added to lexicon and language model.

    Pronounced by the source that pronounced the others, in units that have models: the phone as in every
    word where there is one, else as in the first word that has it. Words with a phone that no unit is of
    stay unknown. The language model gives the added words what it gives a word never seen; what a grammar's
    rules do not say stays unsaid.
    """
    new = sorted({word for text in texts for word in text.split()} - set(recogniser.lexicon_))
    units = _unit_of_phone(recogniser.acoustic_.states_)
    said = {
        word: [variant for variant in variants if set(variant) <= units.keys()]
        for word, variants in _pronounced(new, recogniser).items()
    }
    phones = {word: variants for word, variants in said.items() if variants}
    if not phones:
        return recogniser
    spelled = {word: [tuple(units[p] for p in v) for v in variants] for word, variants in phones.items()}
    larger = with_language_model(
        recogniser,
        _with_words(recogniser.language_model_, sorted(phones)),
        {**recogniser.acoustic_.spellings_, **spelled},
    )
    return replaced(larger, lexicon_={**recogniser.lexicon_, **phones})


def _pronounced(words: Sequence[str], recogniser: PhoneRecogniser) -> Lexicon:
    """Words -> their phones, from the source that agrees most with the recogniser's lexicon."""
    if not words:
        return {}
    own, language = recogniser.lexicon_, recogniser.language
    agreeing = {
        source: sum(map(_same, own.values(), _tried(list(own), language, source).values()))
        for source in SOURCES[1:]
    }
    source = max(agreeing, key=lambda name: agreeing[name])
    return {word: variants for word, variants in _tried(words, language, source).items() if variants}


def _same(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> bool:
    return set(map(tuple, one)) == set(map(tuple, other))


def _tried(words: Sequence[str], language: str, source: str) -> Lexicon:
    """Words -> their pronunciations; without any where the source has none."""
    try:
        return pronounce(words, language, source)
    except ValueError:
        if len(words) == 1:
            return {words[0]: []}
    half = len(words) // 2
    return _tried(words[:half], language, source) | _tried(words[half:], language, source)


def _unit_of_phone(states: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Units -> for each phone, the unit to say a new word with: the phone's own if it has one."""
    found: dict[str, str] = {}
    for unit in states:
        if unit != SILENCE:
            found.setdefault(phone_of(unit), unit)
    return found | {phone: phone for phone in found if phone in states}


def _with_words(model: Any, words: Sequence[str]) -> Any:
    """A trained language model -> one that knows these words too, as words that it never saw."""
    larger = copy(model)
    larger.vocabulary_ = sorted({*model.vocabulary_, *words})
    if isinstance(model, ClassModel):
        larger.model_ = _with_words(model.model_, [word for word in words if word not in model.class_of_])
    if isinstance(model, OneWordGrammar):  # never seen: as likely as the rarest
        log_probs = dict(zip(model.vocabulary_, model.log_probs_, strict=True))
        raised = np.exp([log_probs.get(word, min(log_probs.values())) for word in larger.vocabulary_])
        larger.log_probs_ = np.log(raised / raised.sum())
    return larger


class TruePhones:
    """The acoustic model replaced by one that hears the phones that were said, one after the other.

    Durations, silence and word boundaries are not heard: lexicon and language model turn the bare phones
    into words. A phone that no known word has is heard as none of them.
    """

    def __init__(self, recogniser: PhoneRecogniser) -> None:
        phones = {phone for variants in recogniser.lexicon_.values() for said in variants for phone in said}
        self.columns = {phone: place for place, phone in enumerate([SILENCE, *sorted(phones - {SILENCE})])}
        states = {phone: [column] for phone, column in self.columns.items()}
        once = np.full(len(states), -WRONG)  # a phone is one frame here
        acoustic = PrecomputedScores(states, once, recogniser.lexicon_)
        parts = {"acoustic_": acoustic, "acoustic_scale_": 1.0, "beam": 4 * WRONG}
        self.recogniser = replaced(recogniser, **parts)

    def words(self, phones: Sequence[str]) -> list[str]:
        """Phones -> the words they are."""
        scores = np.full((len(phones), len(self.columns)), -WRONG, np.float32)
        for row, phone in enumerate(phones):
            if phone in self.columns:
                scores[row, self.columns[phone]] = 0
        return self.recogniser.decode(scores).words


def phone_loop(recogniser: PhoneRecogniser) -> PhoneRecogniser:
    """Lexicon and language model replaced by phones in any order, all as likely: its words are phones."""
    units: dict[str, list[tuple[str]]] = {}
    for unit in recogniser.acoustic_.states_:
        if unit != SILENCE:
            units.setdefault(phone_of(unit), []).append((unit,))
    loop = NgramModel(order=1).fit([" ".join(units)])
    return replaced(with_language_model(recogniser, loop, units), word_cost_=0.0)
