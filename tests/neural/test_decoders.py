"""A decoder head beside CTC: its loss, its greedy hypotheses, and how it rescores n-best lists."""

from itertools import product

import numpy as np
import pytest
import torch

from components.contract import Clip
from components.neural import CtcRecogniser
from components.neural.decoding.word_times import align_words, hypothesis_votes
from components.neural.hypothesis import Hypothesis
from components.neural.model.heads.attention import AttentionHead
from components.neural.model.heads.transducer import MAX_SYMBOLS_PER_ROW, TransducerHead
from components.neural.packing import RaggedFeatures
from components.neural.tokenizer import Tokenizer
from components.speech.inspection import inspect_recogniser
from components.speech.inspection.lm_ablation import predict_ablated
from tests.fsdd import DIGITS, SPEAKERS, digits
from tests.neural.quick import QUICK

KINDS = {"transducer": TransducerHead, "attention": AttentionHead}


def decoder(kind="transducer", tokens=3):
    """An untrained decoder that prefers tokens to the blank."""
    torch.manual_seed(0)
    made = KINDS[kind](8, tokens, 0.0).eval()
    made.output.bias.data[0] -= 0.4
    return made


def encoded(lengths):
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(n, 8, generator=generator) for n in lengths]


def packed(given):
    return RaggedFeatures.from_list(given).batch(np.arange(len(given)), None, 1, 2)


def log_probability(network, rows, tokens):
    """Of a token, or the blank, after these tokens, at each row: (rows, tokens)."""
    last = torch.tensor([0, 0, *tokens])[-2:]
    return network.joiner(network.projection(rows), network.predict(last)).log_softmax(-1)


@torch.no_grad()
def test_the_loss_is_the_sum_over_all_alignments_of_the_tokens():
    network, rows, tokens = decoder(), encoded([3])[0], [1, 2]
    alignments = []
    for places in product(range(3), repeat=2):
        if places[0] <= places[1]:
            steps = [
                log_probability(network, rows, tokens[:i])[row, tokens[i]] for i, row in enumerate(places)
            ]
            steps += [
                log_probability(network, rows, tokens[: sum(place <= row for place in places)])[row, 0]
                for row in range(3)
            ]
            alignments.append(sum(steps))
    loss = network.losses(packed([rows]), [np.array(tokens)])
    torch.testing.assert_close(-torch.logsumexp(torch.stack(alignments), 0), loss[0])


@torch.no_grad()
def test_the_loss_of_attention_is_that_of_one_token_after_another_and_of_the_end():
    network, rows, tokens = decoder("attention"), encoded([5])[0], [1, 2, 2]
    keys_values = network.keys_values(packed([rows]))
    steps = [network.step(torch.tensor([[0, *tokens[:i]]]), None, *keys_values)[0][0, -1] for i in range(4)]
    expected = sum(step.log_softmax(-1)[token] for step, token in zip(steps, [*tokens, 0], strict=True))
    torch.testing.assert_close(network.losses(packed([rows]), [np.array(tokens)])[0], -expected)


@torch.no_grad()
def test_attention_depends_on_the_position_of_a_row():
    network, rows = decoder("attention"), encoded([5])[0]
    losses = [network.losses(packed([given]), [np.array([1, 2])]) for given in (rows, rows.flip(0))]
    assert not torch.isclose(*losses)


@torch.no_grad()
def test_attention_stops_at_two_tokens_a_row():
    network = decoder("attention")
    network.output.bias.data[0] = -100
    assert [len(hypothesis.tokens) for hypothesis in network.greedy(packed(encoded([3, 7])))] == [6, 14]


@pytest.mark.parametrize("kind", KINDS)
@torch.no_grad()
def test_loss_and_hypothesis_of_a_clip_are_those_it_has_alone(kind):
    network, given = decoder(kind), encoded([3, 9, 6])
    targets = [np.array([1]), np.array([2, 1, 1, 2]), np.array([1, 2])]
    losses, hypotheses = network.losses(packed(given), targets), network.greedy(packed(given))
    assert any(len(hypothesis.tokens) for hypothesis in hypotheses)
    for rows, target, loss, hypothesis in zip(given, targets, losses, hypotheses, strict=True):
        torch.testing.assert_close(network.losses(packed([rows]), [target])[0], loss)
        alone = network.greedy(packed([rows]))[0]
        np.testing.assert_array_equal(alone.tokens, hypothesis.tokens)
        np.testing.assert_allclose(alone.log_probs, hypothesis.log_probs, atol=1e-5)


@torch.no_grad()
def test_greedy_takes_the_likeliest_token_until_it_is_the_blank():
    network, rows = decoder(tokens=4), encoded([12])[0]
    expected = []
    for row in rows:
        for _ in range(MAX_SYMBOLS_PER_ROW):
            token = int(log_probability(network, row[None], expected)[0].argmax())
            if not token:
                break
            expected.append(token)
    assert network.greedy(packed([rows]))[0].tokens.tolist() == expected and expected


