"""A recogniser of another toolkit: trained and asked by real programs."""

import math
import re
import shutil
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np
import psutil
import pytest
from sklearn.base import clone

from components.contract import KeepsOutput
from components.laws import recogniser_laws
from components.laws.examples import labelled
from components.speech.corpus.readers import read_manifest
from components.speech.decoding.arpa_model import ArpaModel
from components.speech.decoding.jsgf import read_rules
from components.speech.decoding.rule_grammar import RuleGrammar
from components.study.fingerprint import code_version, settings
from components.study.saving import load, save
from components.toolkits.hypotheses import read_hypotheses
from components.toolkits.manifests import FORMS, ids_of, write_manifest
from components.toolkits.recogniser import ToolkitRecogniser
from tests.commands import happens

FOLDER = Path(__file__).parent
CLIPS, TEXTS = labelled()


@pytest.fixture
def changed(tmp_path):
    """Lines of TOML -> the recogniser of crossings.toml with these in place of its own, in a folder."""

    def make(**values: str) -> ToolkitRecogniser:
        shutil.copy(FOLDER / "crossings.py", tmp_path)
        lines = (FOLDER / "crossings.toml").read_text().splitlines()
        kept = [line for line in lines if line.partition(" ")[0] not in values]
        path = tmp_path / "crossings.toml"
        path.write_text("\n".join([*kept, *(f"{key} = {value}" for key, value in values.items())]))
        return ToolkitRecogniser(str(path))

    return make


@pytest.fixture(scope="module")
def trained():
    return ToolkitRecogniser(str(FOLDER / "crossings.toml")).fit(CLIPS, TEXTS)


def test_it_learns_the_tones_and_keeps_what_was_printed(trained):
    assert trained.predict(CLIPS) == TEXTS
    assert isinstance(trained, KeepsOutput) and trained.output_ == f"learned from {len(CLIPS)} clips\n"
    assert trained.predict([]) == []


def test_an_answer_depends_on_no_other_clip_and_changes_nothing(trained):
    assert trained.predict(CLIPS[4:5]) == TEXTS[4:5]
    assert trained.predict([CLIPS[0], CLIPS[0]]) == TEXTS[:1] * 2  # two of one id would be one
    recogniser_laws.changes_nothing_by_answering(trained, CLIPS[:2])


def test_a_second_fit_forgets_the_first(trained):
    again = clone(trained).fit(CLIPS[:3], TEXTS[:3]).fit(CLIPS, [f"{text} {text}" for text in TEXTS])
    assert again.predict(CLIPS[:3]) == [f"{text} {text}" for text in TEXTS[:3]]


def test_saved_and_loaded_it_answers_the_same_where_its_model_is_kept(trained, tmp_path, changed):
    save(trained, tmp_path / "kept")
    assert load(tmp_path / "kept").predict(CLIPS) == TEXTS
    save(changed(keep="false").fit(CLIPS[:3], TEXTS[:3]), tmp_path / "not")
    with pytest.raises(ValueError, match=r"model of crossings expected to be kept .* set keep = true in"):
        load(tmp_path / "not").predict(CLIPS)


@pytest.mark.parametrize("form", FORMS)
def test_manifests_are_read_as_they_were_written(form, tmp_path):
    path = write_manifest(form, tmp_path / form, CLIPS, TEXTS)
    entries = read_manifest(path).entries
    written = {(entry.text, entry.speaker) for entry in entries}
    assert len(entries) == len(CLIPS)
    expected = {(text, clip.speaker) for text, clip in zip(TEXTS, CLIPS, strict=True)}
    assert written == (expected if form != "nemo" else {(text, "") for text in TEXTS})
    assert not [text for text in TEXTS if text in "".join(ids_of(CLIPS))]


@pytest.mark.parametrize("form", FORMS)
def test_no_text_is_told_of_what_is_to_be_transcribed(form, tmp_path):
    path = write_manifest(form, tmp_path / form, CLIPS[:3], None)
    files = [file for file in path.parent.rglob("*") if file.is_file()]
    told = b"".join(bytes(file.relative_to(tmp_path)) + file.read_bytes() for file in files).lower()
    assert len(files) > 3 and not [text for text in TEXTS if text.encode() in told]


