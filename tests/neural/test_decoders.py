"""A decoder beside CTC: its loss, what it says by itself, and how it judges what a search finds."""

from itertools import product

import numpy as np
import pytest
import torch

from components.contract import Clip
from components.neural import CtcRecogniser
from components.neural.decoding.words import aligned_words, said_words
from components.neural.hypothesis import Said
from components.neural.model.heads.attention import AttentionDecoder
from components.neural.model.heads.transducer import MOST_A_ROW, TransducerDecoder
from components.neural.packing import shelve
from components.neural.tokenizer import Spelling
from components.speech.inspection import inspect_recogniser
from components.speech.inspection.lm_ablation import predict_knowing
from tests.neural.test_recogniser import QUICK, WORDS, digits

KINDS = {"transducer": TransducerDecoder, "attention": AttentionDecoder}


def decoder(kind="transducer", tokens=3):
    """An untaught decoder that likes to speak."""
    torch.manual_seed(0)
    made = KINDS[kind](8, tokens, 0.0).eval()
    made.speak.bias.data[0] -= 0.4
    return made


def encoded(lengths):
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(n, 8, generator=generator) for n in lengths]


def laid(given):
    return shelve(given).lay(np.arange(len(given)), None, 1, 2)


def log_probability(network, rows, said):
    """Of a token, or the blank, after what was said, at each row: (rows, tokens)."""
    last = torch.tensor([0, 0, *said])[-2:]
    return network._joined(network.heard(rows), network._predicted(last)).log_softmax(-1)


@torch.no_grad()
def test_the_loss_is_the_sum_over_all_ways_to_say_the_tokens():
    network, rows, said = decoder(), encoded([3])[0], [1, 2]
    ways = []
    for places in product(range(3), repeat=2):
        if places[0] <= places[1]:
            steps = [log_probability(network, rows, said[:i])[row, said[i]] for i, row in enumerate(places)]
            steps += [
                log_probability(network, rows, said[: sum(place <= row for place in places)])[row, 0]
                for row in range(3)
            ]
            ways.append(sum(steps))
    loss = network.losses(laid([rows]), [np.array(said)])
    torch.testing.assert_close(-torch.logsumexp(torch.stack(ways), 0), loss[0])


@torch.no_grad()
def test_the_loss_of_attention_is_that_of_one_token_after_another_and_of_the_end():
    network, rows, said = decoder("attention"), encoded([5])[0], [1, 2, 2]
    tape = network._rows(laid([rows]))
    steps = [network._next(torch.tensor([[0, *said[:i]]]), None, *tape)[0][0, -1] for i in range(4)]
    wanted = sum(step.log_softmax(-1)[token] for step, token in zip(steps, [*said, 0], strict=True))
    torch.testing.assert_close(network.losses(laid([rows]), [np.array(said)])[0], -wanted)


@torch.no_grad()
def test_attention_knows_where_a_row_stands():
    network, rows = decoder("attention"), encoded([5])[0]
    losses = [network.losses(laid([given]), [np.array([1, 2])]) for given in (rows, rows.flip(0))]
    assert not torch.isclose(*losses)


@torch.no_grad()
def test_attention_stops_at_two_tokens_a_row():
    network = decoder("attention")
    network.speak.bias.data[0] = -100
    assert [len(said.numbers) for said in network.greedy(laid(encoded([3, 7])))] == [6, 14]


@pytest.mark.parametrize("kind", KINDS)
@torch.no_grad()
def test_loss_and_answer_of_a_clip_are_those_it_has_alone(kind):
    network, given = decoder(kind), encoded([3, 9, 6])
    spelt = [np.array([1]), np.array([2, 1, 1, 2]), np.array([1, 2])]
    together, said = network.losses(laid(given), spelt), network.greedy(laid(given))
    assert any(len(one.numbers) for one in said)
    for one, text, loss, answer in zip(given, spelt, together, said, strict=True):
        torch.testing.assert_close(network.losses(laid([one]), [text])[0], loss)
        alone = network.greedy(laid([one]))[0]
        np.testing.assert_array_equal(alone.numbers, answer.numbers)
        np.testing.assert_allclose(alone.sure, answer.sure, atol=1e-5)


@torch.no_grad()
def test_greedily_the_likeliest_token_is_said_until_it_is_the_blank():
    network, rows = decoder(tokens=4), encoded([12])[0]
    wanted = []
    for row in rows:
        for _ in range(MOST_A_ROW):
            token = int(log_probability(network, row[None], wanted)[0].argmax())
            if not token:
                break
            wanted.append(token)
    assert network.greedy(laid([rows]))[0].numbers.tolist() == wanted and wanted


def test_a_word_said_by_itself_is_as_sure_as_its_tokens():
    spelling = Spelling().fit(["see a"])
    said = Said(spelling.spell("see a"), np.log([0.9, 0.6, 0.9, 0.1, 0.5]).astype(np.float32))
    votes = said_words(said, spelling)
    assert votes.words == ("see", "a")
    assert votes.posteriors().tolist() == pytest.approx([0.8, 0.5])


