"""A source alone: it answers as it did, or with what it is told may be said; it learns from no label."""

import pytest

from components.laws.examples import labelled
from components.neural import CtcRecogniser, SourceNetwork
from components.speech.modular.recipes import mfcc_phone_gmm_hmm
from components.speech.source_alone import SourcePhones
from components.study.saving import FILE, load, save

GRAMMAR = "#JSGF V1.0;\ngrammar a;\npublic <a> = two | three;"
SETTINGS = {"lm_text": {"lm_text": "two\nthree"}, "grammar": {"grammar": GRAMMAR}}


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Class -> file of a source for it, which knows the words one, two and three."""
    trained = {SourcePhones: mfcc_phone_gmm_hmm(), SourceNetwork: CtcRecogniser(steps=60, channels=48)}
    files = {}
    for kind, recogniser in trained.items():
        folder = tmp_path_factory.mktemp(kind.__name__)
        save(recogniser.fit(*labelled(48)), folder)
        files[kind] = folder / FILE
    return files


@pytest.fixture(params=[SourcePhones, SourceNetwork], ids=lambda kind: kind.__name__)
def kind(request):
    return request.param


def test_it_answers_as_the_source_does_whatever_labels_it_is_given(sources, kind):
    clips, _ = labelled(12)
    expected = load(sources[kind].parent).predict(clips)
    alone = kind(str(sources[kind]))
    assert alone.fit([], []).predict(clips) == expected
    assert alone.fit(clips, ["nine"] * len(clips)).predict(clips) == expected


@pytest.mark.parametrize("what", SETTINGS)
def test_it_says_what_it_is_told_may_be_said_and_nothing_else(sources, kind, what):
    clips, texts = labelled(24)
    said = kind(str(sources[kind]), **SETTINGS[what]).fit().predict(clips)
    assert set(said) == {"two", "three"}
    right = [said == text for said, text in zip(said, texts, strict=True) if text != "one"]
    assert sum(right) >= 0.8 * len(right)


def test_sentences_are_told_as_well_as_words_and_the_rarest_words_are_left_out(sources, kind):
    clips, _ = labelled(6)
    alone = kind(str(sources[kind]), lm_text="one two\none two\nthree one", lm_vocabulary=2).fit()
    words = {word for text in alone.predict(clips) for word in text.split()}
    assert words <= {"one", "two"}


def test_phones_say_words_that_the_source_never_said(sources):
    clips, _ = labelled(6)
    alone = SourcePhones(str(sources[SourcePhones]), lm_text="won\nthaw").fit()
    assert set(alone.predict(clips)) <= {"won", "thaw"}


def test_a_network_refuses_words_with_letters_that_the_source_never_had(sources):
    with pytest.raises(ValueError) as error:
        SourceNetwork(str(sources[SourceNetwork]), lm_text="one\nsix\nfive").check_settings()
    assert str(error.value) == (
        "SourceNetwork expected a source whose texts have all characters of what may be said, got none with "
        "those of five, six; take another source, or leave 0 out."
    )


def test_classes_of_words_say_too_little(sources, kind):
    with pytest.raises(ValueError, match="expected a grammar that says all that may be said, got classes"):
        kind(str(sources[kind]), grammar="#JSGF V1.0;\ngrammar a;\n<digit> = two | three;").check_settings()


def test_saved_and_loaded_it_answers_the_same(sources, kind, tmp_path):
    clips, _ = labelled(6)
    alone = kind(str(sources[kind]), lm_text="two\nthree").fit()
    save(alone, tmp_path)
    assert load(tmp_path).predict(clips) == alone.predict(clips)
