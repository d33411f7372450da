"""What the sound of a corpus says: copies, similar speakers, answers without hearing words, and faults.

One file a kind: near_duplicates, similar_speakers, confounds, sound.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.speech.check.confounds import confound_checks
from components.speech.check.near_duplicates import near_duplicate_checks, near_pairs
from components.speech.check.similar_speakers import similar_speaker_checks
from components.speech.check.sound import sound_results
from components.speech.corpus import Corpus
from components.study.checks import CheckResult


def sound_checks(corpus: Corpus, sides: Sequence[str], seed: int = 0) -> list[CheckResult]:
    """Corpus and the side of each clip, as `split.sides` names it -> results worth reading.

    Of a folder prepared before sound was measured: none. seed: of the clips that are drawn to be looked at.
    """
    if corpus.sound is None or corpus.sound_prints is None:
        return []
    texts, sides = corpus.texts, list(sides)
    names, speakers = corpus.clips.names, corpus.clips.speakers
    waveforms = _Waveforms(corpus)
    near = near_pairs(corpus.sound_prints, texts, sides, waveforms, corpus.rate)
    return [
        *near_duplicate_checks(near, names, texts, sides),
        *similar_speaker_checks(corpus.clips, speakers, texts, sides, seed),
        *confound_checks(corpus.sound, texts, speakers, seed),
        *sound_results(corpus.sound, names, corpus.rate),
    ]


class _Waveforms(Sequence):
    """Samples of a corpus's clips, each read when it is asked for."""

    def __init__(self, corpus: Corpus) -> None:
        self.clips = corpus.clips

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, row):
        return self.clips[row].samples
