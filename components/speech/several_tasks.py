"""Recognisers that learn the further tasks of a study: their names, and which ones learn the words alone."""

from __future__ import annotations

TOGETHER, APART, MODULAR_TASKS = "mel-ctc-multitask", "mel-ctc-apart", "mfcc-gmm-hmm-multitask"
ALONE = {TOGETHER: "mel-ctc", APART: "mel-ctc", MODULAR_TASKS: "mfcc-gmm-hmm"}  # the same for words alone
USUAL = (MODULAR_TASKS, ALONE[TOGETHER], TOGETHER, APART)  # compared where a study names no recognisers