@pytest.mark.parametrize("units", ["characters", "words"])
def test_a_text_s_words_are_found_in_the_rows_that_say_them(units):
    spelling = Spelling(units).fit(["b aa", "aa"])
    rows = {"characters": [0, 3, 1, 2, 0, 2], "words": [0, 2, 2, 1, 0, 0]}[units]
    heard = np.full((6, 4), np.log(0.1), dtype=np.float32)
    heard[np.arange(6), rows] = np.log(0.7)
    spans = {"characters": [("b", 1, 2), ("aa", 3, 6)], "words": [("b", 1, 3), ("aa", 3, 4)]}[units]
    assert aligned_words(heard, spelling, "b aa") == spans
    assert aligned_words(heard[:2], spelling, "b aa aa") == [("b", 0, 0), ("aa", 0, 1), ("aa", 1, 2)]
    assert aligned_words(heard, spelling, "") == []


@pytest.fixture(scope="module", params=[(kind, way) for kind in KINDS for way in ("graph", "beam", "greedy")])
def taught(request, recordings):
    kind, decoding = request.param
    clips, texts = digits(recordings, range(5, 9), words=range(6))
    settings = {**QUICK, "steps": 60, "decoding": decoding}
    return CtcRecogniser(decoder=kind, **settings).fit(clips, texts), clips


def test_greedily_the_decoder_answers_and_of_a_search_it_judges_the_sentences(taught):
    recogniser, clips = taught
    heard = recogniser.hear(clips)
    answers = recogniser.answers
    answered = recogniser.predict(clips)
    knowing = predict_knowing(recogniser, clips, answered)
    if recogniser.decoding_ == "greedy":
        alone = [recogniser.spelling_.unspell(one.said.numbers) for one in heard]
        assert answered == alone == knowing["letters"]
        return
    assert answered == knowing["letters" if recogniser.decoding_ == "beam" else "language_model"]
    assert recogniser.decoding_ == "beam" or set(answered) <= set(WORDS)
    for one in heard[:3]:
        searched = answers.search.n_best(one.log_probabilities, 20, answers.search.beams)
        own = {sentence.text: sentence.cost for sentence in searched}
        judged = answers.n_best(one, 20)
        assert [sentence.cost for sentence in judged] == sorted(sentence.cost for sentence in judged)
        for sentence in judged:
            tokens = [recogniser.spelling_.spell(sentence.text)]
            loss = answers.network.decoder.losses(laid([torch.from_numpy(one.encoded)]), tokens)
            both = own[sentence.text] + float(loss[0].detach()) / answers.search.lm_scale
            assert sentence.cost == pytest.approx(both, abs=1e-2)


def test_its_words_have_times_and_confidences(taught):
    recogniser, clips = taught
    for clip in clips[:6]:
        seen = inspect_recogniser(recogniser, clip)
        assert " ".join(word.text for word in seen.words) == seen.transcript
        assert all(0 <= word.begin < word.end <= clip.seconds + 0.1 for word in seen.words)
        assert all(0 <= word.confidence <= 1 for word in seen.words)
        assert [text for text, _ in seen.best][:1] == (
            [] if recogniser.decoding_ == "greedy" else [seen.transcript]
        )


@pytest.mark.parametrize("kind", KINDS)
def test_eight_clips_are_learned_by_heart(recordings, kind):
    clips, texts = digits(recordings, [5], speakers=["jackson"], words=range(8))
    settings = {"channels": 64, "layers": 2, "steps": 250, "decoding": "greedy", "device": "cpu"}
    learned = CtcRecogniser(decoder=kind, **settings).fit(clips, texts)
    assert learned.predict(clips) == texts


def test_clips_of_any_length_are_answered_and_seen_inside(taught):
    recogniser, clips = taught
    made = [Clip(f"c{n}", "", np.full(n, 0.01, np.float32), 8000) for n in (1, 79, 400, 40000)]
    answers = recogniser.predict([*made, clips[0]])
    assert answers[-1] == recogniser.predict(clips[:1])[0]
    assert [inspect_recogniser(recogniser, clip).transcript for clip in made] == answers[:-1]


@pytest.mark.parametrize("kind", KINDS)
@torch.no_grad()
def test_nothing_said_has_a_loss_too(kind):
    network, rows = decoder(kind), encoded([3])[0]
    empty, both = np.zeros(0, dtype=np.int64), [np.zeros(0, dtype=np.int64), np.array([1, 2])]
    alone = network.losses(laid([rows]), [empty])
    torch.testing.assert_close(network.losses(laid([rows, rows]), both)[:1], alone)
    if kind == "transducer":
        torch.testing.assert_close(-log_probability(network, rows, [])[:, 0].sum(), alone[0])
