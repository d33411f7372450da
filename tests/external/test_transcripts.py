"""Transcripts of trials: read from what toolkits write, scored against their references, by id."""

import gzip
import json
import re

import pytest

from components.external.asked import Asked
from components.external.result_set import read_results
from components.external.sources import read_source
from components.external.transcripts import read_transcripts

REFERENCES = {"ann-1": "turn the lights on", "ann-2": "stop", "bob-1": "call twenty people"}
SAID = {  # kaldi errs in one word of eight at 10 h, in none at 100; whisper in four, then in none
    ("kaldi", 10): {"ann-1": "turn the light on", "ann-2": "stop", "bob-1": "call twenty people"},
    ("kaldi", 100): REFERENCES,
    ("whisper", 10): {"ann-1": "", "ann-2": "stop", "bob-1": "call twenty people"},
    ("whisper", 100): {"ann-1": "Turn the lights on.", "ann-2": "Stop!", "bob-1": "Call 20 people."},
}
ERRORS = {("kaldi", 10): 1, ("kaldi", 100): 0, ("whisper", 10): 4, ("whisper", 100): 0}
ASKED = Asked(["kaldi"], ["whisper"], name="t")


def kaldi(texts):
    return "".join(f"{name} {text}\n" for name, text in texts.items())


def trn(texts):
    return "".join(f"{text} ({name})\n" for name, text in texts.items())


def recogs(texts):
    lines = [f"{n}:\tref={REFERENCES[n].split()}\n{n}:\thyp={t.split()}\n" for n, t in texts.items()]
    return "".join(lines)


def supervision(name, text, start=0.0, **custom):
    about = {"id": name, "recording_id": f"rec-{name}", "start": start, "duration": 2.0, "channel": 0}
    return about | {"text": text, "speaker": name[:3], "custom": custom, "test": "all"}


def supervisions(texts):
    rows = [supervision(name, REFERENCES[name], hyp=text) for name, text in texts.items()]
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def cuts(texts):
    """Each cut has its words in two supervisions, the later one first."""
    rows = []
    for name, text in texts.items():
        pairs = [(said.split()[:1], said.split()[1:]) for said in (REFERENCES[name], text)]
        first, second = ([" ".join(half) for half in halves] for halves in zip(*pairs, strict=True))
        inside = [
            supervision(name, second[0], 2.0, hyp=second[1]),
            supervision(name, first[0], hyp=first[1]),
        ]
        rows.append({"id": name, "start": 0, "duration": 4, "type": "MonoCut", "supervisions": inside})
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def nemo(texts):
    rows = [{"audio_filepath": f"{n}.wav", "text": REFERENCES[n], "pred_text": t} for n, t in texts.items()]
    return "".join(f"{json.dumps(row)}\n" for row in rows)


@pytest.fixture
def written(tmp_path):
    """Writes every trial's transcripts in one form -> a path with columns that finds them."""

    def write(form, file):
        for (system, hours), texts in SAID.items():
            path = tmp_path / "exp" / f"{system}_{hours}h" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            content = form(texts).encode()
            path.write_bytes(gzip.compress(content) if file.endswith(".gz") else content)
        (tmp_path / "text").write_text(kaldi(REFERENCES))
        (tmp_path / "ref.trn").write_text(trn(REFERENCES))
        return f"{tmp_path}/exp/{{system}}_{{hours}}h/{file}", str(tmp_path / "text")

    return write


def errors(results):
    return {(trial.recogniser, trial.size): trial.scores["errors"].sum() for trial in results.trials}


@pytest.mark.parametrize(("form", "file"), [(kaldi, "text"), (kaldi, "penalty_0.5/17.txt"), (trn, "hyp.trn")])
def test_transcripts_by_id_are_scored_against_a_file_of_references(written, form, file):
    path, reference = written(form, file)
    results = read_results(read_source(path), Asked(["kaldi"], ["whisper"], reference=reference))
    assert errors(results) == ERRORS
    assert all(trial.metrics["total"] == 8 for trial in results.trials)
    assert [check.name for check in results.check.of("look")] == ["one-draw", "no-groups"]


