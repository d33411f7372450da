"""A look at a corpus before its study: what was read and how, what to look at, what would make it false.

check.py joins the parts: facts of the corpus, its split, its texts and their pronunciations, its sound.
"""

from __future__ import annotations

from components.speech.check.check import check_corpus

__all__ = ["check_corpus"]
