"""The modular recognisers, one function each: scikit-learn Pipelines from clips to transcripts."""

from __future__ import annotations

from sklearn.pipeline import Pipeline

from components.speech.acoustic.adapted import AdaptedGmmHmm
from components.speech.acoustic.background import BackgroundGmmHmm
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.hybrid_hmm import HybridHmm
from components.speech.acoustic.lda_mllt import LdaMlltGmmHmm
from components.speech.acoustic.learned_features import POSTERIORS, LearnedFeatureGmmHmm
from components.speech.acoustic.state_classifier import StateClassifier
from components.speech.acoustic.triphone import TriphoneGmmHmm
from components.speech.augmentation.augmented import Augmented
from components.speech.features.cmvn import Cmvn
from components.speech.features.deltas import Deltas
from components.speech.features.embedding import SpeechEmbedding
from components.speech.features.log_mel import LogMel
from components.speech.features.mfcc import Mfcc
from components.speech.features.plp import Plp
from components.speech.features.power_norm import PowerNorm
from components.speech.features.sparse_codes import SparseCodes
from components.speech.features.statistics import Statistics
from components.speech.features.trim import Trim
from components.speech.modular.dtw_classifier import DtwClassifier
from components.speech.modular.model_selection import AcousticModelSelector
from components.speech.modular.phone_recogniser import PhoneRecogniser
from components.speech.modular.task_models import WithTaskModels
from components.speech.modular.with_unlabelled import WithUnlabelled
from components.speech.modular.word_svm import WholeWordSvm

OTHER_VOICES = ("speed", "vtlp", "noise")  # kinds of altered copies


def mfcc_svm(seed: int = 0) -> Pipeline:
    """Clips -> transcripts for isolated words only, each one of the training transcripts, by an SVM.

    Silence trimmed; MFCC and deltas, their statistics over the clip and its segments, a support vector
    machine whose C and gamma are cross-validated on training clips. Fit raises ValueError on connected speech
    that never repeats.
    """
    return Pipeline(
        [
            ("trim", Trim(drop_db=15.0, margin_ms=30.0)),
            ("mfcc", Mfcc()),
            ("deltas", Deltas(order=1)),
            ("statistics", Statistics(segments=6)),
            ("svm", WholeWordSvm(seed=seed)),
        ]
    )


def embedding_svm(seed: int = 0) -> Pipeline:
    """As mfcc-svm, on Google's speech embedding, which others learned, from embedding__weights=PATH.

    See SpeechEmbedding. seed: as mfcc-svm's.
    """
    return Pipeline(
        [
            ("trim", Trim(drop_db=15.0, margin_ms=30.0)),
            ("embedding", SpeechEmbedding()),
            ("statistics", Statistics(segments=3)),
            ("svm", WholeWordSvm(seed=seed)),
        ]
    )


def mel_sparse_svm(seed: int = 0) -> WithUnlabelled:
    """As mfcc-svm, on sparse codes of log mel patches, by a dictionary of all clips, also unlabelled.

    See SparseCodes. Their roots, pooled as mfcc-svm's features, in a linear support vector machine. seed: as
    mfcc-svm's, and of the dictionary.
    """
    return WithUnlabelled(
        Pipeline(
            [
                ("trim", Trim(drop_db=15.0, margin_ms=30.0)),
                ("mel", LogMel()),
                ("codes", SparseCodes(seed=seed)),
                ("statistics", Statistics(segments=6)),
                ("norm", PowerNorm()),
                ("svm", WholeWordSvm(seed=seed, kernel="linear")),
            ]
        )
    )


def mfcc_dtw(seed: int = 0) -> Pipeline:
    """Clips -> transcripts for isolated words only: that of the nearest training clips, by DTW.

    Silence trimmed; MFCC, deltas, CMVN; dynamic time warping; the nearest clips of each word. Meant for a few
    clips per word. Fit raises ValueError on connected speech that never repeats. seed: draws the templates.
    """
    return Pipeline(
        [
            ("trim", Trim()),
            ("mfcc", Mfcc()),
            ("deltas", Deltas(order=1)),
            ("cmvn", Cmvn(prior_frames=10.0)),
            ("templates", DtwClassifier(seed=seed)),
        ]
    )


