"""The end-to-end recogniser: clips and texts in, texts out, by CTC over characters, phonemes or words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from components.contract import Clip, check_clips
from components.neural.check_settings import check_lessons, check_settings, check_some_usable
from components.neural.decoding.config import BEAM, FREE, GRAPH, GREEDY, Way, best_way, may_be_greedy
from components.neural.decoding.decoder import Answers
from components.neural.decoding.graph_search import SpellingSearch
from components.neural.decoding.prefix_search import PrefixSearch
from components.neural.decoding.words import usual_sureness
from components.neural.inference import Heard, hear
from components.neural.inspection import inspect_network
from components.neural.migrate import as_now, weight_names_now
from components.neural.model.build import device_of, fresh_network
from components.neural.model.encoders import Network
from components.neural.tokenizer import CHARACTERS, Spelling, rows_needed, tidy
from components.neural.training.data import Lessons
from components.neural.training.dev_split import dev_part
from components.neural.training.schedule import schedule_for
from components.neural.training.trainer import Training, train
from components.speech.augmentation.kinds import USUAL
from components.speech.decoding.build_lm import build_lm
from components.speech.decoding.word_loop import LANGUAGE_MODEL, LETTERS, LEXICON
from components.speech.inspection.records import Inspection

CHOICE_CLIPS, PRIOR_CLIPS = 100, 200


class CtcRecogniser(BaseEstimator):
    """Clips -> texts, by a network trained with CTC.

    front_end: "mel" (log-mel) or "wave" (learned filters on the waveform). bands: of either.
    encoder: "convolutional" or "conformer". channels, layers, taps: its size. dropout: for clips heard a few
    times; if more often, more.
    steps: optimiser steps, fixed. epochs: passes over the clips, fixed instead. With neither, `steps_for(a
    pass's batches)`, which grows with the square root of the data: more data earns more steps, fewer passes.
    batch_seconds: speech in a batch. learning_rate, weight_decay: AdamW's. decoding: "greedy", "beam" (the
    likeliest spelling, all ways to say it added up; no words known), "graph" (only words of the training
    texts, with their n-gram model) or "auto" (greedy or graph, whichever is better on a dev part).
    lm_order: words in the longest n-gram. augmentation: how clips are altered, anew each time they are
    heard, some of the KINDS of augmentation or none. pairs: every other batch hears its clips
    two by two, as if said at once. device: "auto" (CUDA if there), "cpu", "cuda".
    grammar: the text of a JSGF file, as of SpellingSearch; one that says all that may be said is always
    searched. units: what the network says, "characters", "phonemes" of the language (always searched) or
    "words". decoder: "transducer" or "attention", learned beside CTC, speaks when decoding greedily and
    judges the sentences of the beam and the graph; "none": CTC alone. precision: of the products of the
    convolutions in training; "bfloat16" is faster where the machine is made for it (AMX, CUDA).
    With 50 clips or more a tenth is kept back as the dev part until late in training, then learned from
    as well: the dev part is inside the budget. Learned: `weights_`, `spelling_`, `rate_`, `decoding_`
    ("greedy", "beam" or "graph"), `search_`, `confidence_` (of its words), `history_` (what `train` notes),
    `skipped_` (names of the clips too short for their text, left out).
    Source: Graves et al. (2006), Connectionist temporal classification.
    """

    def __init__(
        self,
        front_end: Literal["mel", "wave"] = "mel",
        bands: int = 40,
        channels: int = 128,
        layers: int = 4,
        taps: int = 5,
        dropout: float = 0.05,
        steps: int | None = None,
        epochs: float | None = None,
        batch_seconds: float = 12.0,
        learning_rate: float = 1e-2,
        weight_decay: float = 0.02,
        decoding: Literal["auto", "greedy", "beam", "graph"] = "auto",
        lm_order: int = 3,
        augmentation: Sequence[str] = USUAL,
        pairs: bool = True,
        device: str = "auto",
        seed: int = 0,
        grammar: str = "",
        units: Literal["characters", "phonemes", "words"] = "characters",
        language: str = "en-us",
        encoder: Literal["convolutional", "conformer"] = "convolutional",
        decoder: Literal["none", "transducer", "attention"] = "none",
        precision: Literal["float32", "bfloat16"] = "float32",
    ):
        self.front_end = front_end
        self.bands = bands
        self.channels = channels
        self.layers = layers
        self.taps = taps
        self.dropout = dropout
        self.steps = steps
        self.epochs = epochs
        self.batch_seconds = batch_seconds
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.decoding = decoding
        self.lm_order = lm_order
        self.augmentation = augmentation
        self.pairs = pairs
        self.device = device
        self.seed = seed
        self.grammar = grammar
        self.units = units
        self.language = language
        self.encoder = encoder
        self.decoder = decoder
        self.precision = precision

    def fit(self, clips: Sequence[Clip], texts: Sequence[str]) -> CtcRecogniser:
        """Learn from clips and their texts.

        Raises ValueError for unusable clips, texts without characters, or settings out of range,
        FloatingPointError, naming the clips, when training diverges, and MemoryError when a clip is too long.
        """
        clips, texts = list(clips), [tidy(text) for text in texts]
        check_settings(self)
        check_lessons(clips, texts)
        self.rate_ = clips[0].rate
        check_clips(self, clips, rate=self.rate_)
        further = build_lm(texts, self.grammar, self.lm_order).vocabulary_ if self.grammar else ()
        self.spelling_ = Spelling(self.units, self.language).fit(texts, further)
        self.history_ = []
        rng = np.random.default_rng(self.seed)
        devices = [] if device_of(self.device).type == "cpu" else None
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(self.seed)
            network = self._train(self._fresh(), clips, texts, rng)
        self.weights_ = {name: w.cpu().numpy().copy() for name, w in network.state_dict().items()}
        self._network = network
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> texts. Raises ValueError for clips that are empty, not finite or of another rate."""
        heard = self.hear(clips)
        return [self.answers.text(one) for one in heard]

    def predict_knowing(self, clips: Sequence[Clip], answered: Sequence[str]) -> dict[str, list[str]]:
        """Clips and what predict answers -> texts by how much is known (see inspection.lm_ablation)."""
        heard = self.hear(clips)
        searches = {LETTERS: None} if self.units == CHARACTERS else {}
        searches |= {LEXICON: self.search_.in_any_order(), LANGUAGE_MODEL: self.search_}
        own = LETTERS if self.decoding_ in FREE else LANGUAGE_MODEL
        ways = {known: replace(self.answers, search=one) for known, one in searches.items() if known != own}
        texts = {known: [way.text(one) for one in heard] for known, way in ways.items()}
        return {known: texts.get(known, list(answered)) for known in searches}

    def log_probabilities(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        """Clips -> natural log-probabilities, float32 (rows, 1 + tokens), a row every 20 ms."""
        return [one.log_probabilities for one in self.hear(clips)]

    def hear(self, clips: Sequence[Clip]) -> list[Heard]:
        """Clips -> what the network hears in them, from which `answers` are made."""
        check_is_fitted(self, "weights_")
        clips = list(clips)
        check_clips(self, clips, rate=self.rate_)
        if not clips:
            return []
        network = self._trained()
        shelf = network.front_end.shelve(clips)
        return hear(network, shelf, np.arange(len(clips)))

    @property
    def answers(self) -> Answers:
        """How it answers from what it hears."""
        searches = {GREEDY: None, BEAM: PrefixSearch(self.spelling_), GRAPH: self.search_}
        return Answers(self._trained(), self.spelling_, searches[self.decoding_])

    def frames(self, clip: Clip) -> np.ndarray:
        """Clip -> float32 (frames, bands), one every 10 ms: what the front end makes of it."""
        check_clips(self, [clip], rate=self.rate_)
        network = self._trained()
        tape = network.front_end.shelve([clip]).lay(np.array([0]), None, network.gap, network.block)
        with torch.no_grad():
            return network.front_end(tape).cut()[0].cpu().numpy()

    def inspect(self, clip: Clip, n: int = 10) -> Inspection:
        """Clip -> its frames, the probabilities of the tokens, words with times, at most n transcripts."""
        return inspect_network(self, clip, n)

    @property
    def alphabet_(self) -> list[str]:
        """The tokens of the columns of log_probabilities after the first, which is the blank's."""
        return self.spelling_.tokens_

    @property
    def altered_hearings(self) -> float:
        """How often it heard each training clip altered, on average."""
        return next(note["altered_hearings"] for note in self.history_ if "altered_hearings" in note)

    def _train(
        self, network: Network, clips: list[Clip], texts: list[str], rng: np.random.Generator
    ) -> Network:
        shelf = network.front_end.shelve(clips)
        spelt = [self.spelling_.spell(text) for text in texts]
        fits = network.rows_said(shelf.lengths) >= np.array([rows_needed(one) for one in spelt])
        self.skipped_ = [clip.name for clip, one in zip(clips, fits, strict=True) if not one]
        usable = np.flatnonzero(fits)
        check_some_usable(clips, usable)
        dev = dev_part([clips[i].speaker for i in usable], rng)
        names = [clip.name for clip in clips]
        lessons = Lessons(shelf, names, spelt, usable[~dev], usable[dev], self.spelling_)
        chosen: list[Way] = []

        def choose(averaged: Network) -> None:
            chosen.append(self._choose(averaged, lessons, texts))

        schedule = schedule_for(self, network.shelved_rows(self.batch_seconds), int(shelf.lengths.sum()))
        network = train(Training(network, lessons, schedule, rng, self.history_.append, choose))
        self._decode_so(chosen[0], texts, hear(network, shelf, usable[:: -(-len(usable) // PRIOR_CLIPS)]))
        return network

    def _decode_so(self, way: Way, texts: Sequence[str], heard: Sequence[Heard]) -> None:
        """Learn the search from all texts and what the network heard in some of their clips."""
        self.search_ = self._search(texts, heard, way.search)
        self.decoding_ = way.decoding
        usual = usual_sureness(None if way.decoding in FREE else self.search_)
        self.confidence_ = way.sureness or usual.fit([], [])

    def _search(
        self, texts: Sequence[str], heard: Sequence[Heard], settings: Mapping[str, float]
    ) -> SpellingSearch:
        search = SpellingSearch(**settings, order=self.lm_order, grammar=self.grammar)
        return search.fit(texts, self.spelling_, [one.log_probabilities for one in heard])

    def _choose(self, network: Network, lessons: Lessons, texts: list[str]) -> Way:
        """How to decode, chosen on the dev clips where there are some."""
        if self.decoding in FREE or not len(lessons.dev):
            return Way(self.decoding if self.decoding in FREE else GRAPH)
        dev, used = lessons.dev[:CHOICE_CLIPS], lessons.used
        heard = hear(network, lessons.shelf, used[:PRIOR_CLIPS])
        known = self._search([texts[i] for i in used], heard, {})
        answers = Answers(network, self.spelling_, known)
        heard, wanted = hear(network, lessons.shelf, dev), [texts[i] for i in dev]
        way, found = best_way(answers, heard, wanted, may_be_greedy(self))
        self.history_.append(found)
        return way

    def _fresh(self) -> Network:
        return fresh_network(self, self.rate_, len(self.alphabet_))

    def _trained(self) -> Network:
        """The network with the learned weights, built when first needed."""
        if not hasattr(self, "_network"):
            with torch.random.fork_rng(devices=[]):
                network = self._fresh()
            weights = {name: torch.tensor(w) for name, w in weight_names_now(self.weights_).items()}
            network.load_state_dict(weights)
            self._network = network.eval()
        return self._network

    def __getstate__(self) -> dict:
        """Settings and learned numbers; the network is built again when it is needed."""
        return {name: value for name, value in super().__getstate__().items() if name != "_network"}

    def __setstate__(self, state: dict) -> None:
        """As it was kept, by an earlier version perhaps."""
        super().__setstate__(as_now(state, type(self)().get_params(deep=False)))
