"""The whole look at a corpus."""

import pytest

from components.speech.check import check_corpus
from components.speech.corpus import read_corpus
from components.speech.dataset import speech_dataset
from components.speech.study import SpeechStudy


@pytest.fixture
def corpus(recordings, tmp_path):
    return read_corpus("fsdd", data=recordings, cache=tmp_path)


def test_facts_and_results_of_a_corpus_that_is_fine(corpus):
    check = check_corpus(SpeechStudy(corpus="fsdd"), speech_dataset(corpus))
    assert check.facts["speakers"] == "6 speakers" and check.facts["rate"] == "8,000 Hz"
    assert check.facts["split"] == (
        "the corpus's own: 120 utterances by 6 speakers train, 60 utterances by 6 speakers test"
    )
    assert check.facts["texts"] == "180 words said, 10 different; 10 different texts"
    assert check.facts["pronunciations"] == "CMUdict"
    assert [(result.name, result.verdict) for result in check.results] == [("speakers-on-both-sides", "look")]


def test_the_same_look_again_is_read_from_the_folder(corpus):
    dataset = speech_dataset(corpus)
    first = check_corpus(SpeechStudy(corpus="fsdd"), dataset)
    assert len(list((corpus.folder / "checks").glob("*.json"))) == 1
    assert check_corpus(SpeechStudy(corpus="fsdd"), dataset).as_dict() == first.as_dict()


def test_a_split_that_cannot_be_made_is_one_result_among_others(corpus):
    dataset = speech_dataset(corpus)
    study = SpeechStudy(corpus="fsdd", split="speakers")
    assert "by speaker: " in check_corpus(study, dataset).facts["split"]
