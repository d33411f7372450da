"""The end-to-end recogniser: clips and texts in, texts out, by CTC over characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from components.augmentation import KINDS
from components.contract import Clip, check_clips
from components.decoding.choose import is_closed
from components.decoding.greedy import collapse
from components.decoding.knowledge import LANGUAGE_MODEL, LETTERS, LEXICON
from components.decoding.sureness import Sureness
from components.neural.alphabet import find_alphabet, rows_needed, spell, tidy, unspell
from components.neural.augment import alterations_for
from components.neural.checks import FRONT_ENDS, check_lessons, check_settings
from components.neural.dev_part import dev_part
from components.neural.encoders import ConvolutionalEncoder, Network
from components.neural.hearing import log_probabilities
from components.neural.lessons import Lessons
from components.neural.schedule import Schedule, steps_for
from components.neural.spelling_search import SpellingSearch, best_way
from components.neural.spoken_words import learned_sureness, usual_sureness
from components.neural.training import train

SECONDS_AT_ONCE = 60
CHOICE_CLIPS, PRIOR_CLIPS = 100, 200


@dataclass(frozen=True)
class Way:
    """How to decode. search: settings of the graph's search. sureness: learned from dev clips, if any."""

    decoding: Literal["greedy", "graph"]
    search: dict[str, float] = field(default_factory=dict)
    sureness: Sureness | None = None


