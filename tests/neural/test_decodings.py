"""The ways to answer from what a network hears: greedily, by a beam of spellings, by a search for words."""

import numpy as np
import torch

from components.neural import CtcRecogniser
from components.speech.decoding.greedy import collapse
from components.speech.decoding.prefix_beam import prefix_beam_search
from tests.neural.test_recogniser import QUICK, WORDS, digits


def test_graph_decoding_says_known_words_only_and_greedy_any_letters(recordings):
    clips, texts = digits(recordings, [5, 6])
    graph = CtcRecogniser(**QUICK, decoding="graph").fit(clips, texts)
    assert set(graph.predict(clips)) <= set(WORDS)
    greedy = CtcRecogniser(**QUICK, decoding="greedy").fit(clips, texts)
    assert greedy.decoding_ == "greedy"
    said, searched = greedy.predict(clips), graph.predict(clips)
    assert said == graph.predict_knowing(clips, searched)["letters"] != searched
    knowing = greedy.predict_knowing(clips, said)
    assert knowing["letters"] == said and set(knowing["language_model"]) <= set(WORDS)


def test_a_beam_spells_what_is_likelier_than_the_greedy_answer_and_knows_no_words(recordings):
    clips, texts = digits(recordings, [5, 6])
    beam = CtcRecogniser(**QUICK, decoding="beam").fit(clips, texts)
    said = beam.predict(clips)
    assert beam.decoding_ == "beam" and not set(said) <= set(WORDS)
    assert said == beam.predict_knowing(clips, said)["letters"]
    greedy = [collapse(heard.argmax(1)) for heard in beam.log_probabilities(clips)]
    likeliest = [prefix_beam_search(heard)[0][0] for heard in beam.log_probabilities(clips)]
    assert said == [beam.spelling_.unspell(one) for one in likeliest]
    assert any(one != tuple(other) for one, other in zip(likeliest, greedy, strict=True))
    for heard, *both in zip(beam.log_probabilities(clips), likeliest, greedy, strict=True):
        costs = clip_costs(heard, [np.array(one, dtype=np.int64) for one in both])
        assert costs[0] <= costs[1] + 1e-3


def clip_costs(heard, spelt):
    """Minus the log-probability of each of several spellings of one clip, by torch's own CTC."""
    rows = torch.from_numpy(heard)[:, None].expand(-1, len(spelt), -1)
    counts = torch.tensor([len(one) for one in spelt])
    targets = torch.from_numpy(np.concatenate(spelt))
    lengths = torch.full((len(spelt),), len(heard))
    return torch.nn.functional.ctc_loss(rows, targets, lengths, counts, reduction="none").tolist()
