"""A logged recogniser on a stream: a real process, fed through a pipe while it listens."""

import array
import fcntl
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import termios
import threading

import numpy as np
import pytest
import soundfile

from components.neural import CtcRecogniser
from components.speech.corpus import read_corpus
from components.speech.features.endpointing import cut_utterances
from components.speech.modular.recipes import mfcc_gmm_hmm
from components.study.tracking import Store
from components.subjects.speech import log_recogniser
from flows import cli
from tests.commands import PATIENCE, happens, start

RATE = 8000
SAID = ("3_george_0", "7_lucas_0", "1_george_0")


@pytest.fixture(scope="module")
def stream(digits):
    """Three real digits with 0.7 s of silence before and after each, float32 (samples,)."""
    quiet = np.zeros(int(0.7 * RATE), np.float32)
    words = [soundfile.read(digits / "recordings" / f"{name}.flac", dtype="float32")[0] for name in SAID]
    return np.concatenate([quiet, *(part for word in words for part in (word, quiet))])


def pcm(samples):
    return np.round(samples * 2**15).astype("<i2").tobytes()


def lines_of(recogniser, samples):
    """What a stream of samples should print."""
    found = cut_utterances([np.round(samples * 2**15).astype(np.float32) / 2**15], RATE)
    heard = [(one.begin, one.begin + one.clip.seconds, recogniser.predict([one.clip])[0]) for one in found]
    return [f"{round(begin, 2)}\t{round(end, 2)}\t{text}" for begin, end, text in heard]


@pytest.fixture(scope="module")
def taught(digits):
    """Two recognisers that know when words were said, one of either family."""
    corpus = read_corpus("fsdd", data=digits)
    clips, texts = list(corpus.clips), corpus.texts
    quick = {"channels": 48, "layers": 2, "steps": 40, "batch_seconds": 8.0, "device": "cpu"}
    network = CtcRecogniser(**quick).fit(clips, texts)
    return {"modular": mfcc_gmm_hmm().fit(clips, texts), "end-to-end": network}


@pytest.fixture(scope="module")
def kept(taught, digits, _new_store, tmp_path_factory):
    """A store with the network in one of its runs, and the run's id."""
    folder = tmp_path_factory.mktemp("kept") / "mlruns"
    folder.mkdir()
    shutil.copy(_new_store, folder / "mlflow.db")
    store = Store(f"sqlite:///{folder}/mlflow.db")
    run_id = store.client.create_run(store.client.create_experiment("any")).info.run_id
    log_recogniser(store, run_id, taught["end-to-end"], read_corpus("fsdd", data=digits).clips[0])
    return store, run_id


@pytest.fixture
def listening(kept):
    """A process in which the network listens to its standard input."""
    process, _ = start("transcribe", kept[1], "-", store=kept[0], stdin=subprocess.PIPE)
    with process:
        yield process
        process.kill()


def pour(process, data, piece=800):
    for i in range(0, len(data), piece):
        process.stdin.buffer.write(data[i : i + piece])
        process.stdin.buffer.flush()


