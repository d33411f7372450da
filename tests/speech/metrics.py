"""What a trial of a recogniser measures, of a table of scores alone."""

from components.speech.nouns import SPEECH_NOUNS
from components.speech.scoring import error_metrics
from components.study.counts import rate_metrics


def trial_metrics(scores):
    """Rows of `score_utterances` -> rate, interval and counts, as flows.trial records them."""
    return rate_metrics(scores, SPEECH_NOUNS.metric) | error_metrics(scores)