WRITTEN = {
    "hyp.csv": "id,hypothesis\n{},TWO.\n{},\n",
    "hyp.jsonl": '{{"audio_filepath": "/x/{}.wav", "text": "", "pred_text": "TWO."}}\n'
    '{{"audio_filepath": "/x/{}.wav", "text": "", "pred_text": ""}}\n',
    "hyp.trn": "TWO. ({})\n({})\n",
    "text": "{} TWO.\n{}\n",
}


@pytest.mark.parametrize(("name", "text"), WRITTEN.items(), ids=WRITTEN)
def test_hypotheses_are_read_in_every_form(name, text, tmp_path):
    ids = ids_of(CLIPS[:2])
    (tmp_path / name).write_text(text.format(*ids))
    assert read_hypotheses("mine", tmp_path / name, ids, CLIPS[:2]) == ["TWO.", ""]


def test_a_clip_with_two_hypotheses_is_named(tmp_path):
    (tmp_path / "hyp.csv").write_text("id,hypothesis\na,one\na,two\n")
    with pytest.raises(ValueError, match=r"^mine expected every id once in hyp\.csv, got a again; take one"):
        read_hypotheses("mine", tmp_path / "hyp.csv", ["a"], CLIPS[:1])


def test_missing_and_surplus_ids_are_named(changed):
    command = "'tail -n +2 {test}/utt2spk > {hypotheses}; echo x y >> {hypotheses}'"
    one = changed(shell="true", transcribe=command, train="''").fit(CLIPS, TEXTS)
    first = min(zip(ids_of(CLIPS), CLIPS, strict=True), key=lambda pair: pair[0])
    with pytest.raises(ValueError) as error:
        one.predict(CLIPS)
    assert str(error.value) == (
        f"crossings expected one hypothesis for each of 24 clips, got none for {first[0]} ({first[1].name}) "
        "and ids of no clip: x; let transcribe write a line for every id of {test}, and no other."
    )


def test_a_program_that_fails_says_what_it_printed(changed):
    one = changed(train="'{python} crossings.py train {model} {model}'")
    with pytest.raises(ValueError) as error:
        one.fit(CLIPS, TEXTS)
    *printed, sentence = str(error.value).splitlines()
    assert "FileNotFoundError" in printed[-1]
    assert sentence == "train of crossings expected to end with status 0, got status 1; see its output."


def test_a_time_limit_ends_all_that_the_program_started(changed, tmp_path):
    one = changed(shell="true", train=f"'sleep 600 & echo $! > {tmp_path}/pid; wait'", timeout_minutes="0.02")
    began = monotonic()
    with pytest.raises(ValueError, match=r"within 0\.02 minutes, got no end; raise its timeout_minutes"):
        one.fit(CLIPS[:1], TEXTS[:1])
    pid = int((tmp_path / "pid").read_text())
    assert monotonic() - began < 60
    gone = lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE  # noqa: E731
    assert happens(gone, 10)


def test_what_the_study_has_is_told(changed):
    one = changed(
        shell="true",
        train="'cat {text} {lm_text} {lexicon} {dictionary}; "
        "echo {size} {seed} {device} {language} {rate} $MINE'",
        environment="{MINE = '5'}",
    )
    one.set_params(seed=7, lm_text="four score", lexicon="one X Y\none X X\ntwo Z\nfour Z Z\nscore Y\n")
    said = one.fit(CLIPS[:2], TEXTS[:2]).output_.splitlines()
    lexicon = ["four Z Z", "one X Y", "one X X", "score Y", "two Z"]
    assert said == [
        *("one", "two", "four score"),
        "four score",
        *lexicon,
        *lexicon[:2],
        "one(2) X X",
        *lexicon[3:],
        "2 7 cpu en 8000 5",
    ]


def grammar_of(recogniser, texts):
    """What a recipe is told of what may be said -> its words, and the likeliest sentences."""
    said = RuleGrammar(recogniser.fit(CLIPS[: len(texts)], texts).output_).fit()
    return said.words_, sorted(np.exp(-said.weights_[said.weights_ > 0]))


