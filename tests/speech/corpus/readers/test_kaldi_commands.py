"""Commands in wav.scp."""

import pytest

from components.speech.corpus.readers.kaldi_commands import audio_of


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("cat a.wav |", ("a.wav", None)),
        ("cat 'a b.wav' | ", ("a b.wav", None)),
        ("flac -c -d -s a.flac |", ("a.flac", None)),
        ("sph2pipe -f wav -p -c 2 a.sph |", ("a.sph", 1)),
        ("/opt/kaldi/tools/sph2pipe_v2.5/sph2pipe -f wav a.sph |", ("a.sph", None)),
        ("sox a.wav -r 16000 -t wav - |", ("a.wav", None)),
        ("sox -t wav a.wav -b 16 -c 1 -t wav - |", ("a.wav", None)),
        ("ffmpeg -i a.mp3 -f wav -ar 16000 -ac 1 - |", ("a.mp3", None)),
    ],
)
def test_the_file_that_a_command_decodes(command, named):
    assert audio_of(command) == named


@pytest.mark.parametrize(
    "command",
    [
        "sox a.wav -t wav - speed 0.9 |",
        "sox a.wav -t wav - trim 0 3 |",
        "sox a.wav -c 2 -t wav - |",
        "sox -m a.wav b.wav -t wav - |",
        "sph2pipe -f wav -t 1:2 a.sph |",
        "sph2pipe -f wav -c 3 a.sph |",
        "ffmpeg -ss 3 -i a.mp3 -f wav - |",
        "ffmpeg -i a.mp3 -ac 2 -f wav - |",
        "cat a.wav | wav-reverberate - - |",
        "cat a.wav && rm a.wav |",
        "cat $(ls) |",
        "cat a.wav b.wav |",
        "rm a.wav |",
        "sox 'a.wav |",
        "|",
    ],
)
def test_what_does_something_else_is_no_file(command):
    assert audio_of(command) is None
