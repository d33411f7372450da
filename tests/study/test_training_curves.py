"""How a training went, read from a trained recogniser."""

from components.laws.examples import labelled
from components.recognisers import build
from components.study.training_curves import training_curves


def test_a_recogniser_that_notes_nothing_has_no_curves():
    assert training_curves(build("mfcc-svm")) == {}


def test_an_end_to_end_recogniser_has_curves_of_loss_rate_and_dev_part_over_its_steps():
    clips, texts = labelled(60)
    curves = training_curves(build("mel-ctc", {"steps": 64, "channels": 16}, device="cpu").fit(clips, texts))
    assert list(curves) == ["loss", "learning_rate", "dev_loss", "dev_wer"]
    assert [step for step, _ in curves["loss"]] == list(range(4, 65, 4))
    assert curves["loss"][-1][1] < curves["loss"][0][1]
    assert curves["learning_rate"][-1][1] < curves["learning_rate"][4][1]
    assert all(error >= 0 for _, error in curves["dev_wer"])
    assert curves["dev_wer"][-1][0] < 64  # its clips are learned from at last