def test_a_grammar_is_that_of_the_texts_or_the_studys_own(changed):
    one = changed(shell="true", train="'cat {grammar}'")
    words, likely = grammar_of(one.set_params(lm_text="two\nthree"), ["one", "two", "go on", "two"])
    assert sorted(words) == ["go", "on", "one", "three", "two"]
    assert likely == pytest.approx([1 / 6, 1 / 6, 1 / 6, 3 / 6], rel=1e-4)
    own = '#JSGF V1.0; public <a> = /3/ Stop [<b>] | /1/ <b>+ ; <b> = now | "away" {tag};'
    one.set_params(grammar=own, lm_text="")
    said = one.fit(CLIPS[:1], ["one"]).output_
    without_lines = lambda rules: re.sub(r"line=\d+", "", str(rules))  # noqa: E731
    assert without_lines(read_rules(said)) == without_lines(read_rules(own))
    assert one.set_params(grammar="").get_params()["grammar"] == ""
    assert "grammar" not in changed(train="'{python} crossings.py train {train} {model}'").get_params()


def test_words_of_a_grammar_are_in_the_lexicon_and_word_classes_are_refused(changed):
    one = changed(shell="true", train="'cat {lexicon} # {grammar}'").set_params(language="en-us")
    own = "#JSGF V1.0; public <a> = stop now;"
    said = one.set_params(grammar=own).fit(CLIPS[:1], ["one"]).output_.splitlines()
    assert {line.split()[0] for line in said} == {"now", "one", "stop"}
    one.set_params(grammar="#JSGF V1.0; <names> = ann | bob;")
    with pytest.raises(
        ValueError, match=r"^crossings asks for \{grammar\} and expected a grammar with a public rule"
    ):
        one.check_settings()


def test_its_files_name_its_results(changed, tmp_path):
    one = changed()
    before, elsewhere = (settings(one), code_version(one)), ToolkitRecogniser(str(FOLDER / "crossings.toml"))
    assert code_version(elsewhere) != before[1]  # its TOML is written otherwise
    script = tmp_path / "crossings.py"
    script.write_text(script.read_text() + "# another day\n")
    assert (settings(one), code_version(one)) != before


def test_loud_and_odd_clips_are_written_as_they_are(tmp_path):
    clips = [
        replace(CLIPS[0], name="a/ b", speaker="Ann Lee/2"),
        replace(CLIPS[1], speaker="", samples=np.ones(80, np.float32)),
    ]
    folder = write_manifest("kaldi", tmp_path / "odd", clips, ["x", "y"])
    speakers = dict(line.split() for line in (folder / "utt2spk").read_text().splitlines())
    assert sorted(speakers) == sorted(ids_of(clips)) and speakers[ids_of(clips)[0]] == "Ann_Lee_2"
    assert speakers[ids_of(clips)[1]] == ids_of(clips)[1]


ARPA = "\\data\\\nngram 1=4\n\\1-grams:\n-99 <s>\n-0.5 </s>\n-0.5 GO\n-1 STAY\n\\end\\\n"


def test_a_language_model_is_of_the_texts_or_the_studys_own(changed):
    one = changed(shell="true", train="'cat {lm}'")
    likely = lambda: ArpaModel(one.output_).fit(["one"]).log_prob  # noqa: E731
    one.fit(CLIPS[:3], ["go on", "go on", "one"])
    assert likely()("go on") > likely()("one") > likely()("on go")
    one.set_params(lm_text="stay put").fit(CLIPS[:3], ["go on", "go on", "one"])
    assert likely()("go on") > likely()("stay put") > -math.inf
    one.set_params(lm_text="", lm=ARPA, lm_vocabulary=1).fit(CLIPS[:1], ["one"])
    assert likely()("go") > -3 and likely()("stay") == -math.inf
    assert not {"lm", "lm_vocabulary"} & changed(train="''").get_params().keys()


def test_its_words_are_in_the_lexicon_and_what_is_none_is_refused(changed):
    one = changed(shell="true", train="'cat {lexicon} # {lm}'").set_params(language="en-us", lm=ARPA)
    said = one.fit(CLIPS[:1], ["one"]).output_.splitlines()
    assert {line.split()[0] for line in said} == {"go", "one", "stay"}
    with pytest.raises(ValueError, match=r"line 2 expected \\data\\, the beginning of an ARPA file"):
        one.set_params(lm="one\n").check_settings()
