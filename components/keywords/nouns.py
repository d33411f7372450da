"""What a study of a wake word speaks of."""

from __future__ import annotations

from components.study.nouns import Nouns

WAKE_WORD_NOUNS = Nouns(
    labelled="recordings of the keyword",
    labelled_one="recording of the keyword",
    example="recording",
    examples="recordings",
    unit="keyword",
    units="keywords",
    wrong="keywords missed",
    rate="miss rate",
    rate_short="miss rate",
    metric="miss_rate",
    group="speaker",
    groups="speakers",
    system="recogniser",
    systems="recognisers",
    data="corpus",
    material="speech",
    scored="listened to",
    rate_meaning="of all keywords said in the test, the share not heard, at the threshold that would let 0.5 "
    "false alarms an hour pass in training background that nothing was learned from",
)
