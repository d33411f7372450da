"""Transfer learning: a GMM-HMM of phones that was trained on another corpus, adapted to frames by MAP."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.special import softmax
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from components.parts import unwrapped
from components.ranges import above, at_least, check_ranges
from components.speech.acoustic.acoustic_model import AcousticModel
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.hybrid_hmm import HybridHmm
from components.speech.acoustic.mixtures import StateMixtures
from components.speech.acoustic.two_pass import TwoPassModel
from components.speech.acoustic.units import SILENCE, Lexicon, parent_states
from components.speech.decoding.alignment_graph import alignable
from components.speech.ragged import in_chunks
from components.study.saving import check_source, files_of, load


class AdaptedGmmHmm(TwoPassModel, BaseEstimator):
    """Frames (frames, dims) -> log-likelihoods float32 (frames, states), as GmmHmm, of a source's phones.

    Each round aligns the clips and moves means, variances and weights of the source's mixtures towards them:
    a Gaussian with few frames stays where it was, one with many is as if trained on these alone (MAP). A
    phone that the source does not have begins as the mean of all of its phones.

    Parameters
    ----------
    source : file of a trained recogniser with a GmmHmm of phones that words share: see study.saving.
    prior_frames : weight of the source, in frames, in the mean, variance and weight of a Gaussian.
    rounds : alignments.

    Attributes
    ----------
    model_ : the adapted model, and of it what TwoPassModel names.
    new_phones_ : phones that the source does not have.

    Source: Gauvain and Lee (1994), Maximum a posteriori estimation for multivariate Gaussian mixtures.
    """

    acoustic = None  # of TwoPassModel: the settings of the model are the source's

    def __init__(self, source: str = "", prior_frames: float = 5.0, rounds: int = 3) -> None:
        self.source = source
        self.prior_frames = prior_frames
        self.rounds = rounds

    def check_settings(self) -> None:
        """Raises ValueError without a source, or for a prior or rounds out of range."""
        check_ranges(self, prior_frames=above(0), rounds=at_least(1))
        check_source(self, self.source)

    def depends_on(self) -> Sequence[Path]:
        """The files of the source."""
        return files_of(Path(self.source)) if self.source else []

    def _two_passes(
        self,
        settings: GmmHmm,
        frames: Sequence[np.ndarray],
        transcripts: Sequence[Sequence[str]],
        lexicon: Lexicon,
        n_originals: int | None,
    ) -> GmmHmm:
        self.check_settings()
        model = read_phone_model(self.source)
        _check_dims(model, frames)
        phones = {phone for variants in lexicon.values() for variant in variants for phone in variant}
        self.new_phones_ = sorted(phones - set(model.states_))
        model = with_phones(model, self.new_phones_)
        model.spellings_ = {word: list(map(tuple, variants)) for word, variants in lexicon.items()}
        adapt_to(model, model.mixtures_, frames, transcripts, self.rounds, self.prior_frames)
        return model


def adapt_to(
    model: GmmHmm,
    prior: StateMixtures,
    frames: Sequence[np.ndarray],
    transcripts: Sequence[Sequence[str]],
    rounds: int,
    prior_frames: float,
) -> None:
    """A model, mixtures of its states, clips (frames, dims) and their words -> the model has these mixtures,
    moved towards the frames that it aligns with each state, round after round.

    Clips shorter than their states are left out: skipped_ says how many. prior_frames: as of `adapt`.
    """
    rows, graphs = alignable(model.alignment_graph, frames, transcripts)
    model.skipped_ = len(frames) - len(rows)
    clips, current = [frames[row] for row in rows], prior
    for _ in range(rounds if clips else 0):
        current = adapt(prior, current, clips, model.align(clips, graphs), prior_frames)
        model.mixtures_ = current


def read_phone_model(file: str) -> GmmHmm:
    """File of a trained recogniser -> its GmmHmm of phones that words share; ValueError without one."""
    model = read_acoustic_model(file)
    model = model.mixtures_ if isinstance(model, HybridHmm) else model
    if not isinstance(model, GmmHmm) or any("@" in unit for unit in model.states_):
        raise ValueError(
            f"AdaptedGmmHmm expected a GmmHmm of phones that words share, got {type(model).__name__} of "
            f"others in {file}; train mfcc-phone-gmm-hmm."
        )
    return model


def read_acoustic_model(file: str) -> AcousticModel | None:
    """File of a trained recogniser -> its acoustic model, not to be changed; None if it has none."""
    return _read_acoustic_model(file, Path(file).stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read_acoustic_model(file: str, changed: int) -> AcousticModel | None:
    recogniser = unwrapped(load(Path(file).parent))
    last = recogniser[-1] if isinstance(recogniser, Pipeline) else recogniser
    return getattr(last, "acoustic_", None)


def _check_dims(model: GmmHmm, frames: Sequence[np.ndarray]) -> None:
    dims = len(model.mixtures_.centre_)
    if len(frames) and frames[0].shape[1] != dims:
        raise ValueError(
            f"AdaptedGmmHmm expected frames of the {dims} dimensions that its source heard, got "
            f"{frames[0].shape[1]}; make both by the same stages."
        )


def with_phones(model: GmmHmm, phones: Sequence[str]) -> GmmHmm:
    """Trained model -> a copy with further phones, each state of which is the mean of all speech."""
    model, mixtures = copy(model), copy(model.mixtures_)
    first, each = len(model.stay_), model.states_per_unit
    states = {phone: list(range(first + i * each, first + (i + 1) * each)) for i, phone in enumerate(phones)}
    added = len(phones) * each
    model.states_ = {**model.states_, **states}
    model.parents_ = parent_states(model.states_)
    model.stay_ = np.append(model.stay_, np.full(added, np.log(0.7)))
    mean, variance = _all_speech(mixtures, model.states_[SILENCE])
    mixtures.__dict__.pop("_packed", None)
    mixtures.means_ = np.concatenate([mixtures.means_, np.tile(mean, (added, 1))])
    mixtures.variances_ = np.concatenate([mixtures.variances_, np.tile(variance, (added, 1))])
    mixtures.weights_ = np.append(mixtures.weights_, np.ones(added))
    mixtures.owners_ = np.append(mixtures.owners_, first + np.arange(added))
    mixtures.frames_ = np.append(mixtures.frames_, np.zeros(added, mixtures.frames_.dtype))
    model.mixtures_ = mixtures
    return model


def _all_speech(mixtures: StateMixtures, silence: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Mixtures -> mean and variance (dims,) of the frames of all states but silence."""
    frames = mixtures.weights_ * mixtures.frames_[mixtures.owners_] * ~np.isin(mixtures.owners_, silence)
    share = (frames / max(1e-9, frames.sum()))[:, None]
    mean = (share * mixtures.means_).sum(axis=0)
    return mean, (share * (mixtures.variances_ + (mixtures.means_ - mean) ** 2)).sum(axis=0)