class CtcRecogniser(BaseEstimator):
    """Clips -> texts, by a convolutional network trained with CTC on characters.

    front_end: "mel" (log-mel) or "wave" (learned filters on the waveform). bands: of either.
    channels, layers, taps: the encoder's size. dropout: for clips heard a few times; if more often, more.
    steps: optimiser steps, fixed. epochs: passes over the clips, fixed instead. With neither, `steps_for(a
    pass's batches)`, which grows with the square root of the data: more data earns more steps, fewer passes.
    batch_seconds: speech in a batch. learning_rate, weight_decay: AdamW's. decoding: "greedy",
    "graph" (only words of the training texts, with their n-gram model) or "auto" (whichever is better on a
    dev part). lm_order: words in the longest n-gram. augmentation: how clips are altered, anew each time they
    are heard, some of components.augmentation.KINDS or none. pairs: every other batch hears its clips two by
    two, as if said at once. device: "auto" (CUDA if there), "cpu", "cuda".
    grammar: the text of a JSGF file, as of SpellingSearch; one that says all that may be said is always
    searched.
    With 50 clips or more a tenth is kept back as the dev part until late in training, then learned from
    as well: the dev part is inside the budget. Learned: `weights_`, `alphabet_`, `rate_`, `decoding_`
    ("greedy" or "graph"), `search_`, `sureness_` (of its words), `history_` (what `train` notes), `skipped_`
    (names of the clips too short for their text, left out).
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
        decoding: Literal["auto", "greedy", "graph"] = "auto",
        lm_order: int = 3,
        augmentation: Sequence[str] = KINDS,
        pairs: bool = True,
        device: str = "auto",
        seed: int = 0,
        grammar: str = "",
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
        self.alphabet_ = find_alphabet(texts)
        self.history_ = []
        rng = np.random.default_rng(self.seed)
        devices = [] if self._device().type == "cpu" else None
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(self.seed)
            network = self._train(self._build(), clips, texts, rng)
        self.weights_ = {name: w.cpu().numpy().copy() for name, w in network.state_dict().items()}
        self._network = network
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> texts. Raises ValueError for clips that are empty, not finite or of another rate."""
        search = None if self.decoding_ == "greedy" else self.search_
        return self._texts(self.log_probabilities(clips), search)

    def predict_knowing(self, clips: Sequence[Clip]) -> dict[str, list[str]]:
        """Clips -> their texts by how much is known of language, as components.knowledge names it."""
        heard = self.log_probabilities(clips)
        searches = {LETTERS: None, LEXICON: self.search_.in_any_order(), LANGUAGE_MODEL: self.search_}
        return {known: self._texts(heard, search) for known, search in searches.items()}

    def _texts(self, heard: Sequence[np.ndarray], search: SpellingSearch | None) -> list[str]:
        return [self._greedy(one) if search is None else search.text(one) for one in heard]

    def log_probabilities(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        """Clips -> natural log-probabilities, float32 (rows, 1 + characters), a row every 20 ms."""
        check_is_fitted(self, "weights_")
        clips = list(clips)
        check_clips(self, clips, rate=self.rate_)
        if not clips:
            return []
        network = self._trained()
        shelf = network.front_end.shelve(clips)
        return log_probabilities(network, shelf, np.arange(len(clips)), self._rows(network, SECONDS_AT_ONCE))

    def frames(self, clip: Clip) -> np.ndarray:
        """Clip -> float32 (frames, bands), one every 10 ms: what the front end makes of it."""
        check_clips(self, [clip], rate=self.rate_)
        network = self._trained()
        tape = network.front_end.shelve([clip]).lay(np.array([0]), None, network.gap, network.block)
        with torch.no_grad():
            return network.front_end(tape).cut()[0].cpu().numpy()

    @property
    def altered_hearings(self) -> float:
        """How often it heard each training clip altered, on average."""
        return next(note["altered_hearings"] for note in self.history_ if "altered_hearings" in note)

    def _train(
        self, network: Network, clips: list[Clip], texts: list[str], rng: np.random.Generator
    ) -> Network:
        shelf = network.front_end.shelve(clips)
        spelt = [spell(text, self.alphabet_) for text in texts]
        fits = self._fits(network, shelf.lengths, spelt)
        self.skipped_ = [clip.name for clip, one in zip(clips, fits, strict=True) if not one]
        usable = np.flatnonzero(fits)
        if not len(usable):
            raise ValueError(
                f"CtcRecogniser wanted clips long enough for their texts, got {len(clips)} that are all "
                "too short; check that texts and clips belong together."
            )
        dev = dev_part([clips[i].speaker for i in usable], rng)
        names = [clip.name for clip in clips]
        lessons = Lessons(shelf, names, spelt, usable[~dev], usable[dev], self.alphabet_)

        chosen: list[Way] = []

        def choose(averaged: Network) -> None:
            chosen.append(self._choose(averaged, lessons, texts))

        schedule = self._schedule(network, lessons)
        network = train(network, lessons, schedule, rng, self.history_.append, choose)
        self._decode_so(
            chosen[0], texts, self._heard(network, lessons, usable[:: -(-len(usable) // PRIOR_CLIPS)])
        )
        return network

    def _decode_so(self, way: Way, texts: Sequence[str], heard: Sequence[np.ndarray]) -> None:
        """Learn the search from all texts and what the network heard in some of their clips."""
        search = SpellingSearch(**way.search, order=self.lm_order, grammar=self.grammar)
        self.search_ = search.fit(texts, self.alphabet_, heard)
        self.decoding_ = way.decoding
        self.sureness_ = way.sureness or usual_sureness(None if way.decoding == "greedy" else self.search_)

    def _schedule(self, network: Network, lessons: Lessons) -> Schedule:
        """Steps for the amount of speech, and augmentation for how often each will be heard."""
        rows, total = self._rows(network, self.batch_seconds), int(lessons.shelf.lengths.sum())
        batches = max(1.0, total / rows)
        epochs = None if self.epochs is None else max(1, round(self.epochs * batches))
        steps = self.steps or epochs or steps_for(batches)
        how = alterations_for(steps / batches, self.augmentation)
        return Schedule(steps, rows, self.learning_rate, self.weight_decay, how, self.pairs)

    def _choose(self, network: Network, lessons: Lessons, texts: list[str]) -> Way:
        """How to decode, chosen on the dev clips where there are some."""
        if self.decoding == "greedy" or not len(lessons.dev):
            return Way("greedy" if self.decoding == "greedy" else "graph")
        dev, used = lessons.dev[:CHOICE_CLIPS], lessons.used
        heard = self._heard(network, lessons, dev)
        wanted = [texts[i] for i in dev]
        known = SpellingSearch(order=self.lm_order, grammar=self.grammar)
        known.fit([texts[i] for i in used], self.alphabet_, self._heard(network, lessons, used[:PRIOR_CLIPS]))
        free = self.decoding == "auto" and not (self.grammar and is_closed(self.grammar))
        greedy = [self._greedy(one) for one in heard] if free else None
        best, found = best_way(known, heard, wanted, greedy)
        self.history_.append(found)
        search = None if best is None else known.with_settings(**best)
        sureness = learned_sureness(search, self.alphabet_, heard, wanted)
        return Way("greedy" if best is None else "graph", found["search"], sureness)

    def _heard(self, network: Network, lessons: Lessons, clips: np.ndarray) -> list[np.ndarray]:
        return log_probabilities(network, lessons.shelf, clips, self._rows(network, SECONDS_AT_ONCE))

    def _greedy(self, heard: np.ndarray) -> str:
        return unspell(collapse(heard.argmax(1)), self.alphabet_)

    def _fits(self, network: Network, lengths: np.ndarray, spelt: list[np.ndarray]) -> np.ndarray:
        """Whether each clip has the rows that its characters need."""
        rows = network.encoder.rows(-(-lengths // network.front_end.rows_per_frame))
        return rows >= np.array([rows_needed(one) for one in spelt])

    def _rows(self, network: Network, seconds: float) -> int:
        """Shelf rows in so many seconds."""
        return max(1, round(seconds * 100 * network.front_end.rows_per_frame))

    def _device(self) -> torch.device:
        if self.device == "auto":
            return torch.device("cuda" if torch.cuda.is_available() else "cpu")
        return torch.device(self.device)

    def _build(self) -> Network:
        """A fresh network for the alphabet and rate, on the device."""
        front_end = FRONT_ENDS[self.front_end](self.rate_, self.bands)
        characters = len(self.alphabet_) + 1
        encoder = ConvolutionalEncoder(
            self.bands, characters, self.channels, self.layers, self.taps, self.dropout
        )
        return Network(front_end, encoder).to(self._device())

    def _trained(self) -> Network:
        """The network with the learned weights, built when first needed."""
        if not hasattr(self, "_network"):
            with torch.random.fork_rng(devices=[]):
                network = self._build()
            weights = {name: torch.tensor(w) for name, w in self.weights_.items()}
            network.load_state_dict(weights)
            self._network = network.eval()
        return self._network

    def __getstate__(self) -> dict:
        """Settings and learned numbers; the network is built again when it is needed."""
        return {name: value for name, value in super().__getstate__().items() if name != "_network"}

    def __setstate__(self, state: dict) -> None:
        """As it was kept; one from before `decoding_` used its search wherever it had one."""
        if "search_" in state and "decoding_" not in state:
            state = {**state, "decoding_": "greedy" if state["search_"] is None else "graph"}
        super().__setstate__(state)
