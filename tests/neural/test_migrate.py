"""States that earlier versions saved are read as this version's, and recognise the same."""

from copy import copy

import numpy as np
import pytest

from components.laws.examples import labelled
from components.neural import CtcRecogniser
from components.neural.migrate import DECODERS, RENAMED, migrate_weights

SMALL = {"channels": 16, "layers": 1, "steps": 6, "device": "cpu"}
KINDS = {
    "convolutional": {},
    "conformer": {"encoder": "conformer"},
    "transducer": {"decoder": "transducer"},
    "attention": {"decoder": "attention"},
}
BEFORE = (  # in the order of replacement
    ("heads.ctc.output.", "ctc.speak."),
    (".cepstral.", ".first."),
    (".first_feed_forward.", ".before."),
    (".last_feed_forward.", ".after."),
    (".attention.query_key_value.", ".attention.asked."),
    (".attention.output.", ".attention.told."),
    (".convolution.gate.", ".convolution.gated."),
    (".convolution.depthwise.", ".convolution.over_rows."),
    (".convolution.output.", ".convolution.mixed."),
)


def name_before(name, decoder):
    """A weight's name of today -> the one it had when networks had one CTC layer and one decoder."""
    if name.startswith(f"heads.{decoder}."):
        layer, rest = name.removeprefix(f"heads.{decoder}.").split(".", 1)
        return f"decoder.{next(old for old, new in DECODERS[decoder].items() if new == layer)}.{rest}"
    for new, old in BEFORE:
        name = name.replace(new, old) if not name.startswith("heads.") or "ctc" in new else name
    return name


def state_before(recogniser):
    """The state of a trained recogniser, as it was saved before its attributes had the names of the field."""
    old = {new: name for name, new in RENAMED.items()}
    state = {old.get(name, name): value for name, value in recogniser.__getstate__().items()}
    state["search_"] = copy(state["search_"])
    learned = vars(state["search_"])
    for name in ("tokenizer_", "oov_words_"):
        learned[old[name]] = learned.pop(name)
    state["weights_"] = {
        name_before(name, recogniser.decoder): weight for name, weight in recogniser.weights_.items()
    }
    passes = {"augmented_passes": "altered_hearings"}
    state["history_"] = [{passes.get(k, k): v for k, v in note.items()} for note in recogniser.history_]
    return state


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_with_the_names_of_before_recognises_the_same(kind):
    clips, texts = labelled(12)
    recogniser = CtcRecogniser(**SMALL, **KINDS[kind]).fit(clips, texts)
    state = state_before(recogniser)
    assert {"spelling_", "sureness_", "pairs", "taps"} <= state.keys() and "unspelt_" in vars(
        state["search_"]
    )
    again = CtcRecogniser()
    again.__setstate__(state)
    for ours, theirs in zip(recogniser.log_probabilities(clips), again.log_probabilities(clips), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    hypotheses = recogniser.predict(clips)
    assert again.predict(clips) == hypotheses
    assert again.predict_ablated(clips, hypotheses) == recogniser.predict_ablated(clips, hypotheses)
    assert again.get_params() == recogniser.get_params()
    assert again.augmented_passes == recogniser.augmented_passes
    assert vars(again.search_).keys() == vars(recogniser.search_).keys()


@pytest.mark.parametrize("kind", KINDS)
def test_weights_of_this_version_keep_their_names(kind):
    settings = CtcRecogniser(**{**SMALL, **KINDS[kind]})
    settings.fit(*labelled(12))
    assert list(migrate_weights(settings.weights_, settings.decoder)) == list(settings.weights_)
