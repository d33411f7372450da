"""A corpus: digits as the project reads them, under another name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from components.speech.corpus import NamedCorpus, fsdd
from components.speech.corpus.manifest import Manifest


def build_manifest(options: str, **settings: Any) -> Manifest:
    """Settings as those of fsdd -> its manifest with another title."""
    return replace(fsdd.build_manifest(options, **settings), title="Shouted digits")


SHOUTED_DIGITS = NamedCorpus("digits that are shouted", build_manifest)