def waiting(pipe):
    """How many bytes of it were not read yet."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe.fileno(), termios.FIONREAD, count)
    return count[0]


def test_words_are_told_while_the_stream_goes_on_and_it_ends_with_it(listening, taught, stream):
    process, wanted = listening, lines_of(taught["end-to-end"], stream)
    assert len(wanted) == len(SAID)
    pour(process, pcm(stream))
    assert [process.stdout.readline() for _ in SAID] == [f"{line}\n" for line in wanted]
    assert process.poll() is None
    process.stdin.close()
    rest, complained = process.stdout.read(), process.stderr.read()
    assert (process.wait(PATIENCE), rest) == (0, "")
    assert complained == "listening at 8000 Hz; Ctrl-C ends it\n"


def test_ctrl_c_ends_it_when_what_was_begun_is_heard(listening, taught, stream):
    process = listening
    begun = stream[: -int(0.7 * RATE) - 800]  # in the midst of the third word
    wanted = lines_of(taught["end-to-end"], begun)
    pour(process, pcm(begun))
    assert [process.stdout.readline() for _ in wanted[:-1]] == [f"{line}\n" for line in wanted[:-1]]
    assert happens(lambda: not waiting(process.stdin))
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    assert rest == f"{wanted[-1]}\n"
    assert process.wait(PATIENCE) == 0
    assert process.stderr.read() == "listening at 8000 Hz; Ctrl-C ends it\n"


@pytest.fixture
def hear(monkeypatch, capsys):
    """A recogniser, bytes on standard input, words after `crossover transcribe run -` -> how it ended."""

    def run(recogniser, data, *words):
        readable, writable = os.pipe()
        with open(readable, "rb") as stdin, open(writable, "wb") as pipe:
            monkeypatch.setattr("flows.speech.listen.load_recogniser", lambda *_: (recogniser, RATE))
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stdin))
            monkeypatch.setattr(sys, "argv", ["crossover", "transcribe", "run", "-", *words])
            threading.Thread(target=lambda: (pipe.write(data), pipe.close())).start()
            with pytest.raises(SystemExit) as ended:
                cli.main()
        said = capsys.readouterr()
        return ended.value.code, said.out.splitlines(), said.err.splitlines()

    return run


@pytest.mark.parametrize("family", ["modular", "end-to-end"])
def test_every_recogniser_streams_and_words_count_from_the_streams_beginning(taught, stream, hear, family):
    wanted = lines_of(taught[family], stream)
    assert hear(taught[family], pcm(stream))[:2] == (0, wanted)
    _, lines, _ = hear(taught[family], pcm(stream), "--format", "json")
    for line, told in zip(lines, wanted, strict=True):
        heard = json.loads(line)
        assert f"{heard['begin']}\t{heard['end']}\t{heard['transcript']}" == told
        assert all(
            heard["begin"] <= word["begin"] < word["end"] <= heard["end"] + 0.1 for word in heard["words"]
        )
    _, lines, _ = hear(taught[family], pcm(stream), "--format", "ctm")
    spoken = [line.split("\t")[2] for line in wanted]
    assert [line.split()[0] for line in lines] == ["stream"] * len(lines)
    assert [line.split()[4] for line in lines] == " ".join(spoken).split()


def test_another_rate_is_stated_or_stands_in_the_header_and_is_resampled(taught, stream, hear):
    fast = np.repeat(stream, 2)
    file = io.BytesIO()
    soundfile.write(file, fast, 2 * RATE, format="WAV", subtype="PCM_16")
    stated = hear(taught["modular"], pcm(fast), "--rate", "16000")
    assert stated == hear(taught["modular"], file.getvalue())
    status, lines, complained = stated
    assert (status, len(lines), complained) == (0, 3, ["listening at 16000 Hz; Ctrl-C ends it"])
    begins = [float(line.split("\t")[0]) for line in lines]
    plain = [float(line.split("\t")[0]) for line in hear(taught["modular"], pcm(stream))[1]]
    np.testing.assert_allclose(begins, plain, atol=0.05)


def test_a_longer_pause_joins_utterances(taught, stream, hear):
    assert len(hear(taught["modular"], pcm(stream), "--pause", "1.5")[1]) == 1


def test_an_utterance_that_cannot_be_heard_is_named_and_the_rest_are(taught, stream, hear, monkeypatch):
    recogniser, clips = taught["modular"], []

    class Moody:
        def predict(self, heard):
            clips.extend(heard)
            if len(clips) == 2:
                raise ValueError("no, not [this] one.")
            return recogniser.predict(heard)

    status, lines, complained = hear(Moody(), pcm(stream))
    assert (status, len(lines)) == (1, 2)
    assert complained[1] == f"{clips[1].name}: no, not [this] one."


def test_a_terminal_is_no_stream(monkeypatch, capsys):
    main, other = os.openpty()
    with open(other, "rb", buffering=0) as stdin:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(stdin)))
        monkeypatch.setattr(sys, "argv", ["crossover", "transcribe", "4f1c", "-"])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    os.close(main)
    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        "crossover: transcribe - expected sound on its standard input, got a terminal; pipe a recorder into "
        "it: arecord -f S16_LE -r 16000 | crossover transcribe 4f1c -\n"
    )
