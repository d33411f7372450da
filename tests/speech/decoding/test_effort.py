"""How many clips a choice may take."""

from components.speech.decoding.effort import affordable


def test_clips_are_taken_while_their_work_is_within_the_most():
    assert affordable([3, 4, 5], 12) == 3
    assert affordable([3, 4, 5], 11) == 2
    assert affordable([3, 4, 5], 7) == 2


def test_one_clip_is_always_taken():
    assert affordable([30, 1], 12) == 1
