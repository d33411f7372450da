"""The hybrid model: posteriors of its classifier, scaled likelihoods, and the choice of its share."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from components.speech.acoustic.competitors import competing_transcripts, log_posteriors
from components.speech.acoustic.gmm_hmm import GmmHmm
from components.speech.acoustic.hybrid_hmm import SHARES, HybridHmm
from components.speech.acoustic.state_classifier import StateClassifier
from components.speech.acoustic.units import phone_of
from components.speech.lexicon import pronounce
from components.speech.modular.recipes import mfcc_gmm_hmm, mfcc_mlp_hmm
from components.study.saving import load, save
from tests.speech.acoustic.synthetic import LEXICON, make_frames

TRANSCRIPTS = [["ba"], ["ab"], ["ba", "ab"]] * 6


def fit(model, transcripts=TRANSCRIPTS):
    return model.fit(
        [make_frames(words, seed) for seed, words in enumerate(transcripts)], transcripts, LEXICON
    )


def test_posteriors_sum_to_one_and_find_the_state():
    model = fit(HybridHmm(share=0.5))
    frames = make_frames(["ba"], 77)
    posteriors = model.classifier_.posteriors(frames)
    np.testing.assert_allclose(posteriors.sum(axis=1), 1, rtol=1e-6)
    (states,) = model.align([frames], [model.alignment_graph(["ba"])])
    assert (posteriors.argmax(axis=1) == states).mean() > 0.8


def test_alignments_find_where_phones_and_silence_are():
    model = fit(HybridHmm(share=1.0))
    (states,) = model.align([make_frames(["ba"], 77)], [model.alignment_graph(["ba"])])
    unit_of = {state: phone_of(unit) for unit, own in model.states_.items() for state in own}
    assert [unit_of[state] for state in states] == ["sil"] * 4 + ["B"] * 9 + ["A"] * 9 + ["sil"] * 4


def test_a_state_without_frames_keeps_a_finite_score_and_does_not_win():
    model = fit(HybridHmm(share=1.0))
    untrained = list(model.states_["AH"])
    scores = model.log_likelihoods(make_frames(["ba"], 77))
    assert np.isfinite(scores).all() and not set(scores.argmax(axis=1)) & set(untrained)


def test_a_likelihood_is_the_posterior_over_the_prior():
    frames, states = [make_frames(["ba"], seed) for seed in range(6)], [np.repeat([0, 1, 2], [4, 18, 4])] * 6
    model = StateClassifier(prior_scale=0.5).fit(frames, states, 4)
    np.testing.assert_allclose(model.priors_, np.array([25, 109, 25, 1]) / 160)
    expected = np.log(model.posteriors(frames[0])) - 0.5 * np.log(model.priors_)
    np.testing.assert_allclose(model.log_likelihoods(frames[0]), expected, rtol=1e-5)


def test_a_score_is_shared_between_mixtures_and_classifier():
    model, frames = fit(HybridHmm(share=0.25)), make_frames(["ab"], 5)
    expected = 0.75 * model.mixtures_.log_likelihoods(frames) + 0.25 * model.classifier_.log_likelihoods(
        frames
    )
    np.testing.assert_allclose(model.log_likelihoods(frames), expected, rtol=1e-5)


@pytest.mark.parametrize(
    "classifier", [LogisticRegression(), GaussianNB()], ids=lambda each: type(each).__name__
)
def test_any_classifier_with_posteriors_will_do(classifier):
    model = fit(HybridHmm(classifier=StateClassifier(classifier, context=1), share=0.5))
    assert type(model.classifier_.classifier_) is type(classifier)
    assert np.isfinite(model.log_likelihoods(make_frames(["ba"], 3))).all()


def test_at_most_most_frames_are_trained_on():
    class Counting(GaussianNB):
        def fit(self, X, y):
            self.seen_ = len(X)
            return super().fit(X, y)

    frames, states = (
        [make_frames(["ba"], seed) for seed in range(40)],
        [np.repeat([0, 1, 0], [4, 18, 4])] * 40,
    )
    model = StateClassifier(Counting(), most_frames=300).fit(frames, states, 2)
    assert 200 < model.classifier_.seen_ < 400 < sum(map(len, frames))


def test_few_clips_and_a_share_of_nothing_leave_the_mixtures_alone():
    frames = make_frames(["ba"], 3)
    alone = fit(GmmHmm()).log_likelihoods(frames)
    for model in (fit(HybridHmm()), fit(HybridHmm(share=0.0))):
        assert model.share_ == 0 and model.classifier_ is None
        np.testing.assert_array_equal(model.log_likelihoods(frames), alone)


def test_a_classifier_that_guesses_gets_no_share():
    class Guessing(GaussianNB):
        def predict_proba(self, X):
            return np.random.default_rng(0).dirichlet(np.full(len(self.classes_), 0.05), len(X))

    model = HybridHmm(classifier=StateClassifier(Guessing()))
    assert fit(model, [["ba"], ["ab"]] * 30).share_ == 0


def test_competing_transcripts_differ_in_one_word():
    competitors = competing_transcripts(["a", "b"], ["a", "b", "c"], np.random.default_rng(0))
    assert competitors == [["b", "b"], ["c", "b"], ["a", "a"], ["a", "c"]]
    assert competing_transcripts(["a"], ["a"], np.random.default_rng(0)) == []


def test_the_true_transcript_is_likelier_than_its_competitors():
    model = fit(GmmHmm())
    scores = [model.log_likelihoods(make_frames(words, 50 + seed)) for seed, words in enumerate(TRANSCRIPTS)]
    right = np.exp(log_posteriors(model, scores, TRANSCRIPTS, 0))
    wrong = np.exp(log_posteriors(model, scores[:2], TRANSCRIPTS[1::-1], 0))
    assert right.min() > 0.9 and wrong.max() < 0.1


def test_people_s_digits_are_recognised_no_worse_than_by_mixtures_alone(people):
    (clips, texts), (test_clips, test_texts) = people
    shared = mfcc_mlp_hmm().set_params(words__acoustic__share=0.25)
    errors = {}
    for name, recogniser in {"hybrid": shared, "mixtures": mfcc_gmm_hmm()}.items():
        answers = recogniser.fit(clips, texts).predict(test_clips)
        errors[name] = sum(answer != text for answer, text in zip(answers, test_texts, strict=True))
    assert errors["hybrid"] <= errors["mixtures"], errors


def test_a_classifier_that_helps_gets_a_share(people):
    (clips, texts), _ = people
    frames = mfcc_gmm_hmm()[:-1].fit_transform(clips)
    model = HybridHmm(GmmHmm(components=1), StateClassifier(LogisticRegression(max_iter=15), dims=20))
    transcripts = [[text] for text in texts]
    assert model.fit(frames, transcripts, pronounce(sorted(set(texts)))).share_ in SHARES[1:]


def test_clips_too_short_for_their_words_are_left_out():
    short = [make_frames(["ba"], 3)[:2]] * 60
    frames = [make_frames(words, seed) for seed, words in enumerate(TRANSCRIPTS)]
    model = HybridHmm(share=0.5).fit(frames + short, TRANSCRIPTS + [["ba"]] * 60, LEXICON)
    no_share = HybridHmm().fit(frames + short, TRANSCRIPTS + [["ba"]] * 60, LEXICON)
    assert model.mixtures_.skipped_ == 60 and no_share.share_ == 0


def test_saved_with_its_network_it_scores_the_same(tmp_path):
    model, frames = fit(HybridHmm(share=0.5)), make_frames(["ab"], 5)
    save(model, tmp_path)
    np.testing.assert_array_equal(load(tmp_path).log_likelihoods(frames), model.log_likelihoods(frames))
    again = fit(HybridHmm(share=0.5)).log_likelihoods(frames)
    np.testing.assert_array_equal(again, model.log_likelihoods(frames))


def test_a_lone_clip_is_scored_as_in_a_crowd():
    model = fit(HybridHmm(share=0.5))
    clips = [make_frames(words, 30 + seed) for seed, words in enumerate(TRANSCRIPTS)]
    graphs = [model.alignment_graph(words) for words in TRANSCRIPTS]
    together = model.align(clips, graphs)
    for clip, graph, states in zip(clips, graphs, together, strict=True):
        np.testing.assert_array_equal(model.align([clip], [graph])[0], states)
