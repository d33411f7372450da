"""What a lexicon and a language model bring: heard with and without them, counted, and shown."""

from __future__ import annotations

import math

import pytest

from components.recognisers import build
from components.report import Page, write_page, write_report
from components.report.findings import findings
from components.report.speech_sections import SPEECH_SECTIONS
from components.speech.decoding.fst import read_fst
from components.speech.decoding.grammars import plain_model
from components.speech.decoding.word_loop import AnyWords, in_any_order
from components.speech.inspection.lm_ablation import knowledge_metrics, knowledge_table, predict_ablated
from tests.neural.test_recogniser import QUICK, digits
from tests.report.fake_study import fake_study

TEXTS = ["one two", "one two two", "one"]


def test_any_words_are_all_equally_likely_in_any_order():
    _, weights, finals = read_fst(AnyWords(["two", "one"]).fst({"one": 1, "two": 2}))
    assert weights.tolist() == pytest.approx([math.log(3)] * 2, rel=1e-4)  # two words and the end
    assert finals.ravel().tolist() == pytest.approx([0, math.log(3)], rel=1e-4)


def test_of_single_words_exactly_one_is_said():
    arcs, weights, finals = read_fst(
        in_any_order(plain_model(["one", "one", "two"], None)).fst({"one": 1, "two": 2})
    )
    assert arcs[:, 1].tolist() == [1, 1] and weights.tolist() == pytest.approx([math.log(2)] * 2, rel=1e-4)
    assert finals.tolist() == [[1, 0]]
    assert not in_any_order(plain_model(TEXTS, None)).single


@pytest.mark.parametrize("name", ["mfcc-gmm-hmm", "mel-ctc", "mfcc-svm"])
def test_every_recogniser_is_heard_with_as_little_help_as_it_can_do_with(recordings, name):
    clips, texts = digits(recordings, [5, 6])
    quick = QUICK if name == "mel-ctc" else {}
    recogniser = build(name, quick, language="en-us").fit(clips, texts)
    heard = predict_ablated(recogniser, clips, recogniser.predict(clips))
    families = {
        "mfcc-gmm-hmm": {"lexicon", "language_model"},
        "mel-ctc": {"letters", "lexicon", "language_model"},
        "mfcc-svm": set(),
    }
    assert set(heard) == families[name]
    if heard:
        assert heard["language_model"] == recogniser.predict(clips) or name == "mel-ctc"
        assert set(heard["lexicon"]) <= set(texts)


def test_on_the_texts_it_was_taught_a_language_model_only_helps(recordings):
    from tests.speech.inspection.test_inspect import in_pairs, spoken

    pairs, texts = in_pairs(*spoken(recordings, range(5, 7)))
    recogniser = build("mfcc-gmm-hmm", {}, language="en-us").fit(pairs, texts)
    knowing = predict_ablated(recogniser, pairs, recogniser.predict(pairs))
    assert knowing["language_model"] == recogniser.predict(pairs)
    assert (
        knowledge_metrics(texts, knowing)["errors_lexicon"]
        >= knowledge_metrics(texts, knowing)["errors_language_model"]
    )


def test_counts_are_added_over_trials_before_they_are_divided():
    record = fake_study()
    for trial in record.finished:
        if trial.recogniser == "mel-ctc":
            trial.metrics.update(
                {
                    "errors_letters": 3.0 + trial.draw,
                    "errors_lexicon": 2.0,
                    "errors_language_model": 1.0,
                }
            )
    table = knowledge_table(record)
    assert list(table.columns) == ["recogniser", "size", "letters", "lexicon", "language_model"]
    own = [
        trial
        for trial in record.finished
        if (trial.recogniser, trial.size) == ("mel-ctc", table["size"].iloc[0])
    ]
    words = sum(trial.metrics["total"] for trial in own)
    assert table["letters"].iloc[0] == pytest.approx(sum(3.0 + trial.draw for trial in own) / words)
    assert not len(knowledge_table(fake_study()))


def test_the_report_shows_the_help_of_language_where_it_was_measured(tmp_path):
    record = fake_study(sizes=(30, 180), draws=1, utterances=36)
    without = write_page(Page(findings(record, 200), SPEECH_SECTIONS), tmp_path / "without")
    assert 'id="knowledge"' not in without.read_text(encoding="utf-8")
    for trial in record.finished:
        trial.metrics["errors_lexicon"] = 0.25 * trial.metrics["total"]
    files = write_report(record, tmp_path / "with", sections=SPEECH_SECTIONS)
    page = files.page.read_text(encoding="utf-8")
    section = page[page.index('<h2 id="knowledge"') :].partition("</section>")[0]
    assert section.count("25.0") == 2 * len(record.recognisers) and "letters</td>" not in section
    assert (tmp_path / "with" / "knowledge.csv") in files.tables
