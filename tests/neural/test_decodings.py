"""Ways to decode a network's output: greedily, by prefix beam search, by a graph of words."""

import numpy as np
import torch

from components.laws.examples import labelled
from components.neural import CtcRecogniser
from components.neural.decoding.graph_decoder import _errors
from components.neural.inference import forward, forward_heads
from components.neural.model.heads.ctc import CtcHead
from components.speech.decoding.greedy import collapse
from components.speech.decoding.prefix_beam import prefix_beam_search
from tests.fsdd import DIGITS, digits
from tests.neural.quick import QUICK
from tests.neural.toy import CHANNELS, network


def test_graph_decoding_gives_known_words_only_and_greedy_any_letters(recordings):
    clips, texts = digits(recordings, [5, 6])
    graph = CtcRecogniser(**QUICK, decoding="graph").fit(clips, texts)
    assert set(graph.predict(clips)) <= set(DIGITS)
    greedy = CtcRecogniser(**QUICK, decoding="greedy").fit(clips, texts)
    assert greedy.decoding_ == "greedy"
    free, searched = greedy.predict(clips), graph.predict(clips)
    assert free == graph.predict_ablated(clips, searched)["letters"] != searched
    ablated = greedy.predict_ablated(clips, free)
    assert ablated["letters"] == free and set(ablated["language_model"]) <= set(DIGITS)


def test_prefix_beam_search_gives_likelier_texts_than_greedy_and_needs_no_lexicon(recordings):
    clips, texts = digits(recordings, [5, 6])
    beam = CtcRecogniser(**QUICK, decoding="beam").fit(clips, texts)
    free = beam.predict(clips)
    assert beam.decoding_ == "beam" and not set(free) <= set(DIGITS)
    assert free == beam.predict_ablated(clips, free)["letters"]
    greedy = [collapse(log_probs.argmax(1)) for log_probs in beam.log_probabilities(clips)]
    likeliest = [prefix_beam_search(log_probs)[0][0] for log_probs in beam.log_probabilities(clips)]
    assert free == [beam.tokenizer_.decode(tokens) for tokens in likeliest]
    assert any(tokens != tuple(other) for tokens, other in zip(likeliest, greedy, strict=True))
    for log_probs, *both in zip(beam.log_probabilities(clips), likeliest, greedy, strict=True):
        costs = clip_costs(log_probs, [np.array(tokens, dtype=np.int64) for tokens in both])
        assert costs[0] <= costs[1] + 1e-3


def clip_costs(log_probs, sequences):
    """Minus the log-probability of each of several token sequences of one clip, by torch's own CTC."""
    rows = torch.from_numpy(log_probs)[:, None].expand(-1, len(sequences), -1)
    counts = torch.tensor([len(tokens) for tokens in sequences])
    targets = torch.from_numpy(np.concatenate(sequences))
    lengths = torch.full((len(sequences),), len(log_probs))
    return torch.nn.functional.ctc_loss(rows, targets, lengths, counts, reduction="none").tolist()


def test_errors_are_counted_until_they_are_enough_to_lose():
    decoded = []

    class Decoder:
        def text(self, rows, max_active):
            decoded.append(rows)
            return "wrong"

    expected = ["one", "two", "three", "four"]
    assert _errors(Decoder(), [*range(4)], expected) == 4 and decoded == [0, 1, 2, 3]
    decoded.clear()
    assert _errors(Decoder(), [*range(4)], expected, enough=2) == 2 and decoded == [0, 1]


def test_the_clips_of_several_heads_are_encoded_once_and_have_the_output_of_each(monkeypatch):
    heads = {"ctc": lambda: CtcHead(CHANNELS, 5), "second_ctc": lambda: CtcHead(CHANNELS, 9)}
    made, (clips, _) = network(heads).eval(), labelled(6)
    features, chosen = made.front_end.extract(clips), np.array([4, 0, 3])
    alone = {head: forward(made, features, chosen, head) for head in heads}
    encoded, encode = [], made.encode
    monkeypatch.setattr(made, "encode", lambda batch: encoded.append(batch) or encode(batch))
    together = forward_heads(made, features, chosen, heads)
    assert len(encoded) == 1
    for head in heads:
        for one, other in zip(together[head], alone[head], strict=True):
            np.testing.assert_array_equal(one.log_probs, other.log_probs)
