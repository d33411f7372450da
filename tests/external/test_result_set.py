"""Tables of results -> trials, and what is said of their limits."""

import re
from dataclasses import replace

import pytest

from components.external.asked import Asked
from components.external.result_set import read_results
from components.external.sources import read_source
from components.report.findings import findings
from components.study.results import StudyRecord
from tests.external.tables import FAMILIES, by_speaker, understood


def sentence(results):
    """Results -> the answer of their study."""
    record = StudyRecord(
        *("t", "run", results.facts, {}, "", "", {}, results.trials),
        check=results.check,
        subject="external",
        nouns=results.nouns,
    )
    return findings(record, 500).sentence


def one_number(*rows, header="system,hours,WER"):
    return "\n".join([header, *rows]) + "\n"


TWO = ("kaldi,10,30", "kaldi,100,20", "whisper,10,60", "whisper,100,10")


def looks(results):
    return [check.name for check in results.check.of("look")]


def test_errors_by_speaker_and_seed_are_a_study_with_an_interval(tmp_path):
    results = understood(tmp_path / "t.csv", by_speaker())
    assert len(results.trials) == 24 and looks(results) == []
    assert {(trial.draw, trial.init) for trial in results.trials} == {(0, 0), (1, 0), (2, 0)}
    assert results.nouns.labelled == "hours of labelled speech"
    assert re.fullmatch(
        r"On results, end-to-end \(whisper\) beats modular \(kaldi\) from about 70 hours of labelled speech "
        r"on \(95 % interval 5\d to 1[01]0\)\. Its interval takes each seed for another draw of the training "
        r"data\.",
        sentence(results),
    )


def test_the_order_of_rows_and_columns_changes_nothing(tmp_path):
    lines = by_speaker().splitlines()
    turned = [",".join(reversed(line.split(","))) for line in [lines[0], *reversed(lines[1:])]]
    first = understood(tmp_path / "a.csv", by_speaker())
    second = understood(tmp_path / "b.csv", "\n".join(turned))
    assert {(t.recogniser, t.size, t.draw, t.metrics["wer"]) for t in first.trials} == {
        (t.recogniser, t.size, t.draw, t.metrics["wer"]) for t in second.trials
    }
    assert sentence(first) == sentence(second)


def test_one_seed_has_no_interval_and_the_answer_says_so(tmp_path):
    results = understood(tmp_path / "t.csv", by_speaker(seeds=1))
    assert looks(results) == ["one-draw"]
    assert "interval" not in sentence(results)
    assert "Trained on one draw only: too few to say how sure that is" in sentence(results)


def test_a_system_trained_once_beside_others_takes_the_interval_away(tmp_path):
    lines = [line for line in by_speaker().splitlines() if not re.match("kaldi,640,[12],", line)]
    results = understood(tmp_path / "t.csv", "\n".join(lines))
    assert looks(results) == ["trained-once"]
    assert results.check.of("look")[0].examples == ("kaldi at 640",)
    assert "Trained on one draw only" in sentence(results) and "interval" not in sentence(results)


def test_rates_alone_have_no_interval_at_all(tmp_path):
    results = understood(tmp_path / "t.csv", one_number(*TWO))
    assert looks(results) == ["one-draw", "no-groups"]
    assert results.check.facts["total"] == "not given: errors are counted per 10,000"
    record = StudyRecord("t", "", results.facts, {}, "", "", {}, results.trials, nouns=results.nouns)
    found = findings(record, 200)
    for name in ("kaldi", "whisper"):
        assert all(found.curves.curves[name].low != found.curves.curves[name].low)  # nan
    assert found.luck == ""
    assert found.curves.curves["kaldi"].rate == pytest.approx([0.3, 0.2])


def test_seeds_without_groups_have_an_interval_of_the_draws_alone(tmp_path):
    rows = [
        f"{row.rsplit(',', 1)[0]},{seed},{float(row.rsplit(',')[-1]) + seed}"
        for row in TWO
        for seed in range(3)
    ]
    results = understood(tmp_path / "t.csv", one_number(*rows, header="system,hours,seed,WER"))
    assert looks(results) == ["no-groups"]
    assert sentence(results).endswith("The interval leaves out which clips were tested.")
    assert "95 % interval" in sentence(results)


