"""The forms of files of prompts: LJSpeech, MLS, VoxForge, Festvox, Sphinx, AISHELL and others."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

IN_FOLDERS = ("etc", "transcript")  # prompts lie in these, audio beside them
FindSpeaker = Callable[[str, Path, Path], str]  # id, file of prompts, audio file -> speaker, "" if unknown


@dataclass(frozen=True)
class PromptForm:
    """One form of prompts.

    Attributes
    ----------
    corpus
        Whose form it is, for messages.
    file
        What the path of its file ends with, as a regular expression.
    line
        Groups "id", "text", and "speaker" where it is named, of the whole line.
    shown
        The line as a person would write it.
    speaker
        Who says an id where the line does not.
    who
        That rule in words.
    header
        What the first line may begin with, if it is none of the form.
    beside
        A folder that has to lie beside its file, "" for none.
    """

    corpus: str
    file: re.Pattern[str]
    line: re.Pattern[str]
    shown: str
    speaker: FindSpeaker
    who: str
    header: str = ""
    beside: str = ""


def folder_of_recordings(prompts: Path) -> Path:
    """A file of prompts -> the folder at and below which its recordings lie."""
    return prompts.parent.parent if prompts.parent.name in IN_FOLDERS else prompts.parent


def _nobody(name: str, prompts: Path, audio: Path) -> str:
    return ""


def _of_id(pattern: str, name: str, prompts: Path, audio: Path) -> str:
    match = re.match(pattern, name)
    return match[1] if match else ""


def _folder_of_audio(name: str, prompts: Path, audio: Path) -> str:
    return audio.parent.name


def _of_voxforge(name: str, prompts: Path, audio: Path) -> str:
    """Aaron-20080318-kdl -> Aaron; anonymous-20080318-kdl is a person of its own."""
    folder = folder_of_recordings(prompts).name
    person = folder.split("-")[0]
    return folder if person.lower() == "anonymous" else person


def _of_voice(name: str, prompts: Path, audio: Path) -> str:
    """The voice's folder: cmu_us_bdl_arctic/etc/txt.done.data."""
    return folder_of_recordings(prompts).name


def _of_book(name: str, prompts: Path, audio: Path) -> str:
    """M-AILABS: by_book/female/SPEAKER/BOOK/metadata.csv; mix/BOOK names nobody."""
    folders = prompts.parts
    sexes = [index for index, folder in enumerate(folders) if folder in ("female", "male")]
    return folders[sexes[-1] + 1] if sexes and len(folders) - sexes[-1] > 3 else ""


def _of_jvs(name: str, prompts: Path, audio: Path) -> str:
    return next((folder for folder in reversed(prompts.parts) if re.fullmatch(r"jvs\d+", folder)), "")


LJSPEECH = "LJSpeech, M-AILABS"
FORMS = (
    PromptForm(
        LJSPEECH,
        re.compile(r"metadata\.csv", re.I),
        re.compile(r"(?P<id>[^|]+)\|(?P<raw>[^|]*)(?:\|(?P<text>[^|]*))?"),
        "id|text|normalised text",
        _of_book,
        "the folder below female/ or male/",
    ),
    PromptForm(
        "CSS10",
        re.compile(r"transcript\.txt"),
        re.compile(r"(?P<id>[^|]+)\|(?P<raw>[^|]*)\|(?P<text>[^|]*)\|[\d.]+"),
        "path|text|normalised text|seconds",
        _nobody,
        "",
    ),
    PromptForm(
        "MLS",
        re.compile(r"transcripts\.txt"),
        re.compile(r"(?P<id>\d+_\d+_\d+)\t(?P<text>.*)"),
        "speaker_book_segment<TAB>text",
        partial(_of_id, r"(\d+)_"),
        "the first part of each id",
    ),
    PromptForm(
        "VoxForge",
        re.compile(r"etc/(?:PROMPTS|prompts-original)"),
        re.compile(r"(?:\S*/)?(?P<id>[^/\s]+)(?:\s+(?P<text>.*))?"),
        "*/mfc/id TEXT, or id text",
        _of_voxforge,
        "the folder's name before its date",
    ),
    PromptForm(
        "Festvox, CMU ARCTIC",
        re.compile(r"(?:txt\.done|prompts)\.data"),
        re.compile(r'\(\s*(?P<id>\S+)\s+"(?P<text>.*)"\s*\)'),
        '( id "text" )',
        _of_voice,
        "the folder of the voice",
    ),
    PromptForm(
        "Sphinx, CMU AN4",
        re.compile(r"etc/\w+\.transcription"),
        re.compile(r"(?:<s>\s*)?(?P<text>.*?)(?:\s*</s>)?\s*\((?P<id>[^()\s]+)\)"),
        "<s> TEXT </s> (id)",
        _folder_of_audio,
        "the folder of the audio file",
    ),
    PromptForm(
        "AISHELL-1, Aidatatang",
        re.compile(r"transcript/\w*transcript[\w.]*\.txt"),
        re.compile(r"(?P<id>\S+)(?:\s+(?P<text>.*))?"),
        "id text",
        _folder_of_audio,
        "the folder of the audio file",
    ),
    PromptForm(
        "MUCS",
        re.compile(r"transcription\.txt"),
        re.compile(r"(?P<id>\S+)(?:\s+(?P<text>.*))?"),
        "id text",
        _nobody,
        "",
        beside="audio",
    ),
    PromptForm(
        "MAGICDATA",
        re.compile(r"TRANS\.txt"),
        re.compile(r"(?P<id>\S+)\t(?P<speaker>\S+)\t(?P<text>.*)"),
        "file<TAB>speaker<TAB>text",
        _nobody,
        "the second column",
        header="UtteranceID",
    ),
    PromptForm(
        "OpenSLR 35, 36, 52, 53, 54",
        re.compile(r"utt_spk_text\.tsv"),
        re.compile(r"(?P<id>\S+)\t(?P<speaker>\S+)\t(?P<text>.*)"),
        "id<TAB>speaker<TAB>text",
        _nobody,
        "the second column",
    ),
    PromptForm(
        "OpenSLR's line_index.tsv",
        re.compile(r"line_index\w*\.tsv"),
        re.compile(r"(?P<id>\S+)\s*\t\s*(?P<text>[^\t]*)"),
        "id<TAB>text",
        partial(_of_id, r"([^_]+_[^_]+)_[^_]+$"),
        "the first two parts of each id",
    ),
    PromptForm(
        "JSUT, JVS",
        re.compile(r"transcripts?_utf8\.txt"),
        re.compile(r"(?P<id>[^:]+):(?P<text>.*)"),
        "id:text",
        _of_jvs,
        "the folder jvs...",
    ),
)
