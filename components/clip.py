"""One recording, and the key of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np


def content_digest(samples: np.ndarray, rate: int) -> str:
    """Samples and their rate in Hz -> 32 hex digits: the content key of a clip."""
    plain = samples.dtype == np.float32 and samples.ndim == 1
    form = b"" if plain else f"{samples.dtype.str}{samples.shape}".encode()[:16]
    data = np.ascontiguousarray(samples).tobytes()
    return hashlib.blake2b(data, digest_size=16, salt=b"%d" % rate, person=form).hexdigest()


@dataclass(frozen=True, eq=False)
class Attested:
    """A content key and the very array that it is of, from a corpus that has read the samples.

    With other samples it means nothing, so a copy of a clip cannot carry it further by mistake.
    """

    digest: str
    samples: np.ndarray


@dataclass(frozen=True, eq=False)
class Clip:
    """One recording. It never carries its transcript, so no stage can peek.

    name: unique in its corpus. speaker: who spoke ("" if unknown).
    samples: float32 (samples,) in [-1, 1]; change them by `with_samples` alone. rate: samples per second, Hz.
    tags: optional facts about the recording, e.g. {"accent": "en-us"}.
    attested: the corpus's own content key, kept only while the samples are the array that it is of.
    """

    name: str
    speaker: str
    samples: np.ndarray
    rate: int
    tags: Mapping[str, str] = field(default_factory=dict)
    attested: Attested | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.attested is not None and self.attested.samples is not self.samples:
            object.__setattr__(self, "attested", None)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    @property
    def digest(self) -> str:
        """The content key, by which stateless features are found again: attested, or computed."""
        if self.attested is not None and self.attested.samples is self.samples:
            return self.attested.digest
        return content_digest(self.samples, self.rate)

    def with_samples(self, samples: np.ndarray, rate: int | None = None) -> Clip:
        """Other samples (samples,), perhaps of another rate in Hz -> the clip with these, as float32."""
        samples = np.asarray(samples, dtype=np.float32)
        return replace(self, samples=samples, rate=self.rate if rate is None else rate)
