"""Two corpora, one network: each clip teaches the head of its own corpus alone, and every batch has both."""

import numpy as np
import pytest
import torch
from sklearn.base import clone

from components.contract import Clip
from components.laws.examples import RATE, labelled
from components.neural import CtcRecogniser, TwoHeads
from components.neural.model.heads.ctc import CtcHead
from components.neural.model.norms import keep_first_norms, set_norms_apart
from components.neural.tasks.corpus_head import SOURCE, CorpusHead
from components.neural.training.batches import Batches
from components.study.saving import load, save
from tests.neural.toy import CHANNELS, LETTERS, network, run, tones, training, weights_of

CLIPS, TEXTS = labelled()
OTHER = [f"{text[::-1]} {text}" for text in TEXTS]  # the same sounds, in a corpus that writes them otherwise
SMALL = {"channels": 48, "layers": 2, "steps": 60, "batch_seconds": 8.0, "device": "cpu"}


def both(count=24, dev=0, norms_apart=False):
    """A network, and data of so many clips and of the source's 24."""
    made = network({"ctc": lambda: CtcHead(CHANNELS, 1 + LETTERS)})
    return made, CorpusHead(CLIPS, OTHER, norms_apart).put_on(made, tones(made, count=count, dev=dev))


def gradient_of(made, data, clips, head):
    made.zero_grad(set_to_none=True)
    rows = made.encode(made.pack(data.features, clips))
    made.losses(rows, data.targets_of(clips)).mean().backward()
    return made.heads[head].output.weight.grad


def test_a_clip_teaches_the_head_of_its_own_corpus_alone():
    made, data = both()
    own, source = np.arange(24), np.arange(24, 48)
    assert gradient_of(made, data, own, SOURCE) is None and gradient_of(made, data, source, "ctc") is None
    alone = gradient_of(made, data, own, "ctc").clone()
    made.eval()  # where no clip moves the statistics of others
    alone, among = (gradient_of(made, data, some, "ctc").clone() for some in (own, np.arange(48)))
    torch.testing.assert_close(alone, among)


def test_pairs_are_of_one_corpus_and_few_clips_are_in_every_batch():
    _, data = both(count=3, dev=1)
    (copies,) = data.scarce
    assert len(data.names) == 29 and copies.tolist() == [27, 28]
    assert data.features.corpora.tolist() == [0] * 3 + [1] * 24 + [0] * 2
    _, data = both()
    assert not len(data.scarce)
    lengths, corpora = data.features.lengths, data.features.corpora
    batches = Batches(lengths, data.train, 900, 12, np.random.default_rng(0), data.scarce, corpora)
    for _ in range(12):
        batch = batches.next()
        joined, _, targets = data.examples(batch, concat_pairs=True)
        taught = [(a is None) + (b is None) for a, b in zip(targets["ctc"], targets[SOURCE], strict=True)]
        assert taught.count(2) <= 1  # at most the pair between the two corpora
        assert joined.corpora.tolist() == corpora[batch[::2]].tolist()


def test_norms_apart_see_the_rows_of_their_own_corpus_alone():
    made, data = both(norms_apart=True)
    data.features.values[data.features.offsets[24] :] *= -3  # a corpus that is recorded otherwise
    norms = made.encoder.stem.norm.norms
    made.train().encode(made.pack(data.features, np.arange(48)))
    together = [norm.running_mean.clone() for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
    for clips in (np.arange(24), np.arange(24, 48)):
        made.encode(made.pack(data.features, clips))
    assert (together[0] - together[1]).abs().max() > 0.01
    for before, norm in zip(together, norms, strict=True):
        torch.testing.assert_close(before, norm.running_mean)


def test_without_the_norms_of_the_source_it_is_the_network_that_it_was():
    made = network({"ctc": lambda: CtcHead(CHANNELS, 1 + LETTERS)})
    before = weights_of(made)
    set_norms_apart(made)
    assert weights_of(made).keys() > {"encoder.stem.norm.norms.1.weight"}
    keep_first_norms(made)
    after = weights_of(made)
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("norms", ["shared", "apart"])
def test_few_clips_are_learned_beside_a_source_of_other_words(norms, tmp_path):
    few, texts = CLIPS[:6], TEXTS[:6]
    model = TwoHeads(CtcRecogniser(**SMALL), norms).fit(few, texts, (CLIPS[6:], OTHER[6:]))
    assert np.mean([a == b for a, b in zip(model.predict(CLIPS), TEXTS, strict=True)]) > 0.8
    assert model.recogniser_.alphabet_ == CtcRecogniser(**{**SMALL, "steps": 1}).fit(few, texts).alphabet_
    assert not [name for name in model.recogniser_.weights_ if SOURCE in name or "norms" in name]
    assert model.predict(CLIPS[:1]) == model.predict(CLIPS)[:1]
    save(model, tmp_path)
    assert load(tmp_path).predict(CLIPS) == model.predict(CLIPS)


def test_the_source_changes_the_encoder_and_the_same_seed_learns_the_same():
    quick = TwoHeads(CtcRecogniser(**{**SMALL, "steps": 8}))
    models = [clone(quick).fit(CLIPS[:6], TEXTS[:6], source) for source in [(CLIPS, OTHER)] * 2 + [None]]
    one, same, alone = (model.recogniser_.weights_["encoder.stem.weight"] for model in models)
    assert np.array_equal(one, same) and not np.array_equal(one, alone)


def test_dev_clips_and_what_is_chosen_on_them_are_of_the_own_corpus():
    clips, texts = labelled(60)
    model = TwoHeads(CtcRecogniser(**{**SMALL, "steps": 20})).fit(clips, texts, (CLIPS, OTHER))
    assert set(model.recogniser_.search_.lm_.vocabulary_) == set(texts)
    made = network({"ctc": lambda: CtcHead(CHANNELS, 1 + LETTERS)})
    data = CorpusHead(CLIPS, OTHER).put_on(made, tones(made, count=24, dev=4))
    assert data.dev.tolist() == [0, 1, 2, 3] and data.of_first(24).train.tolist() == list(range(4, 24))
    weights = weights_of(run(training(made, data, steps=6)))
    assert all(np.isfinite(weight).all() for weight in weights.values())


def test_a_source_at_another_rate_is_refused():
    other = Clip("fast", "ann", np.zeros(16000, np.float32), 2 * RATE)
    with pytest.raises(ValueError, match=r"TwoHeads cannot use clip 'fast': expected 8000 Hz"):
        TwoHeads(CtcRecogniser(**SMALL)).fit(CLIPS, TEXTS, ([other], ["one"]))
