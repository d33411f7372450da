"""Clips without texts -> what a network can learn to predict of them: clusters of their frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.pipeline import make_pipeline

from components.contract import Clip
from components.speech.features.cmvn import Cmvn
from components.speech.features.deltas import Deltas
from components.speech.features.mfcc import Mfcc
from components.speech.ragged import split

MOST_FRAMES = 100_000  # that the clusters are learned from
FRAMES_AT_ONCE, STARTS = 4096, 3


def frame_clusters(clips: Sequence[Clip], clusters: int, seed: int) -> list[np.ndarray]:
    """Clips -> of each, the cluster of every frame, int (frames,), one every 10 ms.

    clusters: how many; fewer where there are fewer frames. seed: of where they start.
    """
    frames = make_pipeline(Mfcc(), Deltas(), Cmvn()).fit_transform(clips)
    joined = np.concatenate(frames)
    some = joined[:: -(-len(joined) // MOST_FRAMES)]
    kmeans = MiniBatchKMeans(
        min(clusters, len(some)), batch_size=FRAMES_AT_ONCE, n_init=STARTS, random_state=seed
    )
    return split(kmeans.fit(some).predict(joined).astype(np.int64), [len(rows) for rows in frames])