def adapt(
    prior: StateMixtures,
    current: StateMixtures,
    clips: Sequence[np.ndarray],
    states: Sequence[np.ndarray],
    prior_frames: float,
) -> StateMixtures:
    """Frames (frames, dims) of clips, their states int (frames,) -> the prior's mixtures moved towards them.

    current: mixtures of the same shape as prior, by which frames are shared out among a state's Gaussians.
    prior_frames: weight of the prior, in frames.
    """
    counts, sums, squares, frames = _shared_out(current, clips, states)
    total = (prior_frames + counts)[:, None]
    made = copy(prior)
    made.__dict__.pop("_packed", None)
    made.means_ = (prior_frames * prior.means_ + sums) / total
    spread = prior_frames * (prior.variances_ + prior.means_**2) + squares
    floor = prior.variance_floor * prior.pooled_
    made.variances_ = np.maximum(spread / total - made.means_**2, floor)
    weights = prior_frames * prior.weights_ + counts
    made.weights_ = np.maximum(weights / np.bincount(prior.owners_, weights)[prior.owners_], 1e-6)
    made.frames_ = prior.frames_ + frames
    return made


def _shared_out(
    mixtures: StateMixtures, clips: Sequence[np.ndarray], states: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Frames of clips and their states -> of each Gaussian: its frames, their sum and that of their squares;
    of each state: its frames."""
    counts, frames = np.zeros(len(mixtures.owners_)), np.zeros(len(mixtures.frames_), dtype=int)
    sums, squares = np.zeros((2, *mixtures.means_.shape))
    for chunk, paths in zip(in_chunks(clips), in_chunks(states), strict=True):
        joined, path = np.concatenate(chunk), np.concatenate(paths)
        frames += np.bincount(path, minlength=len(frames))
        for state in np.unique(path):
            own = np.flatnonzero(mixtures.owners_ == state)
            rows = joined[path == state].astype(np.float64)
            shares = softmax(_log_densities(mixtures, own, rows), axis=1)
            counts[own] += shares.sum(axis=0)
            sums[own] += shares.T @ rows
            squares[own] += shares.T @ rows**2
    return counts, sums, squares, frames


def _log_densities(mixtures: StateMixtures, own: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Frames (frames, dims) and some Gaussians -> log densities (frames, Gaussians), up to a constant."""
    means, variances = mixtures.means_[own], mixtures.variances_[own]
    distances = ((rows[:, None] - means) ** 2 / variances + np.log(variances)).sum(axis=2)
    return np.log(mixtures.weights_[own]) - 0.5 * distances
