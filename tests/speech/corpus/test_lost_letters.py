"""Letters that were lost on the way."""

import pytest

from components.speech.corpus.lost_letters import lost_letter_checks


@pytest.mark.parametrize("text", ["f?nf", "?ber uns", "na?ve", "sag ?ber", '"?ber"'])
def test_a_question_mark_in_the_place_of_a_letter_is_told(text):
    (check,) = lost_letter_checks([text, "eins"])
    assert (check.name, check.verdict, check.examples) == ("encoding", "look", (text,))
    assert check.message.startswith("1 of 2 transcripts have a question mark within a word")


@pytest.mark.parametrize(
    "text", ["what?", "what? yes", "what ?", "what?!", "(?)", "5?6", "? x", "see www.x.org/a?b=c", 'who?"x']
)
def test_other_question_marks_are_not(text):
    assert not lost_letter_checks([text])


def test_what_a_decoder_puts_there_stops():
    (check,) = lost_letter_checks(["f\ufffdnf", "eins"])
    assert check.verdict == "stop" and "U+FFFD" in check.message
