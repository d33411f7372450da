"""Answers of a trial -> keywords missed, and its metrics: false alarms an hour, DET, latency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from components.keywords.det import det_curve, poisson_interval
from components.keywords.track import Track, alarms

if TYPE_CHECKING:
    import pandas as pd

    from components.keywords.stream import Said

MISSES = "misses_at_{:g}_an_hour"  # the metric of a point of the DET curve
ALARMS, HOURS = "false_alarms", "background_hours"
LATENCY = "latency_ms"


def score(
    ids: Sequence[str],
    speakers: Sequence[str],
    said: Sequence[Said | None],
    tracks: Sequence[Track],
) -> pd.DataFrame:
    """Four equally long lists -> one row a recording of the keyword; the background has none.

    errors: 1 where no score reaches 0 while it counts. peak: the greatest of these scores. latency_ms: of
    the first that does, after the end of the keyword; nan where none does.
    """
    import pandas as pd

    rows = [
        (name, speaker, *_heard(track, when))
        for name, speaker, when, track in zip(ids, speakers, said, tracks, strict=True)
        if when is not None
    ]
    return pd.DataFrame(rows, columns=["id", "group", "errors", "total", "peak", LATENCY])


def _heard(track: Track, said: Said) -> tuple[int, int, float, float]:
    places = track.within(said)
    peak = float(track.scores[places].max()) if len(places) else -np.inf
    if not peak >= 0:
        return 1, 1, max(peak, float(np.finfo(np.float32).min)), float("nan")
    first = places[track.scores[places] >= 0][0]
    return 0, 1, peak, 1000 * (track.seconds(int(first)) - said.end)


def metrics(evaluation: Any) -> dict[str, float]:
    """Evaluation (see components.study.subject) -> the numbers of a trial beside its miss rate."""
    answers = zip(evaluation.targets, evaluation.predictions, evaluation.test, strict=True)
    background = [(track, stream.seconds) for said, track, stream in answers if said is None]
    tracks, hours = [track for track, _ in background], sum(seconds for _, seconds in background) / 3600
    count = alarms(tracks, 0.0)
    low, high = poisson_interval(count, hours)
    missed = det_curve(evaluation.scores["peak"], tracks, hours)
    heard = evaluation.scores[LATENCY].dropna()
    return {
        ALARMS: float(count),
        HOURS: hours,
        "false_alarms_per_hour": count / hours,
        "false_alarms_per_hour_low": low,
        "false_alarms_per_hour_high": high,
        **{MISSES.format(rate): share for rate, share in missed.items()},
        **({LATENCY: float(heard.median())} if len(heard) else {}),
        "threshold": float(evaluation.system.threshold_),
        "stream_rtf": evaluation.predict_seconds / sum(stream.seconds for stream in evaluation.test),
    }
