"""The end-to-end recogniser: clips and texts in, texts out, by CTC over characters, phonemes or words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from components.clip_checks import check_clips
from components.contract import Clip
from components.neural.capacity import capacity_choices, grown_channels, hours_of
from components.neural.check_settings import NO_UNITS, check_settings, check_some_usable, check_training_data
from components.neural.choose_head import choose_head, decoding_choices
from components.neural.decoding.ablation import ablated_texts
from components.neural.decoding.calibration import default_calibrator
from components.neural.decoding.config import BEAM, GRAPH, GREEDY, LEXICON_FREE, DecodingConfig
from components.neural.decoding.decoder import Decoder, decode_all
from components.neural.decoding.graph_decoder import PRIOR_CLIPS, fit_graph_decoder
from components.neural.decoding.prefix_beam import PrefixBeamDecoder
from components.neural.fit_tokenizers import fit_tokenizers
from components.neural.inference import NetworkOutput, forward
from components.neural.inspection import inspect_network
from components.neural.migrate import migrate, migrate_weights
from components.neural.model import BuildsEncoder
from components.neural.model.build import build_network, device_of
from components.neural.model.network import Network, train_one_of, with_ctc_head
from components.neural.tasks.heads import TaskHeads
from components.neural.tokenizer import Tokenizer, normalise_spaces
from components.neural.training.addition import Addition
from components.neural.training.prepare import prepare_data
from components.neural.training.schedule import schedule_for
from components.neural.transfer import Start, from_scratch
from components.speech.augmentation.policy import USUAL
from components.speech.decoding.build_lm import MOST_WORDS
from components.speech.inspection.records import Inspection


class CtcRecogniser(BaseEstimator):
    """Clips -> texts, by a network trained with CTC.

    With 50 clips or more a tenth is held out as dev clips until late in training, then trained on as well:
    the dev clips are inside the budget.
    Source: Graves et al. (2006), Connectionist temporal classification.

    Parameters
    ----------
    front_end : "mel" (log-mel) or "wave" (learned filters on the waveform). bands : of either.
    channels, layers, kernel_size : size of the encoder; kernel_size is that of its convolutions, in rows.
    grows : whether there are more channels from an hour of speech on, see `grown_channels`.
    dropout : for few passes over the clips; it grows with their number.
    steps : optimiser steps, fixed. epochs: passes over the clips, fixed instead. With neither `wanted_steps`,
        which grows with the square root of the data: more data gets more steps, fewer passes.
    batch_seconds : seconds of speech in a batch; None: for the length of clips, see `batch_seconds_for`.
    learning_rate : AdamW's; None: for the length of clips, see `rate_for`. weight_decay : AdamW's.
    decoding : "greedy", "beam" (prefix beam search: any text, all alignments summed), "graph" (only words of
        the training texts, with their n-gram model) or "auto" (greedy or graph, whichever is better on the
        dev clips).
    lm_order : words in the longest n-gram.
    augmentation : how clips are altered, anew in each pass, some of the KINDS of augmentation or none.
    concat_pairs : whether every other batch joins its clips two by two.
    device : "auto" (CUDA if there), "cpu", "cuda".
    seed : of the weights, the batches and the augmentation.
    grammar : the text of a JSGF file, as of GraphDecoder; one that has whole sentences is always searched.
    units : of the tokens, "characters", "words", "phonemes" or "word-parts" (both searched): see Tokenizer.
    second_units : of further CTC heads, as "phonemes+word-parts"; those that texts cannot have are left out
        (`fit_tokenizers`); the head that makes the fewest errors on dev clips decodes. "none": no more.
    encoder : "convolutional", "conformer", or one with settings of its own, `encoder__...`: BuildsEncoder.
    decoder : "transducer" or "attention", a second head trained beside CTC, whose hypothesis greedy decoding
        takes, and which rescores the n-best lists of the beam and the graph; "none": CTC alone.
    precision : of the convolutions' products in training; "bfloat16" is faster on AMX and CUDA.
    lexicon : text of one, see lexicon_file; "": CMUdict and eSpeak NG. language : of the phonemes.
    lm_text, lm : further sentences for the language model, one a line; the text of an ARPA file in its place.
    lm_vocabulary : words of either that enter the vocabulary, at most.

    Attributes
    ----------
    weights_ : name -> array, of the network.
    tokenizer_, rate_, channels_ : texts <-> token ids; Hz; channels of the encoder.
    decoding_ : "greedy", "beam" or "graph". search_ : the GraphDecoder. confidence_ : calibrates its words'.
    history_ : notes of training, each a dict (see Training), and the counts by which decoding was chosen.
    skipped_ : names of clips too short for their text. choices_ : what was chosen on dev clips, against what.
    """

    def __init__(
        self,
        front_end: Literal["mel", "wave"] = "mel",
        bands: int = 40,
        channels: int = 128,
        layers: int = 4,
        kernel_size: int = 5,
        dropout: float = 0.05,
        steps: int | None = None,
        epochs: float | None = None,
        batch_seconds: float | None = None,
        learning_rate: float | None = None,
        weight_decay: float = 0.02,
        decoding: Literal["auto", "greedy", "beam", "graph"] = "auto",
        lm_order: int = 3,
        augmentation: Sequence[str] = USUAL,
        concat_pairs: bool = True,
        device: str = "auto",
        seed: int = 0,
        grammar: str = "",
        units: Literal["characters", "phonemes", "words", "word-parts"] = "characters",
        language: str = "en-us",
        encoder: Literal["convolutional", "conformer"] | BuildsEncoder = "convolutional",
        decoder: Literal["none", "transducer", "attention"] = "none",
        precision: Literal["float32", "bfloat16"] = "float32",
        lexicon: str = "",
        lm_text: str = "",
        lm: str = "",
        lm_vocabulary: int = MOST_WORDS,
        second_units: str = NO_UNITS,
        grows: bool = False,
    ):
        self.front_end = front_end
        self.bands = bands
        self.channels = channels
        self.layers = layers
        self.kernel_size = kernel_size
        self.dropout = dropout
        self.steps = steps
        self.epochs = epochs
        self.batch_seconds = batch_seconds
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.decoding = decoding
        self.lm_order = lm_order
        self.augmentation = augmentation
        self.concat_pairs = concat_pairs
        self.device = device
        self.seed = seed
        self.grammar = grammar
        self.units = units
        self.language = language
        self.encoder = encoder
        self.decoder = decoder
        self.precision = precision
        self.lexicon = lexicon
        self.lm_text = lm_text
        self.lm = lm
        self.lm_vocabulary = lm_vocabulary
        self.second_units = second_units
        self.grows = grows

    def fit(
        self,
        clips: Sequence[Clip],
        texts: Sequence[str],
        start: Start = from_scratch,
        addition: Addition | None = None,
    ) -> CtcRecogniser:
        """Clips and their texts -> a trained recogniser.

        start: begins the training, see Start. addition: further heads or clips, which are trained as well.
        Raises ValueError for unusable clips, texts without characters, or settings out of range,
        FloatingPointError, naming the clips, when training diverges, and MemoryError when a clip is too long.
        """
        clips, texts = list(clips), [normalise_spaces(text) for text in texts]
        self.check_settings()
        check_training_data(clips, texts)
        self.rate_ = clips[0].rate
        check_clips(self, clips, rate=self.rate_)
        self.channels_ = grown_channels(self.channels, hours_of(clips)) if self.grows else self.channels
        addition = addition or TaskHeads()
        tokenizers = fit_tokenizers(self, [*texts, *addition.further_texts])
        rng = np.random.default_rng(self.seed)
        devices = [] if device_of(self.device).type == "cpu" else None
        with torch.random.fork_rng(devices=devices):
            torch.manual_seed(self.seed)
            network = self._train(tokenizers, clips, texts, rng, start, addition)
        self.weights_ = {name: w.cpu().numpy().copy() for name, w in network.state_dict().items()}
        self._network = network
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> texts. Raises ValueError for clips that are empty, not finite or of another rate."""
        check_is_fitted(self, "weights_")
        return decode_all({"": self.text_decoder}, self.outputs, clips)[""]

    def predict_ablated(self, clips: Sequence[Clip], hypotheses: Sequence[str]) -> dict[str, list[str]]:
        """Clips and what predict gives -> texts with less lexicon and LM (see inspection.lm_ablation)."""
        return ablated_texts(self, clips, hypotheses)

    def log_probabilities(self, clips: Sequence[Clip]) -> list[np.ndarray]:
        """Clips -> natural log-probabilities, float32 (rows, 1 + tokens), a row every 20 ms."""
        return [output.log_probs for output in self.outputs(clips)]

    def outputs(self, clips: Sequence[Clip]) -> list[NetworkOutput]:
        """Clips -> what the network puts out for each, which `text_decoder` decodes."""
        check_is_fitted(self, "weights_")
        clips = list(clips)
        check_clips(self, clips, rate=self.rate_)
        if not clips:
            return []
        network = self._trained_network()
        return forward(network, network.front_end.extract(clips), np.arange(len(clips)))

    @property
    def text_decoder(self) -> Decoder:
        """Decodes what `outputs` gives."""
        searches = {GREEDY: None, BEAM: PrefixBeamDecoder(self.tokenizer_), GRAPH: self.search_}
        return Decoder(self._trained_network(), self.tokenizer_, searches[self.decoding_])

    def frames(self, clip: Clip) -> np.ndarray:
        """Clip -> float32 (frames, bands), one every 10 ms: what the front end makes of it."""
        check_clips(self, [clip], rate=self.rate_)
        network = self._trained_network()
        packed = network.pack(network.front_end.extract([clip]), np.array([0]))
        with torch.no_grad():
            return network.front_end(packed).unpack()[0].cpu().numpy()

    def inspect(self, clip: Clip, n: int = 10) -> Inspection:
        """Clip -> its frames, the probabilities of the tokens, words with times, at most n transcripts."""
        return inspect_network(self, clip, n)

    def check_settings(self) -> None:
        """Raises ValueError, a line for each, for settings out of range or that do not go together."""
        check_settings(self)

    @property
    def alphabet_(self) -> list[str]:
        """The tokens of the columns of log_probabilities after the first, which is the blank's."""
        return self.tokenizer_.tokens_

    @property
    def augmented_passes(self) -> float:
        """How often it was trained on each clip, augmented, on average."""
        return next(note["augmented_passes"] for note in self.history_ if "augmented_passes" in note)

    def _train(
        self,
        tokenizers: Mapping[str, Tokenizer],
        clips: list[Clip],
        texts: list[str],
        rng: np.random.Generator,
        start: Start,
        addition: Addition,
    ) -> Network:
        """A network trained in two phases; between them the decoding is chosen on dev clips."""
        sizes = [len(tokenizer.tokens_) for tokenizer in tokenizers.values()]
        network = self._build_network(*sizes)
        words = prepare_data(network, tokenizers, clips, texts, rng)
        data = addition.put_on(network, words)
        usable = np.union1d(words.train, words.dev)
        check_some_usable(clips, usable)
        self.skipped_ = [clips[i].name for i in np.setdiff1d(np.arange(len(clips)), usable)]
        schedule = schedule_for(self, data.rows, network.feature_rows(1))
        training = start(network, tokenizers, data, schedule, rng)
        trained = training.run_until_dev_joins()
        head, config, counts = choose_head(self, trained, training.data, texts, tokenizers)
        train_one_of(training.network, tokenizers, head)
        network = with_ctc_head(addition.take_off(training.run_to_end()), head)
        self.history_ = [*training.progress.history(counts), {"augmented_passes": training.augmented_passes}]
        chosen = decoding_choices(config.decoding, tokenizers[head].units, counts)
        self.choices_ = [*chosen, *capacity_choices(self, schedule)]
        self.tokenizer_ = tokenizers[head]
        some = usable[:: -(-len(usable) // PRIOR_CLIPS)]
        self._set_decoding(config, texts, forward(network, data.features, some))
        return network

    def _build_network(self, tokens: int, *further: int) -> Network:
        """An untrained network for so many tokens, and for those of each further CTC head."""
        return build_network(self, self.rate_, tokens, *further, channels=self.channels_)

    def _set_decoding(
        self, config: DecodingConfig, texts: Sequence[str], outputs: Sequence[NetworkOutput]
    ) -> None:
        """Learn the search from all texts and from the outputs for some clips."""
        log_probs = [output.log_probs for output in outputs]
        self.search_ = fit_graph_decoder(self, texts, self.tokenizer_, log_probs, config.search)
        self.decoding_ = config.decoding
        default = default_calibrator(None if config.decoding in LEXICON_FREE else self.search_)
        self.confidence_ = config.calibrator or default.fit([], [])

    def _trained_network(self) -> Network:
        """The network with the learned weights, built when first needed."""
        if not hasattr(self, "_network"):
            with torch.random.fork_rng(devices=[]):
                network = self._build_network(len(self.alphabet_))
            weights = migrate_weights(self.weights_, self.decoder)
            network.load_state_dict({name: torch.tensor(weight) for name, weight in weights.items()})
            self._network = network.eval()
        return self._network

    def __getstate__(self) -> dict:
        """Settings and learned numbers; the network is built again when it is needed."""
        return {name: value for name, value in super().__getstate__().items() if name != "_network"}

    def __setstate__(self, state: dict) -> None:
        """The state of this version or of an earlier one."""
        super().__setstate__(migrate(state, type(self)().get_params(deep=False)))