def test_nemo_manifests_have_their_references_beside_them(written):
    results = read_results(read_source(written(nemo, "out.json")[0]), ASKED)
    assert errors(results) == ERRORS
    assert list(results.trials[0].scores["id"]) == ["ann-1.wav", "ann-2.wav", "bob-1.wav"]


def test_icefalls_recogs_have_their_references_beside_them(written, tmp_path):
    path, _ = written(recogs, "recogs-test-other-greedy.txt")
    assert errors(read_results(read_source(path), ASKED)) == ERRORS
    plain = tmp_path / "recogs.txt"
    plain.write_text("a:\tref=go on\n\na:\thyp=go\n")
    assert [dict(row.values) for row in read_transcripts(plain)] == [
        {"id": "a", "reference": "go on", "hypothesis": "go"}
    ]


@pytest.mark.parametrize("form", [supervisions, cuts])
@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz"])
def test_lhotses_manifests_have_text_and_hypothesis(written, form, ending):
    results = read_results(read_source(written(form, f"test.{ending}")[0]), ASKED)
    assert errors(results) == ERRORS
    assert list(results.trials[0].scores["group"]) == ["ann", "ann", "bob"]


def test_lhotses_own_objects_are_read_and_may_be_the_references(written, tmp_path):
    from lhotse import CutSet, MonoCut, Recording, SupervisionSegment

    sound = Recording("rec", [], sampling_rate=16_000, num_samples=32_000, duration=2.0)

    def said(name, text):
        segment = SupervisionSegment(name, "rec", start=0.0, duration=2.0, text=text, speaker=name[:3])
        return MonoCut(name, start=0.0, duration=2.0, channel=0, supervisions=[segment], recording=sound)

    mixed = said("bob-1", "call").append(said("bob-1", "twenty people"))
    CutSet.from_cuts(
        [*(said(name, REFERENCES[name]) for name in ("ann-1", "ann-2")), mixed.with_id("bob-1")]
    ).to_file(tmp_path / "reference.jsonl.gz")
    path, _ = written(kaldi, "text")
    asked = Asked(["kaldi"], ["whisper"], reference=str(tmp_path / "reference.jsonl.gz"))
    results = read_results(read_source(path), asked)
    assert errors(results) == ERRORS
    assert list(results.trials[0].scores["group"]) == ["ann", "ann", "bob"]


@pytest.mark.parametrize("inside", ["", "score_wer/"])
def test_a_folder_of_espnet_has_hypotheses_and_references(written, inside):
    path, _ = written(trn, f"{inside}hyp.trn")
    written(lambda texts: trn(REFERENCES), f"{inside}ref.trn")
    results = read_results(read_source(path.removesuffix(f"/{inside}hyp.trn")), ASKED)
    assert errors(results) == ERRORS


def test_a_table_of_transcripts_is_scored_too(tmp_path):
    lines = ["system,n,utt_id,speaker,ref,hyp"]
    for (system, size), texts in SAID.items():
        lines += [
            f"{system},{size},{name},{name[:3]},{REFERENCES[name]},{text}" for name, text in texts.items()
        ]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    results = read_results(read_source(str(tmp_path / "t.csv")), ASKED)
    assert errors(results) == ERRORS
    assert list(results.trials[0].scores["group"]) == ["ann", "ann", "bob"]


def test_speakers_are_those_of_utt2spk_beside_the_references(written, tmp_path):
    path, reference = written(kaldi, "text")
    (tmp_path / "utt2spk").write_text("ann-1 ann\nann-2 ann\nbob-1 bob\n")
    results = read_results(read_source(path), Asked(["kaldi"], ["whisper"], reference=reference))
    assert list(results.trials[0].scores["group"]) == ["ann", "ann", "bob"]
    assert [check.name for check in results.check.of("look")] == ["one-draw"]