def mfcc_gmm_hmm(seed: int = 0, language: str = "en-us") -> Pipeline:
    """Clips -> transcripts of isolated words or connected speech, by phone HMMs and a lexicon.

    MFCC, deltas, CMVN; a hidden Markov model with Gaussian mixtures; pronunciations in `language`; n-gram
    language model of the training texts; one search graph. seed: draws the clips that the decoding weights
    are tuned on.
    """
    return Pipeline(
        [
            ("mfcc", Mfcc()),
            ("deltas", Deltas()),
            ("cmvn", Cmvn()),
            ("words", PhoneRecogniser(language=language, seed=seed)),
        ]
    )


def mfcc_gmm_hmm_multitask(seed: int = 0, language: str = "en-us") -> WithTaskModels:
    """As mfcc-gmm-hmm, and for each other task of the study a classifier or regression on the same features.

    See WithTaskModels. seed: as mfcc-gmm-hmm's, and of the classifiers.
    """
    return WithTaskModels(mfcc_gmm_hmm(seed, language), seed=seed)


def mfcc_phone_gmm_hmm(seed: int = 0, language: str = "en-us") -> Pipeline:
    """Clips -> transcripts by mfcc-gmm-hmm, whose phones are shared by all words, be they few or many.

    seed: as mfcc-gmm-hmm's.
    """
    return mfcc_gmm_hmm(seed, language).set_params(words__acoustic=GmmHmm(own_vocabulary=0))


def mfcc_map_gmm_hmm(seed: int = 0, language: str = "en-us") -> Pipeline:
    """Clips -> transcripts by mfcc-gmm-hmm, phones of a model trained on the source, adapted by MAP.

    See AdaptedGmmHmm. seed: as mfcc-gmm-hmm's.
    """
    return mfcc_gmm_hmm(seed, language).set_params(words__acoustic=AdaptedGmmHmm())


def mfcc_ubm_gmm_hmm(seed: int = 0, language: str = "en-us") -> WithUnlabelled:
    """Clips -> transcripts by mfcc-gmm-hmm, adapted from a mixture of all training clips, also unlabelled.

    See BackgroundGmmHmm. seed: as mfcc-gmm-hmm's, and of the mixture.
    """
    acoustic = BackgroundGmmHmm(seed=seed)
    return WithUnlabelled(mfcc_gmm_hmm(seed, language).set_params(words__acoustic=acoustic))


def mfcc_phone_mlp_hmm(seed: int = 0, language: str = "en-us") -> Pipeline:
    """Clips -> transcripts by mfcc-mlp-hmm, of phones that all words share and with a narrow layer.

    What it learned is meant for others to start from: see LearnedFeatureGmmHmm. seed: as mfcc-mlp-hmm's.
    """
    classifier = StateClassifier(bottleneck=30, seed=seed)
    hybrid = HybridHmm(GmmHmm(own_vocabulary=0), classifier, share=0.25, seed=seed)
    return mfcc_gmm_hmm(seed, language).set_params(words__acoustic=hybrid)


def mfcc_bottleneck_gmm_hmm(seed: int = 0, language: str = "en-us") -> Pipeline:
    """Clips -> transcripts by mfcc-gmm-hmm, on the narrow layer of a perceptron trained on the source.

    See LearnedFeatureGmmHmm. seed: as mfcc-gmm-hmm's.
    """
    return mfcc_gmm_hmm(seed, language).set_params(words__acoustic=LearnedFeatureGmmHmm())


