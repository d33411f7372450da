"""A subject: speech under another name."""

from __future__ import annotations

from dataclasses import replace

from components.subjects.speech import SPEECH

SHOUTING = replace(SPEECH, name="shouting")
