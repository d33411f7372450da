"""The prepared folder: made once, whole or absent, shared and never changed."""

import multiprocessing
import os
import pickle
import signal
import time

import numpy as np
import psutil
import pytest
import soundfile

from components.speech.corpus import open_corpus, read_corpus
from components.speech.corpus.workers import imap


@pytest.fixture
def folder(tmp_path):
    """Twelve recordings in fsdd's layout."""
    made = tmp_path / "fsdd"
    made.mkdir()
    rng = np.random.default_rng(0)
    for index in range(12):
        soundfile.write(made / f"{index % 10}_ann_{index}.wav", rng.normal(0, 0.1, 4000), 8000)
    return made


def test_the_second_read_reads_no_recording(folder, tmp_path, monkeypatch):
    first = read_corpus("fsdd", data=folder, cache=tmp_path)
    monkeypatch.setattr("components.speech.corpus.prepared._read_chunk", None)
    second = read_corpus("fsdd", data=folder, cache=tmp_path)
    assert second.folder == first.folder and second.fingerprint == first.fingerprint
    assert np.array_equal(second.clips[3].samples, first.clips[3].samples)
    assert open_corpus(first.folder).texts == first.texts


def test_a_changed_file_a_limit_or_a_rate_is_another_folder(folder, tmp_path):
    def read(**settings):
        return read_corpus("fsdd", data=folder, cache=tmp_path, **settings).folder

    folders = [read(), read(max_seconds=0.6), read(rate=16000)]
    changed = folder / "3_ann_3.wav"
    os.utime(changed, (1, 1))
    folders.append(read())
    (folder / "7_ann_7.wav").unlink()
    folders.append(read())
    assert len(set(folders)) == 5


def test_the_fingerprint_knows_the_samples_and_not_the_place(folder, tmp_path):
    first = read_corpus("fsdd", data=folder, cache=tmp_path).fingerprint
    moved = folder.rename(tmp_path / "moved")
    assert read_corpus("fsdd", data=moved, cache=tmp_path / "new").fingerprint == first
    samples, rate = soundfile.read(moved / "3_ann_3.wav")
    samples[100] += 0.01
    soundfile.write(moved / "3_ann_3.wav", samples, rate)
    assert read_corpus("fsdd", data=moved, cache=tmp_path / "new").fingerprint != first


def test_clips_are_views_that_share_one_file_and_travel_as_a_name(folder, tmp_path):
    clips = read_corpus("fsdd", data=folder, cache=tmp_path).clips
    assert len(pickle.dumps(clips)) < 500 and pickle.loads(pickle.dumps(clips))[2].name == clips[2].name
    assert np.shares_memory(clips[1].samples, clips[1].samples) and not clips[1].samples.flags.owndata
    assert [clip.name for clip in clips[2:5]] == [clips[index].name for index in (2, 3, 4)]
    assert clips[-1].name == clips[11].name and len(clips) == 12
    with pytest.raises(IndexError):
        clips[12]


def test_writing_into_a_clip_changes_no_file(folder, tmp_path):
    corpus = read_corpus("fsdd", data=folder, cache=tmp_path)
    before = corpus.clips[0].samples[:5].copy()
    with pytest.raises(ValueError, match="read-only"):
        corpus.clips[0].samples[:] = 0
    assert np.array_equal(open_corpus(corpus.folder).clips[0].samples[:5], before)


def test_the_digest_is_of_the_samples(folder, tmp_path):
    samples, rate = soundfile.read(folder / "0_ann_0.wav", dtype="int16")
    soundfile.write(folder / "1_bob_1.wav", samples, rate)
    corpus = read_corpus("fsdd", data=folder, cache=tmp_path)
    assert {"0_ann_0", "1_bob_1"} <= {item.name for item in corpus.set_aside}
    assert len({clip.digest for clip in corpus.clips}) == len(corpus)


def test_progress_counts_up_to_all(folder, tmp_path):
    progress_calls = []
    read_corpus("fsdd", data=folder, cache=tmp_path, progress=lambda *now: progress_calls.append(now))
    assert progress_calls[-1] == (12, 12, "reading fsdd")


def read_and_report(data, cache, answers):
    corpus = read_corpus("fsdd", data=data, cache=cache)
    answers.put((corpus.fingerprint, float(corpus.clips[5].samples.sum())))


def test_two_processes_at_once_both_get_it_whole(folder, tmp_path):
    context = multiprocessing.get_context("forkserver")
    answers = context.Queue()
    processes = [context.Process(target=read_and_report, args=(folder, tmp_path, answers)) for _ in range(2)]
    for process in processes:
        process.start()
    results = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    assert results[0] == results[1]
    assert len([path for path in (tmp_path / "prepared").iterdir() if path.is_dir()]) == 1


def test_what_a_killed_run_left_is_cleared(folder, tmp_path):
    first = read_corpus("fsdd", data=folder, cache=tmp_path)
    left = first.folder.rename(first.folder.with_name(first.folder.name + ".part99999"))
    (left / "corpus.json").unlink()
    again = read_corpus("fsdd", data=folder, cache=tmp_path)
    assert again.fingerprint == first.fingerprint and not left.exists()


def nap(seconds):
    time.sleep(seconds)
    return os.getpid()


def crowd():
    list(imap(nap, [60.0] * 4, workers=2))


def test_workers_end_when_their_parent_is_killed():
    parent = multiprocessing.get_context("spawn").Process(target=crowd)
    parent.start()
    deadline = time.monotonic() + 60
    while len(family := psutil.Process(parent.pid).children(recursive=True)) < 2:
        assert time.monotonic() < deadline, family
        time.sleep(0.1)
    time.sleep(1)
    os.kill(parent.pid, signal.SIGKILL)
    parent.join()
    _, alive = psutil.wait_procs(family, timeout=15)
    assert not alive


def test_results_come_in_order_from_any_number_of_workers():
    assert list(imap(abs, [-3, 2, -1], workers=1)) == list(imap(abs, [-3, 2, -1], workers=2)) == [3, 2, 1]