def mfcc_tandem_gmm_hmm(seed: int = 0, language: str = "en-us") -> Pipeline:
    """Clips -> transcripts by mfcc-gmm-hmm, on MFCC and log posteriors of the source's phones.

    See LearnedFeatureGmmHmm. seed: as mfcc-gmm-hmm's.
    """
    tandem = LearnedFeatureGmmHmm(outputs=POSTERIORS, append=True)
    return mfcc_gmm_hmm(seed, language).set_params(words__acoustic=tandem)


def plp_gmm_hmm(seed: int = 0, language: str = "en-us") -> Augmented:
    """Clips -> transcripts by perceptual linear prediction, tuned for speakers outside the training clips.

    As mfcc-gmm-hmm, but with a smoother spectrum of a narrower band, as its edges differ more between
    recordings than between words; longer deltas; more Gaussians with more smoothed variances; and training
    on copies of the clips with other speeds, vocal tract lengths and noise. All of it was tuned on FSDD, by
    errors on a fifth speaker after training on four.
    """
    mixtures = GmmHmm(components=64, frames_per_component=10, variance_prior=80.0)
    words = PhoneRecogniser(mixtures, language=language, seed=seed)
    pipeline = Pipeline([*plp_frames().steps, ("words", words)])
    return Augmented(pipeline, OTHER_VOICES, copies=2, seed=seed)


def plp_frames() -> Pipeline:
    """Clips -> frames by perceptual linear prediction of a narrow band, with slopes over seven frames."""
    return Pipeline(
        [
            ("plp", Plp(order=10, coefficients=11, low_hz=120.0, high_hz=-500.0)),
            ("deltas", Deltas(width=3)),
            ("cmvn", Cmvn(prior_frames=15.0)),
        ]
    )


def mfcc_lda_gmm_hmm(seed: int = 0, language: str = "en-us") -> Pipeline:
    """Clips -> transcripts by mfcc-gmm-hmm, on spliced frames projected by LDA and MLLT.

    See LdaMlltGmmHmm. seed: draws the frames to estimate the projection from, too.
    """
    acoustic = LdaMlltGmmHmm(seed=seed)
    return mfcc_gmm_hmm(seed=seed, language=language).set_params(words__acoustic=acoustic)


def mfcc_tied_gmm_hmm(seed: int = 0, language: str = "en-us") -> Pipeline:
    """Clips -> transcripts by mfcc-gmm-hmm, with tied states of phones in context (triphones).

    See TriphoneGmmHmm. seed: as mfcc-gmm-hmm's.
    """
    return mfcc_gmm_hmm(seed=seed, language=language).set_params(words__acoustic=TriphoneGmmHmm())


def modular(seed: int = 0, language: str = "en-us") -> AcousticModelSelector:
    """Clips -> transcripts by mixtures and hidden Markov models, selected on held-out training clips.

    See AcousticModelSelector: the front end, MFCC or PLP; whether altered copies train as well; the acoustic
    model, phones that words share, phones of frequent words, whole words, triphones, more mixtures. seed:
    draws those clips, too.
    """
    front_ends = {"PLP": plp_frames()}
    return modular_from_source(seed, language).set_params(front_ends=front_ends)


def modular_from_source(seed: int = 0, language: str = "en-us") -> AcousticModelSelector:
    """As modular, by MFCC, with what was learned on the source to choose as well: phones and features."""
    recogniser = mfcc_phone_gmm_hmm(seed, language)
    return AcousticModelSelector(recogniser, seed=seed, augmentation=OTHER_VOICES)


def mfcc_mlp_hmm(seed: int = 0, language: str = "en-us") -> Pipeline:
    """Clips -> transcripts as mfcc-gmm-hmm, by a hybrid of mixtures and a multilayer perceptron (MLP).

    The perceptron classifies spliced frames; its weight is chosen on held-out training clips. seed: draws
    those, and initialises the perceptron.
    """
    hybrid = HybridHmm(seed=seed)
    return mfcc_gmm_hmm(seed, language).set_params(words__acoustic=hybrid)
