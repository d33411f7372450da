"""Texts and pronunciations of a source: taken where asked for, counted, and never those of the test."""

from types import SimpleNamespace

import pytest

from components.laws.examples import labelled
from components.recognisers import build
from components.speech.check.source import source_texts
from components.speech.dataset import open_corpus, speech_dataset
from components.speech.lexicon_file import look_up
from components.speech.nouns import SPEECH_NOUNS
from components.speech.study import SpeechStudy
from components.study.kept_file import keep_file
from components.study.pretrained import pretrained_folder
from components.study.saving import save
from components.study.splits import make_folds
from components.subjects.source_language import check_source_language, taken_from_source
from components.subjects.speech import SPEECH
from tests.flows.test_source import manifest
from tests.fsdd import DIGITS, SPEAKERS
from tests.study.test_splits import dataset

NAME, BEFORE = "mfcc-map-gmm-hmm", "mfcc-phone-gmm-hmm"
LEXICON = "one UW AH N\ntwo T UW\nthree TH R IY\n"  # a pronunciation of one that CMUdict does not have


@pytest.fixture(scope="module")
def study(recordings, tmp_path_factory):
    """A study of two speakers' digits with four others' as its source, trained on before with LEXICON."""
    folder = tmp_path_factory.mktemp("source")
    patch = pytest.MonkeyPatch()
    patch.setenv("CROSSOVER_CACHE", str(folder / "cache"))
    tables = [manifest(folder, recordings, who, f"{who[0]}.csv") for who in (SPEAKERS[:1], SPEAKERS[1:2])]
    save(build(BEFORE, {"words__lexicon": LEXICON}).fit(*labelled(12)), pretrained_folder("run"))
    yield SpeechStudy(corpus=str(tables[0]), source=[str(tables[1])], pretrained=[f"{BEFORE}=run"], workers=1)
    patch.undo()


def built(study, name=NAME, **settings):
    study = study.model_copy(update=settings)
    return study, SPEECH.build(study, speech_dataset(open_corpus(study)), name)


def test_texts_and_pronunciations_are_taken_apart_and_counted(study):
    _, plain = built(study)
    assert plain[-1].lm_text == "" == plain[-1].lexicon
    with_texts, taught = built(study, source_text=True)
    assert set(taught[-1].lm_text.split("\n")) == set(DIGITS)
    assert taught[-1].lexicon == ""
    counted = taken_from_source(with_texts, taught)
    assert counted == {"source_sentences": len(taught[-1].lm_text.split("\n")), "source_vocabulary": 10}
    alike, pronounced = built(study, source_pronunciations=True)
    assert pronounced[-1].lm_text == ""
    clips, texts = labelled(12)
    assert taken_from_source(alike, pronounced.fit(clips, texts)) == {"source_pronunciations": 3}
    assert pronounced[-1].lexicon_["one"] == [("UW", "AH", "N")]


def test_of_several_sources_the_texts_of_all_are_taken(study, recordings, tmp_path):
    more = manifest(tmp_path, recordings, SPEAKERS[2:3], "more.csv")
    _, one = built(study, source_text=True)
    _, both = built(study, source_text=True, source=[*study.source, str(more)])
    assert len(both[-1].lm_text.split("\n")) == 2 * len(one[-1].lm_text.split("\n"))


def test_words_that_the_source_lacks_are_pronounced_as_without_it(study):
    _, pronounced = built(study, source_pronunciations=True)
    known = look_up(["one", "nine"], "en-us", pronounced[-1].lexicon)
    assert known == {"one": [("UW", "AH", "N")], "nine": look_up(["nine"], "en-us", "")["nine"]}


def test_what_does_not_start_from_the_source_takes_nothing_of_its_language(study):
    asked, recogniser = built(study, "mfcc-gmm-hmm", source_text=True, source_pronunciations=True)
    assert recogniser[-1].lm_text == "" == recogniser[-1].lexicon
    assert taken_from_source(asked, recogniser) == {}


def test_the_study_s_own_sentences_are_kept_beside_those_of_the_source(study, tmp_path):
    (tmp_path / "more.txt").write_text("ten\n")
    _, recogniser = built(study, source_text=True, lm_text=keep_file(str(tmp_path / "more.txt")))
    assert recogniser[-1].lm_text.split("\n")[0] == "ten" and "nine" in recogniser[-1].lm_text


def test_tested_sentences_that_only_the_source_has_stop_the_study():
    own = dataset(["turn left", "turn right", "stop"], [""] * 3, ["train", "test", "test"])
    folds = make_folds(own, SPEECH_NOUNS)
    source = SimpleNamespace(name="more", texts=["turn left", "go"])
    assert source_texts(source, own, folds) == []
    source.texts.append("turn right")
    (result,) = source_texts(source, own, folds)
    assert (result.name, result.verdict, result.examples) == ("source-texts", "stop", ("turn right",))
    assert "are texts of the source more and of no training" in result.message
    assert result.message.endswith("Take them out of the source, or leave --source-text out.")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"source_text": True}, "source_text expected a corpus to take it from, got none; add --source COR"),
        (
            {"source": ["a"], "source_text": True, "lm": "x"},
            "source_text expected no lm besides; leave one of them out.",
        ),
        (
            {"source": ["a"], "source_pronunciations": True, "lexicon": "x"},
            "source_pronunciations expected no lexicon besides; leave one of them out.",
        ),
    ],
)
def test_a_source_that_is_not_there_and_two_that_say_the_same_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        check_source_language(SpeechStudy().model_copy(update=settings))
