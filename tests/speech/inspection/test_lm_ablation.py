"""LM ablation: hypotheses with and without lexicon and language model, counted, and in the report."""

from __future__ import annotations

import math

import pytest

from components.recognisers import build
from components.report import Page, write_page, write_report
from components.report.findings import findings
from components.report.speech_sections import SPEECH_SECTIONS, language_files
from components.speech.decoding.fst import read_fst
from components.speech.decoding.grammars import lm_without_grammar
from components.speech.decoding.word_loop import WordLoop
from components.speech.inspection.lm_ablation import ablation_metrics, ablation_table, predict_ablated
from tests.fsdd import digits, in_random_pairs
from tests.neural.quick import QUICK
from tests.report.fake_study import fake_study

TEXTS = ["one two", "one two two", "one"]


def test_in_a_word_loop_all_sequences_are_equally_likely():
    _, weights, finals = read_fst(WordLoop(["two", "one"]).fst({"one": 1, "two": 2}))
    assert weights.tolist() == pytest.approx([math.log(3)] * 2, rel=1e-4)  # two words and the end
    assert finals.ravel().tolist() == pytest.approx([0, math.log(3)], rel=1e-4)


def test_a_loop_of_single_words_allows_exactly_one():
    arcs, weights, finals = read_fst(
        WordLoop.from_lm(lm_without_grammar(["one", "one", "two"], None)).fst({"one": 1, "two": 2})
    )
    assert arcs[:, 1].tolist() == [1, 1] and weights.tolist() == pytest.approx([math.log(2)] * 2, rel=1e-4)
    assert finals.tolist() == [[1, 0]]
    assert not WordLoop.from_lm(lm_without_grammar(TEXTS, None)).single


@pytest.mark.parametrize("name", ["mfcc-gmm-hmm", "mel-ctc", "mfcc-svm"])
def test_every_recogniser_has_the_conditions_of_its_family(recordings, name):
    clips, texts = digits(recordings, [5, 6])
    quick = QUICK if name == "mel-ctc" else {}
    recogniser = build(name, quick, language="en-us").fit(clips, texts)
    hypotheses = predict_ablated(recogniser, clips, recogniser.predict(clips))
    families = {
        "mfcc-gmm-hmm": {"lexicon", "language_model"},
        "mel-ctc": {"letters", "lexicon", "language_model"},
        "mfcc-svm": set(),
    }
    assert set(hypotheses) == families[name]
    if hypotheses:
        assert hypotheses["language_model"] == recogniser.predict(clips) or name == "mel-ctc"
        assert set(hypotheses["lexicon"]) <= set(texts)


def test_on_its_training_texts_a_language_model_only_helps(recordings):
    pairs, texts = in_random_pairs(*digits(recordings, [5, 6], ("george", "lucas"), range(6)))
    recogniser = build("mfcc-gmm-hmm", {}, language="en-us").fit(pairs, texts)
    hypotheses = predict_ablated(recogniser, pairs, recogniser.predict(pairs))
    assert hypotheses["language_model"] == recogniser.predict(pairs)
    assert (
        ablation_metrics(texts, hypotheses)["errors_lexicon"]
        >= ablation_metrics(texts, hypotheses)["errors_language_model"]
    )


def test_counts_are_added_over_trials_before_they_are_divided():
    record = fake_study(utterances=36)
    for trial in record.finished:
        if trial.recogniser == "mel-ctc":
            trial.metrics.update(
                {
                    "errors_letters": 3.0 + trial.draw,
                    "errors_lexicon": 2.0,
                    "errors_language_model": 1.0,
                }
            )
    table = ablation_table(record)
    assert list(table.columns) == ["recogniser", "size", "letters", "lexicon", "language_model"]
    own = [
        trial
        for trial in record.finished
        if (trial.recogniser, trial.size) == ("mel-ctc", table["size"].iloc[0])
    ]
    words = sum(trial.metrics["total"] for trial in own)
    assert table["letters"].iloc[0] == pytest.approx(sum(3.0 + trial.draw for trial in own) / words)
    assert not len(ablation_table(fake_study(utterances=36)))


def test_the_report_shows_the_ablation_where_it_was_measured(tmp_path):
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


def test_the_files_that_help_are_named():
    settings = {"lexicon": "", "lm_text": "#FILE ward.txt\ncall the doctor\n", "lm": "", "grammar": ""}
    assert language_files(settings) == "Given besides the training texts: sentences of ward.txt."
    assert language_files({}) == ""