def test_the_confidence_of_a_hypothesis_s_word_is_the_mean_of_its_tokens():
    tokenizer = Tokenizer().fit(["see a"])
    hypothesis = Hypothesis(tokenizer.encode("see a"), np.log([0.9, 0.6, 0.9, 0.1, 0.5]).astype(np.float32))
    votes = hypothesis_votes(hypothesis, tokenizer)
    assert votes.words == ("see", "a")
    assert votes.posteriors().tolist() == pytest.approx([0.8, 0.5])


@pytest.mark.parametrize("units", ["characters", "words"])
def test_a_text_s_words_are_aligned_with_the_rows_of_their_tokens(units):
    tokenizer = Tokenizer(units).fit(["b aa", "aa"])
    rows = {"characters": [0, 3, 1, 2, 0, 2], "words": [0, 2, 2, 1, 0, 0]}[units]
    log_probs = np.full((6, 4), np.log(0.1), dtype=np.float32)
    log_probs[np.arange(6), rows] = np.log(0.7)
    spans = {"characters": [("b", 1, 2), ("aa", 3, 6)], "words": [("b", 1, 3), ("aa", 3, 4)]}[units]
    assert align_words(log_probs, tokenizer, "b aa") == spans
    assert align_words(log_probs[:2], tokenizer, "b aa aa") == [("b", 0, 0), ("aa", 0, 1), ("aa", 1, 2)]
    assert align_words(log_probs, tokenizer, "") == []


@pytest.fixture(
    scope="module", params=[(kind, decoding) for kind in KINDS for decoding in ("graph", "beam", "greedy")]
)
def trained(request, recordings):
    kind, decoding = request.param
    clips, texts = digits(recordings, [5, 6], SPEAKERS, range(6))
    settings = {**QUICK, "steps": 30, "decoding": decoding}
    return CtcRecogniser(decoder=kind, **settings).fit(clips, texts), clips


def test_greedy_gives_the_decoder_s_hypothesis_and_a_search_is_rescored_by_it(trained):
    recogniser, clips = trained
    outputs, decoder = recogniser.outputs(clips), recogniser.text_decoder
    answered = recogniser.predict(clips)
    ablated = predict_ablated(recogniser, clips, answered)
    if recogniser.decoding_ == "greedy":
        alone = [recogniser.tokenizer_.decode(output.hypothesis.tokens) for output in outputs]
        assert answered == alone == ablated["letters"]
        return
    assert answered == ablated["letters" if recogniser.decoding_ == "beam" else "language_model"]
    assert recogniser.decoding_ == "beam" or set(answered) <= set(DIGITS)
    for output in outputs[:3]:
        searched = decoder.search.n_best(output.log_probs, 20, decoder.search.beams)
        own = {sentence.text: sentence.cost for sentence in searched}
        rescored = decoder.n_best(output, 20)
        assert [sentence.cost for sentence in rescored] == sorted(sentence.cost for sentence in rescored)
        for sentence in rescored:
            tokens = [recogniser.tokenizer_.encode(sentence.text)]
            loss = decoder.network.decoder.losses(packed([torch.from_numpy(output.encoded)]), tokens)
            both = own[sentence.text] + float(loss[0].detach()) / decoder.search.lm_scale
            assert sentence.cost == pytest.approx(both, abs=1e-2)


def test_its_words_have_times_and_confidences(trained):
    recogniser, clips = trained
    for clip in clips[:6]:
        seen = inspect_recogniser(recogniser, clip)
        assert " ".join(word.text for word in seen.words) == seen.transcript
        assert all(0 <= word.begin < word.end <= clip.seconds + 0.1 for word in seen.words)
        assert all(0 <= word.confidence <= 1 for word in seen.words)
        assert [text for text, _ in seen.best][:1] == (
            [] if recogniser.decoding_ == "greedy" else [seen.transcript]
        )


@pytest.mark.parametrize("kind", KINDS)
def test_eight_clips_are_overfitted(recordings, kind):
    clips, texts = digits(recordings, [5], speakers=["jackson"], words=range(8))
    settings = {"channels": 64, "layers": 2, "steps": 250, "decoding": "greedy", "device": "cpu"}
    recogniser = CtcRecogniser(decoder=kind, **settings).fit(clips, texts)
    assert recogniser.predict(clips) == texts


def test_clips_of_any_length_are_recognised_and_inspected(trained):
    recogniser, clips = trained
    made = [Clip(f"c{n}", "", np.full(n, 0.01, np.float32), 8000) for n in (1, 79, 400, 40000)]
    answers = recogniser.predict([*made, clips[0]])
    assert answers[-1] == recogniser.predict(clips[:1])[0]
    assert [inspect_recogniser(recogniser, clip).transcript for clip in made] == answers[:-1]


@pytest.mark.parametrize("kind", KINDS)
@torch.no_grad()
def test_an_empty_target_has_a_loss_too(kind):
    network, rows = decoder(kind), encoded([3])[0]
    empty, both = np.zeros(0, dtype=np.int64), [np.zeros(0, dtype=np.int64), np.array([1, 2])]
    alone = network.losses(packed([rows]), [empty])
    torch.testing.assert_close(network.losses(packed([rows, rows]), both)[:1], alone)
    if kind == "transducer":
        torch.testing.assert_close(-log_probability(network, rows, [])[:, 0].sum(), alone[0])
