"""The settings of a study of a wake word."""

from __future__ import annotations

from pydantic import field_validator

from components.speech.source_settings import (
    StudyWithSource,
    source_data_setting,
    source_setting,
    speaker_pattern_setting,
)
from components.study.setting import Size, setting


class WakeWordStudy(StudyWithSource):
    """One comparison: recognisers x recordings of one keyword, against a background of other speech."""

    corpus: str = setting(
        "",
        "recordings of the keyword, alone in each, and of other phrases: a corpus by name, or a path",
        metavar="CORPUS",
        place=True,
    )
    data: str = setting(
        "",
        "the folder of recordings of corpora called by their names; empty: CROSSOVER_DATA, else download",
        run=True,
        metavar="PATH",
        place=True,
    )
    keyword: str = setting("", "the word or phrase to listen for, as the corpus's texts have it")
    background: list[str] = setting(
        [],
        "corpora of other speech, by name or path; the other phrases of the keyword's corpus are added",
        metavar="CORPUS,...",
        place=True,
    )
    source: list[str] = source_setting(
        "a corpus of speech with texts, by name or path: a mel-ctc is trained on it before, and detectors "
        "start from its encoder; named again for each further one, and then all are taken together"
    )
    source_data: str = source_data_setting()
    background_hours: float = setting(
        0.0, "most hours of background on either side, drawn at random; 0: all", ge=0, metavar="HOURS"
    )
    systems: list[str] = setting(
        [],
        "keyword-hmm, query-dtw (modular), mel-cnn, mel-gru (end-to-end), and with a source "
        "mel-cnn-last-layer, mel-cnn-all-layers (end-to-end); empty: all of them",
        alias="recognisers",
        metavar="A,B",
    )
    speaker_pattern: str = speaker_pattern_setting()
    snr_db: float = setting(10.0, "speech above noise in the test, dB", metavar="DB")
    rate: int = setting(0, "samples a second, Hz; 0: those of the keyword's corpus", ge=0)
    max_seconds: float = setting(20.0, "longer recordings are set aside", gt=0)
    split: str = setting(
        "auto", "who is tested: auto, as the corpus declares it, else a third of its speakers or recordings"
    )
    sizes: list[Size] = setting(
        [],
        "recordings of the keyword to train on, all: the whole training side; empty: eight from 20 to all",
        metavar="10,50,...",
    )

    @field_validator("split")
    @classmethod
    def _is_made_when_read(cls, split: str) -> str:
        if split not in ("auto", "declared"):
            raise ValueError(f"expected auto, as keyword and background are split together, got {split!r}.")
        return split

    @field_validator("keyword")
    @classmethod
    def _as_texts_are_written(cls, keyword: str) -> str:
        return " ".join(keyword.lower().replace("_", " ").split())

    @property
    def about(self) -> str:
        """The keyword."""
        return self.keyword
