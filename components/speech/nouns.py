"""What a study of speech recognisers speaks of."""

from __future__ import annotations

from dataclasses import replace

from components.study.nouns import Nouns

SPEECH_NOUNS = Nouns(
    labelled="labelled utterances",
    labelled_one="labelled utterance",
    example="utterance",
    examples="utterances",
    unit="word",
    units="words",
    wrong="words wrong",
    rate="word error rate",
    rate_short="WER",
    metric="wer",
    group="speaker",
    groups="speakers",
    system="recogniser",
    systems="recognisers",
    data="corpus",
    item="clip",
    items="clips",
    file="recording",
    files="recordings",
    material="speech",
    scored="recognised",
    rate_meaning="of all words said in the test, the share got wrong, words added by mistake included",
)

CHARACTER_NOUNS = replace(
    SPEECH_NOUNS,
    unit="character",
    units="characters",
    wrong="characters wrong",
    rate="character error rate",
    rate_short="CER",
    metric="cer",
    rate_meaning="of all characters said in the test, the share got wrong, those added by mistake included",
)

MIXED_NOUNS = replace(  # Chinese with English words in it
    SPEECH_NOUNS,
    unit="character or word",
    units="characters and words",
    wrong="characters and words wrong",
    rate="mixed error rate",
    rate_short="MER",
    metric="mer",
    rate_meaning="of all characters of a script without spaces, and words of others, said in the test, the "
    "share got wrong, those added by mistake included",
)

NOUNS_OF = {"word": SPEECH_NOUNS, "character": CHARACTER_NOUNS, "mixed": MIXED_NOUNS}  # by Corpus.unit
