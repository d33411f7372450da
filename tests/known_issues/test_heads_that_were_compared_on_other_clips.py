"""Units with a large search were compared on fewer dev clips than others, and so with fewer errors."""

from components.neural import CtcRecogniser, choose_head
from components.neural.decoding import config
from components.study.choices import choices
from tests.fsdd import digits
from tests.neural.quick import QUICK


def test_all_units_are_compared_on_the_same_dev_clips_and_the_report_says_how_many(recordings, monkeypatch):
    clips, texts = digits(recordings, [0, 5, 6])
    compared, choose = [], choose_head.choose_decoding

    def noted(decoder, outputs, *others):
        compared.append(len(outputs))
        return choose(decoder, outputs, *others)

    monkeypatch.setattr(choose_head, "choose_decoding", noted)
    network = CtcRecogniser(**QUICK, second_units="phonemes+words").fit(clips, texts)
    all_dev = compared[0]
    assert compared == [all_dev] * 3 and not any(choice.limit for choice in choices(network))
    compared.clear()
    monkeypatch.setattr(config, "MOST_TOKENS", 4_000)
    network.fit(clips, texts)
    few, *others = compared
    assert others == [few] * 2 and few == 2, "as many as characters, whose search is the largest"
    assert {choice.limit for choice in choices(network)} == {f"{few} of {all_dev} dev clips decoded"}