def test_unequal_tests_are_compared_by_their_rates_and_said(tmp_path):
    text = one_number(
        *("kaldi,10,300,1000", "kaldi,100,200,1000", "whisper,10,660,1100", "whisper,100,110,1100"),
        header="system,hours,errors,words",
    )
    results = understood(tmp_path / "t.csv", text)
    assert looks(results) == ["one-draw", "unequal-tests"]
    assert [trial.metrics["wer"] for trial in results.trials] == pytest.approx([0.3, 0.2, 0.6, 0.1])
    assert "Not all were tested on the same, so only their rates are compared." in sentence(results)


def test_a_speaker_missing_from_one_trial_leaves_rates_alone(tmp_path):
    lines = [
        line
        for line in by_speaker().splitlines()
        if line.startswith(("model", "kaldi")) or "spk7" not in line
    ]
    results = understood(tmp_path / "t.csv", "\n".join(lines))
    assert looks(results) == ["unequal-tests"]
    assert all(len(trial.scores) == 1 for trial in results.trials)


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_every_kind_of_table_says_the_same(tmp_path, ending):
    import pandas as pd

    (tmp_path / "t.csv").write_text(by_speaker())
    table, path = pd.read_csv(tmp_path / "t.csv"), tmp_path / f"t.{ending}"
    write = {
        "csv": lambda: table.to_csv(path, index=False, sep=";"),
        "tsv": lambda: table.to_csv(path, index=False, sep="\t"),
        "jsonl": lambda: table.to_json(path, orient="records", lines=True),
        "parquet": lambda: table.to_parquet(path),
    }
    write[ending]()
    results = read_results(read_source(str(path)), FAMILIES)
    assert results.facts == understood(tmp_path / "u.csv", by_speaker()).facts