def test_verbatim_counts_case_and_punctuation(written):
    path, reference = written(kaldi, "text")
    asked = Asked(["kaldi"], ["whisper"], reference=reference, verbatim=True)
    assert errors(read_results(read_source(path), asked))["whisper", 100] == 6


def test_missing_hypotheses_stop_it_and_surplus_ones_are_set_aside_by_name(written, tmp_path):
    path, reference = written(kaldi, "text")
    (tmp_path / "exp" / "kaldi_10h" / "text").write_text(
        "ann-1 turn the lights on\nbob-9 call twenty people\n"
    )
    results = read_results(read_source(path), Asked(["kaldi"], ["whisper"], reference=reference))
    (stop,) = results.check.of("stop")
    assert stop.name == "missing-hypotheses"
    assert stop.message == (
        "2 hypotheses are missing, in 1 of 4 trials: the references have these ids. They count as recognised "
        "as nothing."
    )
    assert stop.examples == ("kaldi at 10: ann-2", "kaldi at 10: bob-1")
    assert results.set_aside == [("bob-9", "no reference has this id")]
    assert errors(results)["kaldi", 10] == 4


def test_a_folder_that_lacks_an_utterance_of_its_references_says_so(written, tmp_path):
    path, _ = written(trn, "hyp.trn")
    written(lambda texts: trn(REFERENCES), "ref.trn")
    (tmp_path / "exp" / "kaldi_10h" / "hyp.trn").write_text("stop (ann-2)\n")
    results = read_results(read_source(path.removesuffix("/hyp.trn")), ASKED)
    assert [check.name for check in results.check.of("stop")] == ["missing-hypotheses"]


def test_two_references_of_one_utterance_stop_it(written, tmp_path):
    path, _ = written(nemo, "out.json")
    other = nemo(SAID["kaldi", 10]).replace('"text": "stop"', '"text": "halt"')
    (tmp_path / "exp" / "kaldi_10h" / "out.json").write_text(other)
    results = read_results(read_source(path), ASKED)
    assert [(stop.name, stop.examples) for stop in results.check.of("stop")] == [
        ("references-differ", ("ann-2.wav",))
    ]


def test_references_written_otherwise_are_one(written, tmp_path):
    path, _ = written(nemo, "out.json")
    (tmp_path / "exp" / "kaldi_10h" / "out.json").write_text(
        nemo(SAID["kaldi", 10]).replace('"stop"', '"STOP."')
    )
    assert read_results(read_source(path), ASKED).check.of("stop") == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("hyp.trn", "stop ann-2\n", "hyp.trn, line 1: expected words and (id) at the end, got 'stop ann-2'"),
        ("hyp.trn", "{ stop / halt } (ann-2)\n", "hyp.trn, line 1: expected plain words, got alternatives"),
        ("text", "a stop\na halt\n", "text, line 2: expected every id once, got 'a' as in"),
        ("recogs.txt", "a:\tref=['x']\nb x\n", "recogs.txt, line 2: expected ref= and hyp= of each id once"),
        (
            "recogs.txt",
            "a:\tref=['x']\na:\tref=['y']\n",
            "recogs.txt, line 2: expected ref= and hyp= of each",
        ),
        ("recogs.txt", "a:\tref=['x'\n", "recogs.txt, line 1: expected ref= and hyp= of each id once"),
        ("text", "\n", "expected a line of id and text for each utterance, got an empty file."),
    ],
)
def test_lines_that_are_none_are_refused_with_their_place(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=re.escape(said)):
        read_transcripts(tmp_path / name)


def test_transcripts_without_references_are_refused(written):
    with pytest.raises(
        ValueError, match="expected references beside ids, got none; name their file: --reference"
    ):
        read_results(read_source(written(kaldi, "text")[0]), ASKED)
