"""Commands in Kaldi's wav.scp, which are never run: the file that one only decodes is read itself."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from components.study.checks import CheckResult


@dataclass(frozen=True)
class Decoder:
    """A program that writes a recording to its output, and the options that leave what is heard as it is.

    alone: options by themselves. valued: options with a value behind them. channel: of the latter, that
    which takes one channel, the first being 1.
    """

    alone: Sequence[str] = ()
    valued: Sequence[str] = ()
    channel: str = ""


DECODERS = {
    "cat": Decoder(),
    "flac": Decoder(("-c", "-d", "-s", "-cd", "-dc", "-cds", "-dcs", "--stdout", "--decode", "--silent")),
    "sph2pipe": Decoder(("-p",), ("-f", "-c"), channel="-c"),
    "sox": Decoder(("-", "-G", "-R", "-q", "-S", "-V0", "-V1"), ("-t", "-r", "-b", "-e", "-c")),
    "ffmpeg": Decoder(
        ("-", "-y", "-vn", "-nostdin", "-hide_banner", "pipe:", "pipe:1"),
        ("-i", "-f", "-ar", "-ac", "-acodec", "-c:a", "-codec:a", "-loglevel", "-v", "-threads"),
    ),
    "opusdec": Decoder(("-", "--quiet", "--force-wav"), ("--rate",)),
}
CHANNELS = ("-c", "-ac")  # how many there shall be, or which one
SHELL = frozenset("|&;<>$`*?()")  # signs with which a command is more than a program and its arguments


def audio_of(command: str) -> tuple[str, int | None] | None:
    """A command with its | at the end -> the file that it decodes, and its channel from 0 (None: all).

    None for a command that does something else, or may do.
    """
    text = command.strip().removesuffix("|").strip()
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    decoder = DECODERS.get(PurePath(words[0]).name) if words else None
    if decoder is None or SHELL & set(text):
        return None
    return _file_and_channel(words[1:], decoder)


def _file_and_channel(words: Sequence[str], decoder: Decoder) -> tuple[str, int | None] | None:
    files: list[str] = []
    channel: int | None = None
    left = iter(words)
    for word in left:
        if word in decoder.valued:
            value = next(left, "")
            if word == "-i":
                files.append(value)
            elif word == decoder.channel and value in ("1", "2"):
                channel = int(value) - 1
            elif word in CHANNELS and value != "1":
                return None
        elif word not in decoder.alone:
            files.append(word)
    return (files[0], channel) if len(files) == 1 and not files[0].startswith("-") else None


def command_check(recordings: Mapping[str, tuple[int, str]]) -> list[CheckResult]:
    """Lines of wav.scp -> a result if files were read in place of commands."""
    commands = [line for _, line in recordings.values() if line.endswith("|")]
    read = [command for command in commands if audio_of(command)]
    if not read:
        return []
    message = (
        f"{len(read):,} of {len(recordings):,} lines of wav.scp are commands, which are never run; the file "
        "that each of them decodes was read as it is, at its own rate."
    )
    return [CheckResult("commands", "look", message, tuple(read[:2]))]
