"""How many unknown words the filler rejects, and how many known ones it loses, on real recordings.

    python -m pytest -m benchmark -s tests/benchmarks/test_filler.py

Some words, drawn by chance, are kept out of training; the clips of all draws are counted together. For each
filler_cost: unknown words rejected / known words lost, in %, of test clips, and the range over the draws.
Then, on held-out training clips, the equal-error rates of rejecting what is dearer than the filler by more
than a threshold, and of two others that could stand in its place: one broad mixture of all that is speech,
and a loop of phones; means over the draws, as each has a threshold of its own.
"""

from __future__ import annotations

import numpy as np
import pytest
from rich.console import Console
from scipy.special import log_softmax, logsumexp
from sklearn.metrics import roc_curve
from threadpoolctl import threadpool_limits

from components.speech.acoustic.units import SILENCE
from components.speech.corpus import read_corpus
from components.speech.dataset import speech_dataset
from components.speech.decoding.grammars import OneWordGrammar
from components.speech.decoding.graph import hmm_graph
from components.speech.inspection.ceiling.oracles import on_precomputed_scores, phone_loop, with_parts
from components.speech.modular.filler import FILLER, STAY, with_filler
from components.speech.modular.recipes import mfcc_gmm_hmm
from components.speech.nouns import SPEECH_NOUNS
from components.study.splits import make_folds

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]

COMMANDS = "speech-commands:zero,one,two,three,four,five"
STUDIES = [("fsdd", 300, 3), ("fsdd", 2700, 3), (COMMANDS, 1500, 2)]  # training clips at most, unknown words
COSTS = (0.0, 5.0, 10.0, 15.0)
DRAWS = 5
HEARD = 300
MOST_LOST = 1 / 4  # of known words at a cost of 10, as PhoneRecogniser says
CHANCE = 0.02  # of equal-error rates


class Heard:
    """Clips, and a recogniser that some of their words are unknown to."""

    def __init__(self, recogniser, clips, strange):
        self.words, self.frames = recogniser[-1], recogniser[:-1].transform(clips)
        self.strange = np.array(strange)

    def rejected(self, cost):
        """Unknown words rejected and known words lost: whether each is, bool (unknown,) and (known,)."""
        empty = np.array([not text for text in with_parts(self.words, filler_cost=cost).predict(self.frames)])
        return empty[self.strange], empty[~self.strange]

    def equal_errors(self):
        """What stands in the place of words -> the equal-error rate of rejecting what is dearer."""
        acoustic, once = self.words.acoustic_, on_precomputed_scores(self.words)
        scores = [acoustic.log_likelihoods(rows) for rows in self.frames]
        speech = np.setdiff1d(np.arange(len(acoustic.stay_)), acoustic.states_[SILENCE])
        share = log_softmax(np.log(np.maximum(1, acoustic.mixtures_.frames_[speech])))
        broad = [logsumexp(each[:, speech] + share, axis=1) for each in scores]
        alone, scale = filler_alone(acoustic), self.words.acoustic_scale_
        paths = {
            "filler": [alone.decode(with_filler(s, speech), acoustic_scale=scale) for s in scores],
            "broad mixture": [
                alone.decode(np.column_stack(pair), acoustic_scale=scale)
                for pair in zip(scores, broad, strict=True)
            ],
            "loop of phones": list(map(phone_loop(once).decode, scores)),
        }
        best = np.array([once.decode(each).cost for each in scores])
        return {
            name: equal_error(self.strange, best - [path.cost for path in own]) for name, own in paths.items()
        }


def filler_alone(acoustic):
    """An acoustic model -> the graph in which the filler is the only word."""
    states, stay = {**acoustic.states_, FILLER: [len(acoustic.stay_)]}, np.append(acoustic.stay_, STAY)
    return hmm_graph(states, stay, {FILLER: [(FILLER,)]}, OneWordGrammar().fit([FILLER]), SILENCE)


def equal_error(strange, dearer):
    accepted, right, _ = roc_curve(strange, dearer)
    return (accepted + 1 - right)[np.abs(accepted + right - 1).argmin()] / 2


def draw(corpus, size, left_out, seed):
    """Words kept out by chance -> what is heard of the test, and of training clips that were held out."""
    fold, chance = make_folds(speech_dataset(corpus), SPEECH_NOUNS)[0], np.random.default_rng(seed)
    unknown = set(chance.permutation(sorted(set(corpus.texts)))[:left_out].tolist())
    rows, test = chance.permutation(fold.train), chance.permutation(fold.test)[:HEARD]
    known = [row for row in rows[HEARD:] if corpus.texts[row] not in unknown][:size]
    recogniser = mfcc_gmm_hmm().fit(*([part[row] for row in known] for part in (corpus.clips, corpus.texts)))
    return [
        Heard(recogniser, [corpus.clips[row] for row in part], [corpus.texts[row] in unknown for row in part])
        for part in (test, rows[:HEARD])
    ]


def percent(each):
    """Whether, of each draw (draws, words) -> the share of all in %, and the least and most of a draw."""
    shares = [100 * np.mean(one) for one in each]
    return f"{100 * np.concatenate(each).mean():.1f} ({min(shares):.1f} to {max(shares):.1f})"


@pytest.mark.parametrize(("name", "size", "left_out"), STUDIES)
def test_unknown_words_are_rejected_and_known_ones_kept(name, size, left_out, all_recordings):
    corpus, show = read_corpus(name, data=all_recordings), Console(soft_wrap=True).print
    with threadpool_limits(1):
        draws = [draw(corpus, size, left_out, seed) for seed in range(DRAWS)]
        heard = {cost: list(zip(*(test.rejected(cost) for test, _ in draws), strict=True)) for cost in COSTS}
        rates = [held_out.equal_errors() for _, held_out in draws]
    show(f"{name}, {size} clips at most, {left_out} words unknown:")
    for cost, sides in heard.items():
        show(f"| {cost:.0f} | {' / '.join(map(percent, sides))} |")
    means = {kind: np.mean([each[kind] for each in rates]) for kind in rates[0]}
    show("equal-error rates: " + ", ".join(f"{kind} {100 * rate:.1f}" for kind, rate in means.items()))
    rejected, lost = np.array([[np.concatenate(side).mean() for side in sides] for sides in heard.values()]).T
    assert (np.diff(rejected) < 0).all() and (np.diff(lost) <= 0).all()
    assert lost[COSTS.index(10.0)] < MOST_LOST
    assert means["filler"] < min(means.values()) + CHANCE
