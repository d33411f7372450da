"""Tasks of a corpus: where their labels are read, what is missing, and that no clip tells an answer."""

import pickle

import pytest

from components.speech.corpus import read_corpus
from components.speech.dataset import speech_dataset
from components.speech.study import SpeechStudy
from components.speech.tasks import read_tasks
from tests.fsdd import DIGITS, paths_of

COLUMNS = "path,text,speaker,split,sex,Age,mood,score,words said"
MOODS = ["calm", "", "angry", "calm"]


@pytest.fixture(scope="module")
def corpus(recordings, tmp_path_factory):
    """Real digits with made-up labels, some of them missing."""
    folder, rows = tmp_path_factory.mktemp("labels"), [COLUMNS]
    for place, path in enumerate(paths_of(recordings)):
        word, who, take = path.stem.split("_")
        part = "test" if take == "0" else "train"
        labels = [
            "FM"[place % 2],
            ["7", "", "40"][place % 3],
            MOODS[place % 4],
            f"{place / 2}",
            DIGITS[int(word)],
        ]
        rows.append(",".join([str(path), DIGITS[int(word)], who, part, *labels]))
    (folder / "my.csv").write_text("\n".join(rows))
    return read_corpus(str(folder / "my.csv"), cache=folder / "cache", workers=1)


def test_a_task_is_a_class_a_number_or_a_text_by_its_name_or_its_labels(corpus):
    tasks = read_tasks(corpus, ["words", "gender", "age", "age_group", "mood", "score", "speaker", "phones"])
    assert {name: task.kind for name, task in tasks.items()} == {
        "gender": "class",
        "age": "number",
        "age_group": "class",
        "mood": "class",
        "score": "number",
        "speaker": "class",
        "phones": "text",
    }
    assert tasks["gender"].labels[:2] == ["female", "male"]
    assert tasks["age"].labels[:3] == [7.0, None, 40.0] and tasks["age"].unit == "years"
    assert tasks["age_group"].labels[:3] == ["child", None, "adult"]
    assert tasks["mood"].labels[:4] == ["calm", None, "angry", "calm"]
    assert tasks["score"].labels[1] == 0.5
    zero = corpus.texts.index("zero")
    assert tasks["phones"].labels[zero] == "Z IH R OW"
    assert read_tasks(corpus, ["score:class"])["score"].labels[1] == "0.5"


def test_a_permuted_task_has_the_same_labels_in_another_order(corpus):
    tasks = read_tasks(corpus, ["mood", "permuted-mood", "permuted-score"])
    mood, permuted = tasks["mood"], tasks["permuted-mood"]
    assert sorted(mood.present) == sorted(permuted.present) and mood.labels != permuted.labels
    assert [label is None for label in mood.labels] == [label is None for label in permuted.labels]
    agree = [a == b for a, b in zip(mood.present, permuted.present, strict=True)]
    assert permuted.kind == "class" and sum(agree) / len(agree) < 0.75  # 5 of 9 by chance
    assert tasks["permuted-score"].kind == "number"
    assert read_tasks(corpus, ["permuted-mood"])["permuted-mood"].labels == permuted.labels


def test_a_task_without_any_label_gets_the_nearest_name_and_words_where_numbers_are_asked_the_way_out(corpus):
    with pytest.raises(
        ValueError, match=r"unknown task of .+ 'moods'; did you mean 'mood'\? known: words, phones,"
    ):
        read_tasks(corpus, ["moods"])
    with pytest.raises(ValueError, match=r"task 'mood' expected numbers, got 'calm'; ask for mood:class\."):
        read_tasks(corpus, ["mood:number"])
    with pytest.raises(ValueError, match="tasks expected NAME, or NAME:KIND with one of class, number, text"):
        SpeechStudy(tasks=["mood:feeling"])


@pytest.mark.parametrize("asked", [["gender"], ["mood", "speaker"]])
def test_no_clip_tells_what_a_task_asks_for(corpus, asked):
    dataset = speech_dataset(corpus, read_tasks(corpus, asked))
    assert corpus.clips[0].tags and corpus.clips[0].speaker
    kept = pickle.loads(pickle.dumps(dataset.examples))
    for clip in [*dataset.examples, *kept[:3], *dataset.labelled([0, 1])[0]]:
        assert not clip.tags
        assert bool(clip.speaker) == ("speaker" not in asked)
        facts = {name: value for name, value in vars(clip).items() if name not in ("samples", "attested")}
        assert facts.keys() == {"name", "speaker", "rate", "tags"}
    assert dataset.examples[0].digest == corpus.clips[0].digest  # shared features are found
    assert set(dataset.groups) == set(corpus.clips.speakers)  # the test is still resampled by speaker


def test_labels_are_in_the_fingerprint_and_a_study_without_tasks_keeps_its_own(corpus):
    plain = speech_dataset(corpus)
    assert plain.fingerprint == corpus.fingerprint and plain.examples is corpus.clips
    other = [speech_dataset(corpus, read_tasks(corpus, [name])) for name in ("gender", "mood", "mood:text")]
    assert len({plain.fingerprint, *(one.fingerprint for one in other)}) == 4
    assert all(one.facts["fingerprint"] == one.fingerprint for one in other)
    facts = {"kind": "class", "unit": "", "classes": 2, "labelled": 135}
    assert other[1].facts["tasks"] == {"mood": facts}


def test_kaldi_files_of_speakers_and_utterances_are_labels(recordings, tmp_path):
    first, second = paths_of(recordings)[:2]
    (tmp_path / "wav.scp").write_text(f"u1 {first}\nu2 {second}\n")
    (tmp_path / "text").write_text("u1 one\nu2 two\n")
    (tmp_path / "utt2spk").write_text("u1 ann\nu2 bob\n")
    (tmp_path / "spk2gender").write_text("ann f\nbob m\n")
    (tmp_path / "spk2age").write_text("ann 37\n")
    (tmp_path / "utt2room").write_text("u2 hall\n")
    (tmp_path / "utt2dur").write_text("u1 0.3\nu2 0.3\n")
    corpus = read_corpus(str(tmp_path), cache=tmp_path / "cache", workers=1)
    assert corpus.labels == [{"age": "37"}, {"room": "hall"}] and corpus.clips[0].tags == {"gender": "f"}
    tasks = read_tasks(corpus, ["gender", "age", "room"])
    assert tasks["gender"].labels == ["female", "male"] and tasks["age"].labels == [37.0, None]
    assert tasks["room"].labels == [None, "hall"]


def test_speechocean762_has_gender_and_age_of_every_speaker(all_recordings, tmp_path):
    corpus = read_corpus("speechocean762", data=all_recordings / "speechocean762", cache=tmp_path, workers=1)
    tasks = read_tasks(corpus, ["gender", "age", "age_group"])
    assert all(len(task.present) == len(corpus) for task in tasks.values())
    assert set(tasks["gender"].present) == {"female", "male"}
    assert set(tasks["age_group"].present) == {"child", "adult"}
