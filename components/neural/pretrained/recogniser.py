"""CTC on a network that others trained on speech without texts: wav2vec 2.0, HuBERT or WavLM."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from components.contract import Clip
from components.neural.model.build import device_of
from components.neural.model.heads.ctc import CtcHead
from components.neural.model.network import CTC, Network
from components.neural.pretrained.files import read_weights, weights_files
from components.neural.pretrained.modules import RATE, PretrainedEncoder, PretrainedFrontEnd
from components.neural.pretrained.start import StartFromPretrained
from components.neural.pretrained.weights import PretrainedWeights, build_model, refused
from components.neural.recogniser import CtcRecogniser
from components.neural.start_from_source import LAST_THEN_ALL
from components.neural.tasks.heads import TaskHeads
from components.ranges import above, at_least, check_ranges
from components.speech.decoding.build_lm import MOST_WORDS

KINDS = ("noise", "masking")


class SslCtc(CtcRecogniser):
    """Clips -> texts, by another's network with a new last layer, trained with CTC.

    The clips are resampled to the 16 kHz of these networks, and `history_` says so. Their convolutions on
    the waveform are never trained. Pre-training without labels took hundreds of hours of speech and costs no
    label here; which speech that was is for whoever published the weights to say.
    Sources: Baevski et al. (2020), wav2vec 2.0; Hsu et al. (2021), HuBERT; Chen et al. (2022), WavLM; Kumar
    et al. (2022), Fine-tuning can distort pretrained features (last layer, then all).

    Parameters
    ----------
    weights : a .pt file of torchaudio's, or a folder of Hugging Face's with config.json and
        model.safetensors (see files.read_weights).
    method : "last-layer": a new last layer, and nothing else is trained. "all-layers": it and the transformer
        below. "last-then-all": the new last layer alone, then all.
    first_layers : how many layers of the transformer there are below the new one; None: all.
    learning_rate : of the new layer. rate_share: that of the layers below, as a share of it.
    steps, epochs, batch_seconds, weight_decay, decoding, lm_order, augmentation, concat_pairs, device, seed,
    grammar, units, language, precision, lexicon, lm_text, lm, lm_vocabulary : as of CtcRecogniser.

    Attributes
    ----------
    architecture_ : {"factory": ..., "arguments": ...} of the network, as of PretrainedWeights.
    left_out_ : names of the tensors of the file that the network has no place for, such as another head.
    trained_numbers_ : how many numbers this training changed. All else as of CtcRecogniser.
    """

    # as of CtcRecogniser, for what reads these of any network
    front_end, encoder, decoder, second_units = "pretrained", "pretrained", "none", "none"
    channels, grows = None, False

    def __init__(
        self,
        weights: str = "",
        method: Literal["last-layer", "last-then-all", "all-layers"] = LAST_THEN_ALL,
        first_layers: int | None = None,
        learning_rate: float = 3e-3,
        rate_share: float = 0.02,
        weight_decay: float = 0.02,
        steps: int | None = None,
        epochs: float | None = None,
        batch_seconds: float | None = None,
        decoding: Literal["auto", "greedy", "beam", "graph"] = "auto",
        lm_order: int = 3,
        augmentation: Sequence[str] = KINDS,
        concat_pairs: bool = True,
        device: str = "auto",
        seed: int = 0,
        grammar: str = "",
        units: Literal["characters", "phonemes", "words", "word-parts"] = "characters",
        language: str = "en-us",
        precision: Literal["float32", "bfloat16"] = "float32",
        lexicon: str = "",
        lm_text: str = "",
        lm: str = "",
        lm_vocabulary: int = MOST_WORDS,
    ) -> None:
        self.weights = weights
        self.method = method
        self.first_layers = first_layers
        self.learning_rate = learning_rate
        self.rate_share = rate_share
        self.weight_decay = weight_decay
        self.steps = steps
        self.epochs = epochs
        self.batch_seconds = batch_seconds
        self.decoding = decoding
        self.lm_order = lm_order
        self.augmentation = augmentation
        self.concat_pairs = concat_pairs
        self.device = device
        self.seed = seed
        self.grammar = grammar
        self.units = units
        self.language = language
        self.precision = precision
        self.lexicon = lexicon
        self.lm_text = lm_text
        self.lm = lm
        self.lm_vocabulary = lm_vocabulary

    def check_settings(self) -> None:
        """Raises ValueError for settings out of range, or weights that are of no such network."""
        super().check_settings()
        check_ranges(self, first_layers=at_least(1), rate_share=above(0))
        self._read_weights()

    def depends_on(self) -> Sequence[Path]:
        """The files of the weights."""
        return weights_files(self.weights) if self.weights else []

    def fit(self, clips: Sequence[Clip], texts: Sequence[str], tasks: TaskHeads | None = None) -> SslCtc:
        """Clips and their texts -> a recogniser that starts from the weights.

        Raises ValueError for weights that cannot be used, and what CtcRecogniser.fit raises.
        """
        weights = self._read_weights()
        self.architecture_ = {"factory": weights.factory, "arguments": dict(weights.arguments)}
        start = StartFromPretrained(weights, self.method, self.rate_share)
        super().fit(clips, texts, start, tasks)
        self.left_out_, self.trained_numbers_ = list(weights.left_out), start.trained_numbers
        if self.rate_ != RATE:
            self.history_.append({"resampled_from_hz": self.rate_, "resampled_to_hz": RATE})
        return self

    def _read_weights(self) -> PretrainedWeights:
        weights = read_weights(self.weights)
        if (self.first_layers or 0) > weights.layers:
            raise refused(
                f"first_layers up to the {weights.layers} of {self.weights}",
                str(self.first_layers),
                "leave it out for all of them",
            )
        return weights

    def _build_network(self, tokens: int, *further: int) -> Network:
        model = build_model(**self.architecture_)
        encoder = PretrainedEncoder(model, self.first_layers)
        head = CtcHead(encoder.channels, 1 + tokens)
        return Network(PretrainedFrontEnd(self.rate_, model), encoder, {CTC: head}).to(device_of(self.device))
