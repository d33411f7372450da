"""The end-to-end side: front ends, encoders, augmentation, one training loop, the recogniser on top."""

from __future__ import annotations

from components.neural.domains.adapted import CORAL, REVERSAL, DomainAdapted
from components.neural.fine_tuned import AUTO, FineTuned
from components.neural.pretrained.embedding_ctc import EmbeddingCtc
from components.neural.pretrained.recogniser import SslCtc
from components.neural.recogniser import CtcRecogniser
from components.neural.self_taught.pretraining import MaskedPrediction
from components.neural.self_taught.recogniser import SelfTaught
from components.neural.source_network import SourceNetwork
from components.neural.start_from_source import (
    ALL_LAYERS,
    FIRST_LAYERS,
    LAST_LAYER,
    LAST_THEN_ALL,
    OLD_HEAD,
)
from components.neural.tasks.apart import Apart
from components.neural.tasks.multi_task import MultiTask
from components.neural.tasks.size import SAME_EACH
from components.neural.tasks.soft_sharing import SoftSharing
from components.neural.tasks.two_heads import TwoHeads

__all__ = [
    "Apart",
    "CtcRecogniser",
    "DomainAdapted",
    "EmbeddingCtc",
    "FineTuned",
    "MaskedPrediction",
    "MultiTask",
    "SelfTaught",
    "SoftSharing",
    "SourceNetwork",
    "SslCtc",
    "TwoHeads",
    "embedding_ctc",
    "end_to_end",
    "end_to_end_from_source",
    "mel_attention",
    "mel_conformer_ctc",
    "mel_ctc",
    "mel_ctc_all_layers",
    "mel_ctc_apart",
    "mel_ctc_apart_large",
    "mel_ctc_coral",
    "mel_ctc_first_layers",
    "mel_ctc_last_layer",
    "mel_ctc_last_then_all",
    "mel_ctc_mixed",
    "mel_ctc_multitask",
    "mel_ctc_old_head",
    "mel_ctc_phonemes",
    "mel_ctc_reversal",
    "mel_ctc_self_taught",
    "mel_ctc_soft_sharing",
    "mel_ctc_soft_sharing_large",
    "mel_ctc_two_heads",
    "mel_ctc_words",
    "mel_transducer",
    "ssl_ctc",
    "wave_ctc",
]


def end_to_end() -> CtcRecogniser:
    """mel-ctc with heads for characters, phonemes and parts of words; the best on held-out clips decodes.

    From an hour of speech on it has more channels.
    """
    return CtcRecogniser(front_end="mel", second_units="phonemes+word-parts", grows=True)


def end_to_end_from_source() -> FineTuned:
    """end-to-end, from scratch or from a network trained on the source, by held-out clips."""
    return FineTuned(end_to_end(), method=AUTO)


def mel_ctc() -> CtcRecogniser:
    """Log-mel, a convolutional network, CTC over characters, with or without a language model."""
    return CtcRecogniser(front_end="mel")


def mel_ctc_last_layer() -> FineTuned:
    """mel-ctc from a network trained on the source: a new last layer, nothing else is trained."""
    return FineTuned(mel_ctc(), method=LAST_LAYER)


def mel_ctc_last_then_all() -> FineTuned:
    """mel-ctc from a network trained on the source: a new last layer alone, then all layers."""
    return FineTuned(mel_ctc(), method=LAST_THEN_ALL)


def mel_ctc_all_layers() -> FineTuned:
    """mel-ctc from a network trained on the source: a new last layer, all layers are trained."""
    return FineTuned(mel_ctc(), method=ALL_LAYERS)


def mel_ctc_old_head() -> FineTuned:
    """mel-ctc from a network trained on the source, its last layer among what is kept and trained on."""
    return FineTuned(mel_ctc(), method=OLD_HEAD)


def mel_ctc_first_layers() -> FineTuned:
    """mel-ctc from a network trained on the source: its first layers kept as they are, the rest anew."""
    return FineTuned(mel_ctc(), method=FIRST_LAYERS)


def mel_ctc_mixed() -> DomainAdapted:
    """mel-ctc trained on these clips and on those of the source at once, half of every batch of either."""
    return DomainAdapted(mel_ctc())


def mel_ctc_reversal() -> DomainAdapted:
    """As mel-ctc-mixed, but its encoder learns to hide from a further head which of the two a clip is of."""
    return DomainAdapted(mel_ctc(), method=REVERSAL)


def mel_ctc_coral() -> DomainAdapted:
    """As mel-ctc-mixed, but means and covariances of the encoder's rows are drawn together as well."""
    return DomainAdapted(mel_ctc(), method=CORAL)


def mel_ctc_two_heads() -> TwoHeads:
    """mel-ctc that learns the source at the same time: a shared encoder, a head for each corpus."""
    return TwoHeads(mel_ctc())


def mel_ctc_self_taught() -> SelfTaught:
    """mel-ctc from a network that learned from the sound of all training clips, unlabelled ones too."""
    return SelfTaught(mel_ctc(), MaskedPrediction())


def mel_ctc_multitask() -> MultiTask:
    """mel-ctc with a head for each task of the study besides the words, all trained at once."""
    return MultiTask(mel_ctc())


def mel_ctc_apart() -> Apart:
    """mel-ctc for the words and a network for each other task, together as large as mel-ctc-multitask."""
    return Apart(mel_ctc())


def mel_ctc_apart_large() -> Apart:
    """As mel-ctc-apart, but each network is as large as mel-ctc-multitask."""
    return Apart(mel_ctc(), SAME_EACH)


def mel_ctc_soft_sharing() -> SoftSharing:
    """As mel-ctc-apart, but all networks are trained at once, their encoders pulled towards each other."""
    return SoftSharing(mel_ctc())


def mel_ctc_soft_sharing_large() -> SoftSharing:
    """As mel-ctc-soft-sharing, but each network is as large as mel-ctc-multitask."""
    return SoftSharing(mel_ctc(), SAME_EACH)


def wave_ctc() -> CtcRecogniser:
    """Filters learned on the raw waveform, a convolutional network, CTC over characters."""
    return CtcRecogniser(front_end="wave")


def mel_ctc_phonemes() -> CtcRecogniser:
    """As mel-ctc, but CTC over the phonemes of the modular side's lexicon, always searched for words."""
    return CtcRecogniser(front_end="mel", units="phonemes")


def mel_ctc_words() -> CtcRecogniser:
    """As mel-ctc, but CTC over whole words, those of the training texts."""
    return CtcRecogniser(front_end="mel", units="words")


def mel_transducer() -> CtcRecogniser:
    """Log-mel, a convolutional network, a transducer beside CTC, which decodes or rescores."""
    return CtcRecogniser(front_end="mel", decoder="transducer")


def mel_attention() -> CtcRecogniser:
    """Log-mel, a convolutional network, an attention decoder beside CTC, which decodes or rescores."""
    return CtcRecogniser(front_end="mel", decoder="attention")


def mel_conformer_ctc() -> CtcRecogniser:
    """Log-mel, a small conformer, CTC over characters, with or without a language model."""
    return CtcRecogniser(encoder="conformer", channels=96, layers=2, kernel_size=9, learning_rate=3e-3)


def ssl_ctc() -> SslCtc:
    """CTC on a network that others trained without texts (wav2vec 2.0, HuBERT, WavLM), from weights=PATH."""
    return SslCtc()


def embedding_ctc() -> EmbeddingCtc:
    """Google's speech embedding, which others learned, from weights=PATH, a convolutional network, CTC."""
    return EmbeddingCtc()
