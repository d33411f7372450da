"""One bad segment refused a corpus, ends without starts were read from 0, and U+FFFD split words."""

import numpy as np
import pytest
import soundfile

from components.speech.corpus import read_corpus
from components.speech.corpus.transcripts import write_alike

RATE = 8000


@pytest.fixture
def long_file(tmp_path):
    """A folder with a recording of ten seconds, in which a word is said every second."""
    noise = np.random.default_rng(0).normal(0.0, 0.1, 10 * RATE)
    soundfile.write(tmp_path / "ten.wav", noise, RATE)
    return tmp_path


def table(folder, header, rows):
    (folder / "t.csv").write_text("\n".join([header, *rows]))
    return str(folder / "t.csv")


def test_a_segment_behind_its_file_is_set_aside_and_the_rest_is_read(long_file):
    rows = [f"ten.wav,one,{second},{second + 0.5}" for second in range(9)] + ["ten.wav,two,29,29.5"]
    corpus = read_corpus(table(long_file, "path,text,start,end", rows))
    assert len(corpus.clips) == 9 and len(corpus.set_aside) == 1


def test_milliseconds_are_still_named(long_file):
    rows = [f"ten.wav,one,{1000 * second},{1000 * second + 500}" for second in range(10)]
    with pytest.raises(ValueError, match="as if in milliseconds; divide by 1000"):
        read_corpus(table(long_file, "path,text,start,end", rows))


def test_ends_without_starts_are_refused_and_one_end_a_file_is_not(long_file):
    rows = [f"ten.wav,one,{second + 0.5}" for second in range(9)]
    with pytest.raises(ValueError, match="none where they start; add start"):
        read_corpus(table(long_file, "path,text,end", rows))
    assert len(read_corpus(table(long_file, "path,text,end", rows[:1])).clips) == 1


def test_letters_that_a_decoder_lost_stop_a_study():
    (found,) = [one for one in write_alike(["f\ufffdnf", "eins"], "de").checks if one.name == "encoding"]
    assert found.verdict == "stop" and "1 of 2" in found.message
    assert not [one for one in write_alike(["fünf", "eins"], "de").checks if one.name == "encoding"]