def test_another_subject_speaks_in_its_own_words(tmp_path):
    text = one_number(
        "rules,50,12,400", "net,50,30,400", "rules,500,10,400", "net,500,4,400", header="model,n,errors,total"
    )
    asked = Asked(["rules"], ["net"], unit="pages", error="pages misfiled", name="archive")
    results = understood(tmp_path / "t.csv", text, asked)
    assert sentence(results).startswith(
        "On archive, end-to-end (net) beats modular (rules) from about 160 labelled pages on."
    )
    assert (results.nouns.wrong, results.nouns.metric) == ("pages misfiled", "error_rate")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (one_number(*TWO, "kaldi,10,31"), "line 6: expected a result that is not there yet, got the same"),
        (one_number(*TWO, header="system,amount,WER"), "the size (n_train, hours, minutes ...), got system"),
        (one_number(*TWO, header="system,hours,loss"), "errors (errors and total, or wer, or reference"),
        (one_number(*TWO, header="system,hours,errors"), "the total of the errors (total, words ...)"),
        ("system,hours,wer,cer\nkaldi,1,2,3\n", "one column for the rate, got wer, cer; choose one, such as"),
        ("system,hours,n_train,wer\nkaldi,1,2,3\n", "one column for the size, got n_train, hours"),
        ("system,hours,wer,errors,words\nkaldi,1,5.5,60,1000\n", "line 2: expected a rate of 60 / 1000 ="),
        (
            "system,hours,speaker,wer\nkaldi,1,a,5\nkaldi,1,b,6\n",
            "expected totals beside the rates of several",
        ),
        ("system,hours,errors,words\nkaldi,1,5,0\n", "line 2: expected a total above 0, got 0"),
        ("system,hours,wer\n", "t.csv expected rows of results, got none"),
        ("system,hours,wer,WER\nkaldi,1,2,3\n", "expected every column once, got 'wer' twice"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_the_way_out(tmp_path, text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        understood(tmp_path / "t.csv", text, Asked(["kaldi"], ["whisper"] if "whisper" in text else []))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            Asked(),
            "got none for kaldi, whisper; add a column family with modular or end-to-end, or --modular",
        ),
        (replace(FAMILIES, modular=["kaldy"]), "unknown system of --modular 'kaldy'; did you mean 'kaldi'?"),
        (replace(FAMILIES, modular=["kaldi", "whisper"]), "whisper expected one family, got both"),
        (replace(FAMILIES, columns={"rat": "WER"}), "unknown field of --column 'rat'; did you mean 'rate'?"),
        (replace(FAMILIES, columns={"rate": "WR"}), "unknown column 'WR'; did you mean 'WER'?"),
    ],
)
def test_what_is_said_of_results_must_fit_them(tmp_path, asked, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        understood(tmp_path / "t.csv", one_number(*TWO), asked)


def test_several_tests_in_one_table_are_told_apart_by_the_user(tmp_path):
    rows = [f"{row},{test}" for test in ("clean", "other") for row in TWO]
    text = one_number(*rows, header="system,hours,WER,test")
    said = "results expected one test, got clean, other in column 'test'; choose one, such"
    with pytest.raises(ValueError, match=re.escape(said)):
        understood(tmp_path / "t.csv", text)
    results = understood(tmp_path / "t.csv", text, replace(FAMILIES, only={"test": "other"}))
    assert len(results.trials) == 4
    with pytest.raises(ValueError, match="unknown value of test 'othr'; did you mean 'other'"):
        understood(tmp_path / "t.csv", text, replace(FAMILIES, only={"test": "othr"}))


@pytest.mark.parametrize("column", ["id", "path"])
def test_an_id_or_a_file_of_a_trial_names_no_part_of_a_test(tmp_path, column):
    rows = [f"{row},run-{place}" for place, row in enumerate(TWO)]
    results = understood(tmp_path / "t.csv", one_number(*rows, header=f"system,hours,WER,{column}"))
    assert looks(results) == ["one-draw", "no-groups"]
    lines = [f"{line},{place}.log" for place, line in enumerate(by_speaker().splitlines())]
    assert looks(understood(tmp_path / "t.csv", "\n".join(lines).replace("0.log", "path", 1))) == []


def test_seeds_of_one_draw_give_no_interval(tmp_path):
    rows = [f"{row},0,{seed}" for row in TWO for seed in range(3)]
    results = understood(tmp_path / "t.csv", one_number(*rows, header="system,hours,WER,draw,seed"))
    assert looks(results) == ["one-draw", "no-groups"]
    assert {(trial.draw, trial.init) for trial in results.trials} == {(0, 0), (0, 1), (0, 2)}
    assert "95 % interval" not in sentence(results)


def test_families_are_read_from_their_column(tmp_path):
    text = one_number("a,Hybrid,10,30", "b,E2E,10,20", header="system,family,hours,WER")
    assert [trial.family for trial in understood(tmp_path / "t.csv", text, Asked()).trials] == [
        "modular",
        "end-to-end",
    ]
    with pytest.raises(ValueError, match="line 2: expected modular or end-to-end as family, got 'big'"):
        understood(tmp_path / "t.csv", one_number("a,big,10,30", header="system,family,hours,WER"), Asked())


def test_substitutions_insertions_and_deletions_are_added(tmp_path):
    text = one_number("kaldi,10,5,3,2,100", "whisper,10,1,1,1,100", header="system,hours,sub,ins,del,words")
    assert [trial.metrics["wer"] for trial in understood(tmp_path / "t.csv", text).trials] == [0.1, 0.03]


def test_a_system_used_as_it_comes_has_size_0_and_takes_no_interval_away(tmp_path):
    rows = [line for line in by_speaker().splitlines() if line.startswith("whisper,10,0,")]
    rows = [row.replace("whisper,10,", "whisper,0,") for row in rows]
    results = understood(tmp_path / "t.csv", "\n".join([by_speaker().rstrip(), *rows]))
    assert looks(results) == [] and 0 in {trial.size for trial in results.trials}
    said, without = sentence(results), sentence(understood(tmp_path / "u.csv", by_speaker()))
    alone = re.fullmatch(r"(.*) With no hour of labelled speech: \d+\.\d % words wrong by whisper .*", said)
    assert alone and alone[1] == without
