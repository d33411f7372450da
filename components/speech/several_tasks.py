"""Recognisers that learn the further tasks of a study: their names, and which ones learn the words alone."""

from __future__ import annotations

TOGETHER, APART, MODULAR_TASKS = "mel-ctc-multitask", "mel-ctc-apart", "mfcc-gmm-hmm-multitask"
APART_LARGE = "mel-ctc-apart-large"  # each network as large as the one for all; without it, all together
SOFT, SOFT_LARGE = "mel-ctc-soft-sharing", "mel-ctc-soft-sharing-large"
ALONE = dict.fromkeys((TOGETHER, APART, APART_LARGE, SOFT, SOFT_LARGE), "mel-ctc") | {
    MODULAR_TASKS: "mfcc-gmm-hmm"
}  # the same for the words alone
USUAL = (MODULAR_TASKS, ALONE[TOGETHER], TOGETHER, APART)  # compared where a study names no recognisers
