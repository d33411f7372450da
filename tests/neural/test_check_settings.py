"""What a network is not asked to do is refused, with the way out."""

import pytest

from components.contract import Clip
from components.neural import CtcRecogniser
from components.neural.model.build import DECODERS, ENCODERS, FRONT_ENDS
from components.neural.tokenizer import UNITS
from components.recognisers import RECOGNISERS
from components.study.check_settings import check_settings
from tests.fsdd import digits
from tests.neural.quick import QUICK


def test_a_clip_too_short_for_its_text_is_left_out_and_counted(recordings):
    clips, texts = digits(recordings, [5])
    short = Clip("short", "jackson", clips[0].samples[:800], 8000)
    learned = CtcRecogniser(**QUICK).fit([*clips, short], [*texts, "a long sentence in a tenth of a second"])
    assert learned.skipped_ == ["short"]
    with pytest.raises(ValueError) as failure:
        CtcRecogniser(**QUICK).fit([short], ["a long sentence in a tenth of a second"])
    assert str(failure.value) == (
        "CtcRecogniser expected clips long enough for their texts, got 1 that are all too short; "
        "check that texts and clips belong together."
    )


REFUSED = {
    f"unknown front_end 'mell'; did you mean 'mel'? known: {', '.join(FRONT_ENDS)}.": {"front_end": "mell"},
    "CtcRecogniser expected steps or epochs, got steps=5 and epochs=2; leave one of them None.": {
        "steps": 5,
        "epochs": 2,
    },
    "unknown decoding 'gredy'; did you mean 'greedy'? known: auto, greedy, beam, graph.": {
        "decoding": "gredy"
    },
    "CtcRecogniser expected an odd number for kernel_size, got 4; 5 is usual.": {"kernel_size": 4},
    "CtcRecogniser expected an even number from 2 on for channels, got 33; 128 is usual.": {"channels": 33},
    "CtcRecogniser expected a number from 13 on for bands, got 12; 40 is usual.": {"bands": 12},
    "CtcRecogniser expected a number from 1 on for layers, got 0; 4 is usual.": {"layers": 0},
    "CtcRecogniser expected a number from 1 on for steps, got 0; leave it out.": {"steps": 0},
    "CtcRecogniser expected a number above 0 for epochs, got -1; leave it out.": {"epochs": -1},
    "CtcRecogniser expected a share below 1 for dropout, got 1; 0.05 is usual.": {"dropout": 1},
    f"unknown encoder 'confomer'; did you mean 'conformer'? known: {', '.join(ENCODERS)}.": {
        "encoder": "confomer"
    },
    "CtcRecogniser expected channels that are a multiple of 8 for attention, got 90; take 88.": {
        "encoder": "conformer",
        "channels": 90,
    },
    f"unknown decoder 'transduce'; did you mean 'transducer'? known: {', '.join(DECODERS)}.": {
        "decoder": "transduce"
    },
    "unknown precision 'bfloat'; did you mean 'bfloat16'? known: float32, bfloat16.": {"precision": "bfloat"},
    f"unknown units 'word'; did you mean 'words'? known: {', '.join(UNITS)}.": {"units": "word"},
    'CtcRecogniser expected a decoding that searches for words, got "greedy" with phonemes, which spell no '
    'text by themselves; take decoding="graph" or "auto", or units="characters".': {
        "units": "phonemes",
        "decoding": "greedy",
    },
    'CtcRecogniser expected a decoding that searches for words, got "beam" with phonemes, which spell no '
    'text by themselves; take decoding="graph" or "auto", or units="characters".': {
        "units": "phonemes",
        "decoding": "beam",
    },
}


@pytest.mark.parametrize(("message", "settings"), REFUSED.items())
def test_wrong_settings_are_refused_with_the_way_out(recordings, message, settings):
    with pytest.raises(ValueError) as failure:
        CtcRecogniser(**settings).fit(*digits(recordings, [5], speakers=["jackson"], words=range(2)))
    assert str(failure.value) == message


def test_all_bad_settings_are_named_at_once_before_the_first_fit():
    bad = CtcRecogniser(
        front_end="mell", kernel_size=4, units="phonemes", decoding="greedy", steps=5, epochs=2
    )
    with pytest.raises(ValueError) as failure:
        bad.check_settings()
    lines = str(failure.value).split("\n")
    assert [line.split()[:2] for line in lines] == [["unknown", "front_end"]] + 3 * [
        ["CtcRecogniser", "expected"]
    ]
    assert "kernel_size" in lines[1] and "phonemes" in lines[2] and "steps or epochs" in lines[3]


def test_the_settings_of_all_recipes_are_good():
    for recipe in RECOGNISERS.values():
        check_settings(recipe.build())


def test_texts_that_are_missing_or_empty_are_refused(recordings):
    clips, texts = digits(recordings, [5], speakers=["jackson"], words=range(2))
    expected = {
        "CtcRecogniser expected one text for each clip, at least one, got 2 clips and 1 texts; "
        "give it both in the same order.": texts[:1],
        "CtcRecogniser expected a text for clip '1_jackson_5', got an empty one; "
        "leave out clips in which nothing is said.": ["zero", "  "],
    }
    for message, given in expected.items():
        with pytest.raises(ValueError) as failure:
            CtcRecogniser().fit(clips, given)
        assert str(failure.value) == message
