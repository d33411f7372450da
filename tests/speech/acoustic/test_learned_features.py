"""Features that a perceptron learned on another corpus, under a GMM-HMM of the clips at hand."""

from pathlib import Path

import numpy as np
import pytest

from components.laws.examples import labelled
from components.speech.acoustic.learned_features import LearnedFeatureGmmHmm, read_hybrid
from components.speech.modular.recipes import mfcc_gmm_hmm, mfcc_mlp_hmm, mfcc_phone_mlp_hmm
from components.study.saving import FILE, load, save

OUTPUTS = {"bottleneck": 30, "posteriors": None, "discriminants": 40}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    save(mfcc_phone_mlp_hmm().fit(*labelled(48)), folder)
    return str(folder / FILE)


@pytest.fixture(scope="module")
def examples(source):
    """Frames of clips as the source's stages make them, their transcripts, and a lexicon."""
    clips, texts = labelled(24)
    pipeline = load(Path(source).parent)
    return pipeline[:-1].transform(clips), [[text] for text in texts], pipeline[-1].lexicon_


def test_the_rest_of_the_perceptron_gets_its_answer_from_the_narrow_layer(source, examples):
    classifier = read_hybrid(source).classifier_
    frames = examples[0][0]
    (spliced,) = classifier.splice([frames])
    narrow, network = classifier.narrow_layer(spliced), classifier.classifier_
    assert narrow.shape == (len(frames), 30) and narrow.dtype == np.float32
    rows = np.maximum(narrow, 0)
    rows = np.maximum(rows @ network.coefs_[2] + network.intercepts_[2], 0)
    logits = rows @ network.coefs_[3] + network.intercepts_[3]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = network.predict_proba(classifier.discriminants(spliced))
    np.testing.assert_allclose(shares, expected, atol=1e-4)


@pytest.mark.parametrize("append", [False, True])
@pytest.mark.parametrize("outputs", OUTPUTS)
def test_every_kind_of_feature_is_decorrelated_and_alone_or_behind_the_frames(
    source, examples, outputs, append
):
    frames, transcripts, lexicon = examples
    model = LearnedFeatureGmmHmm(source, outputs, append, dims=5).fit(frames, transcripts, lexicon)
    features = np.concatenate(model._project(frames))
    assert features.shape[1] == 5 + append * frames[0].shape[1] and features.dtype == np.float32
    covariance = np.cov(features[:, -5:].T)
    np.testing.assert_allclose(covariance, np.diag(np.diag(covariance)), atol=1e-3 * covariance.max())
    if append:
        np.testing.assert_array_equal(features[:, :-5], np.concatenate(frames))
    assert model.log_likelihoods(frames[0]).shape == (len(frames[0]), len(model.stay_))


def test_log_posteriors_are_those_of_the_sources_phones(source, examples):
    model = LearnedFeatureGmmHmm(source, "posteriors").fit(*examples)
    (log_posteriors,) = model._learned(examples[0][:1])
    assert log_posteriors.shape[1] == len(model.phones_) and "sil" in model.phones_
    np.testing.assert_allclose(np.exp(log_posteriors).sum(axis=1), 1, rtol=1e-6)


def test_a_phone_that_the_source_lacks_has_states_of_its_own(source, examples):
    frames, transcripts, lexicon = examples
    texts = [["thaw"] if words == ["three"] else words for words in transcripts]
    model = LearnedFeatureGmmHmm(source).fit(frames, texts, {**lexicon, "thaw": [("TH", "AW")]})
    assert set(model.states_["AW"]).isdisjoint(range(len(read_hybrid(source).stay_)))
    (states,) = model.align(frames[:1], [model.alignment_graph(texts[0])])
    assert len(states) == len(frames[0])


def test_a_recogniser_of_learned_features_recognises_and_is_saved(source, tmp_path):
    clips, texts = labelled(12)
    acoustic = LearnedFeatureGmmHmm(source, "posteriors", append=True)
    recogniser = mfcc_gmm_hmm().set_params(words__acoustic=acoustic).fit(clips, texts)
    assert recogniser.predict(clips) == texts
    save(recogniser, tmp_path)
    assert load(tmp_path).predict(clips) == texts


def test_what_is_no_such_source_is_refused_with_the_way_out(examples, tmp_path):
    with pytest.raises(ValueError, match="LearnedFeatureGmmHmm expected a source to start from, got none"):
        LearnedFeatureGmmHmm().fit(*examples)
    without = mfcc_mlp_hmm().set_params(words__acoustic__share=0.25)
    save(without.fit(*labelled(12)), tmp_path)
    with pytest.raises(ValueError, match=r"has a bottleneck, got HybridHmm in .*; train mfcc-phone-mlp-hmm"):
        LearnedFeatureGmmHmm(str(tmp_path / FILE)).fit(*examples)
