"""A recogniser trained on its clips and on altered copies of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone

from components.clip_checks import check_clips
from components.contract import Clip
from components.parts import copies_parameter, learns_from_unlabelled, stateless_stages
from components.ranges import at_least, check_ranges
from components.speech.augmentation.policy import (
    GAIN_DB,
    SNR_DB,
    SPEED,
    USUAL,
    VTLP,
    check_kinds,
    draw_masks,
    draw_rooms,
)
from components.speech.augmentation.stft import spec_mask, vtlp
from components.speech.augmentation.waveforms import add_noise, gain, reverberate, speed_perturb

ENOUGH_CLIPS, ENOUGH_SECONDS = 6000, 6000.0  # originals and copies: beyond, they cost much and add little
MOST_COPIES = 4
SHORT_SECONDS = 0.1  # a clip so short is not played faster: it might be left without one frame


class Augmented(BaseEstimator):
    """Clips -> transcripts, by a recogniser trained on clips and altered copies of them.

    Whatever is chosen or counted by text (language model, weights of the search) is so by the clips alone, if
    the recogniser, or its last step, is one of LearnsFromCopies. Sources: see
    components.speech.augmentation.waveforms and stft.

    Parameters
    ----------
    recogniser : estimator
        Which is cloned and trained.
    augmentation : sequence of str
        Kinds of alteration, of components.speech.augmentation.policy.KINDS; none: no copies.
    copies : int, optional
        Of each clip. None: as many as `copies_for` finds worth their time, at most `most_copies`.
    most_copies : int
        See there.
    strength : float
        Factor of the policy's ranges; 0: no copies.
    seed : int
        Draws all alterations.

    Attributes
    ----------
    recogniser_ : estimator
        The trained recogniser.
    copies_ : int
        Of each clip.
    """

    def __init__(
        self,
        recogniser: BaseEstimator | None = None,
        augmentation: Sequence[str] = USUAL,
        copies: int | None = None,
        strength: float = 1.0,
        seed: int = 0,
        most_copies: int = MOST_COPIES,
    ) -> None:
        self.recogniser = recogniser
        self.augmentation = augmentation
        self.copies = copies
        self.strength = strength
        self.seed = seed
        self.most_copies = most_copies

    def check_settings(self) -> None:
        """Raises ValueError without a recogniser, for an unknown kind of augmentation or numbers below 0."""
        if self.recogniser is None:
            raise ValueError(
                "Augmented expected a recogniser to train, got None; give it one: Augmented(mfcc_gmm_hmm())."
            )
        check_kinds(self.augmentation)
        counts = dict.fromkeys(("copies", "most_copies", "seed"), at_least(0))
        check_ranges(self, **counts, strength=at_least(0))

    @property
    def learns_from_unlabelled(self) -> bool:
        """As the recogniser; clips without texts are not altered."""
        return learns_from_unlabelled(self.recogniser)

    def fit(self, clips: Sequence[Clip], texts: Sequence[str], unlabelled: Sequence[Clip] = ()) -> Augmented:
        """Trains a clone of the recogniser on the clips and their altered copies.

        unlabelled: clips without texts, for a recogniser that learns from such.
        Raises ValueError without a recogniser, for an unknown kind of augmentation, for a clip that is empty
        or not finite, and what the recogniser raises.
        """
        self.check_settings()
        check_clips(self, clips)
        copies = self.copies_of(clips)
        self.copies_ = len(copies)
        training = [*clips, *(clip for own in copies for clip in own)]
        recogniser = clone(self.recogniser)
        parameters: dict[str, Any] = copies_parameter(recogniser, len(clips) if copies else None)
        parameters |= {"unlabelled": unlabelled} if self.learns_from_unlabelled else {}
        self.recogniser_ = recogniser.fit(training, [*texts] * (1 + len(copies)), **parameters)
        return self

    def copies_of(self, clips: Sequence[Clip]) -> list[list[Clip]]:
        """Clips -> their altered copies, all clips once and again."""
        rng = np.random.default_rng(self.seed)
        return [self.altered(clips, rng) for _ in range(self._count(clips))]

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> one transcript each, in order, as the recogniser does."""
        return self.recogniser_.predict(clips)

    def stateless_stages(self) -> list[Any]:
        """The recogniser's stages whose output for the clips themselves can be shared."""
        return stateless_stages(self.recogniser)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__({"most_copies": MOST_COPIES, **state})  # not there before

    def _count(self, clips: Sequence[Clip]) -> int:
        if not (check_kinds(self.augmentation) and self.strength):
            return 0
        if self.copies is not None:
            return self.copies
        return copies_for(len(clips), sum(clip.seconds for clip in clips), self.most_copies)

    def altered(self, clips: Sequence[Clip], rng: np.random.Generator) -> list[Clip]:
        """Clips -> one altered copy of each, in order."""
        kinds, count = check_kinds(self.augmentation), len(clips)
        if "vtlp" in kinds:
            clips = vtlp(clips, 1 + self.strength * rng.uniform(-VTLP, VTLP, count))
        if "speed" in kinds:
            speeds = 1 + self.strength * rng.uniform(-SPEED, SPEED, count)
            short = [clip.seconds < SHORT_SECONDS for clip in clips]
            clips = speed_perturb(clips, np.where(short, np.minimum(speeds, 1), speeds))
        if "room" in kinds:
            clips = reverberate(clips, *draw_rooms(count, rng, self.strength), rng)
        if "noise" in kinds:
            clips = add_noise(clips, rng.uniform(*SNR_DB, count) / self.strength, rng)
        if "gain" in kinds:
            clips = gain(clips, self.strength * rng.uniform(-GAIN_DB, GAIN_DB, count))
        if "masking" in kinds:
            clips = spec_mask(clips, draw_masks(count, rng, self.strength))
        return [*clips]

    @property
    def augmented_passes(self) -> int:
        """Altered passes over the training clips: the copies of each."""
        return self.copies_


def copies_for(clips: int, seconds: float, most: int = MOST_COPIES) -> int:
    """Training clips and their seconds -> how many copies of each are worth their time, at most so many.

    Clips and copies together are at most ENOUGH_CLIPS and ENOUGH_SECONDS.
    """
    times = min(ENOUGH_CLIPS / max(1, clips), ENOUGH_SECONDS / max(1.0, seconds))
    return min(most, max(0, int(times) - 1))
