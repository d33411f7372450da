"""Praat's TextGrids with audio of their names: each interval with a text is a recording."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from components.speech.corpus.audio_file import AudioFile
from components.speech.corpus.readers.files import (
    count,
    first_files,
    folders_of,
    is_audio,
    is_kind,
    named_parts,
    parts_read,
    read_text,
    reading,
    speaker_folders,
    speakers_read,
    walk,
)
from components.speech.corpus.readers.listing import Listed, Listing
from components.study.checks import CheckResult

LAYOUT = "Praat TextGrids (a.TextGrid beside a.wav) with a tier of utterances, or one a speaker"
ENDING = ".textgrid"
UTTERANCES = (
    "utterances",
    "utterance",
    "utt",
    "sentences",
    "sentence",
    "phrases",
    "phrase",
    "text",
    "transcript",
)
UTTERANCES += ("transcription", "orthography", "ortho", "trans")
WORDS = ("words", "word", "ort-mau")  # WebMAUS calls it ORT-MAU
PHONES = ("phones", "phone", "phonemes", "phoneme", "segments", "syllables", "mau", "kan-mau")
SILENCE = ("", "sil", "sp", "<sil>", "<eps>", "<p:>", "<p>", "#", "pau", "silence")

LONG_SIZE = re.compile(r"^\s*(?:intervals|points) ?: size ?= ?(\d+)", re.M)
SHORT_SIZE = re.compile(r'^"(?:IntervalTier|TextTier)"\s+"(?:[^"]|"")*"\s+\S+\s+\S+\s+(\d+)\s*$', re.M)

Key = tuple[str, ...]
Interval = tuple[float, float, str]


@dataclass(frozen=True)
class Tier:
    """Intervals (begin, end, text) of one tier, and who speaks ("" where the tier does not say)."""

    name: str
    speaker: str
    intervals: tuple[Interval, ...]


def matches(path: Path) -> bool:
    """Whether a TextGrid is among a folder's first files."""
    return any(file.name.lower().endswith(ENDING) for file in first_files(path))


def read(path: Path) -> Listing:
    """A folder -> intervals of its TextGrids; ValueError names the TextGrid that cannot be read."""
    files = list(walk(path))
    grids = sorted(file for file in files if file.name.lower().endswith(ENDING))
    if not grids:
        raise ValueError(f"{path} has no TextGrids; expected {LAYOUT}.")
    audio = {_key(file, path): file for file in files if is_audio(file)}
    folders = [folders_of(grid, path) for grid in grids]
    parts = named_parts(folders)
    speakers = speaker_folders(folders, parts)
    tiers = _by_speaker([spoken_tiers(grid) for grid in grids])
    recordings = [
        _listed(
            interval, audio.get(_key(grid, path), grid.with_suffix(".wav")), grid, path, tier, speaker, part
        )
        for grid, own, speaker, part in zip(grids, tiers, speakers, parts, strict=True)
        for tier in own
        for interval in tier.intervals
        if not _is_silence(interval)
    ]
    every = [tier for own in tiers for tier in own]
    names = {_kind(tier.name) or ("speaker" if tier.speaker else tier.name) for tier in every}
    return Listing(recordings, _facts(recordings, names, every), _check_words(names, len(recordings)))


def _is_silence(interval: Interval) -> bool:
    return interval[2].lower() in SILENCE


def _facts(recordings: Sequence[Listed], names: set[str], tiers: Sequence[Tier]) -> Mapping[str, str]:
    empty = sum(_is_silence(interval) for tier in tiers for interval in tier.intervals)
    return reading(
        layout=LAYOUT,
        text=f"intervals of the tiers {', '.join(sorted(names))}",
        speaker=speakers_read(
            [who for recording in recordings for who in recording.speakers],
            "the tier's name, else the outermost folder that differs",
        ),
        part=parts_read([recording.part for recording in recordings]),
        not_read=f"{count(empty, 'interval')} without words" if empty else "",
    )


def spoken_tiers(grid: Path) -> list[Tier]:
    """A TextGrid -> its tiers of utterances, else of words, else the only one, else one a speaker.

    Raises ValueError, which names the file, where it cannot be read or no tier can be chosen.
    """
    tiers = _interval_tiers(grid)
    for kind in ("utterance", "word", ""):
        chosen = [tier for tier in tiers if _kind(tier.name) == kind]
        if chosen and not _layers(chosen):
            several = len(chosen) > 1 and not kind
            return [replace(tier, speaker=tier.name) if several else tier for tier in chosen]
        if chosen:
            break
    names = ", ".join(repr(tier.name) for tier in tiers) or "none"
    raise ValueError(
        f"{grid}: expected one interval tier called {UTTERANCES[0]}, {WORDS[0]} or text, or one for each "
        f"speaker, got {names}; rename in Praat the one that holds what is said, and the others."
    )


def _by_speaker(grids: Sequence[Sequence[Tier]]) -> list[list[Tier]]:
    """Tiers of each file -> the same; the only tier of a file is a speaker's where their names differ."""
    alone = {tiers[0].name for tiers in grids if len(tiers) == 1 and not _kind(tiers[0].name)}
    several = any(len(tiers) > 1 for tiers in grids) or len(alone) > 1
    return [
        [replace(tier, speaker=tier.name) if several and not _kind(tier.name) else tier for tier in tiers]
        for tiers in grids
    ]


def _interval_tiers(grid: Path) -> list[Tier]:
    """praatio's parser without its classes, which refuse intervals that overlap by a rounding error."""
    from praatio.utilities.textgrid_io import parseTextgridStr

    content = read_text(grid)
    try:
        tiers = parseTextgridStr(content, includeEmptyIntervals=True)["tiers"]
        _check_whole(content, sum(len(tier["entries"]) for tier in tiers))
        return [_tier(tier["name"], tier["entries"]) for tier in tiers if tier["class"] == "IntervalTier"]
    except Exception as error:  # praatio raises many kinds for one cause
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise ValueError(
            f"{grid}: expected a whole TextGrid, got what cannot be read ({why}); open it in Praat and save "
            "it as a text file."
        ) from error


def _check_whole(content: str, entries: int) -> None:
    """praatio reads a file that ends early without a word, but the file says how many entries it has."""
    sizes = sum(map(int, LONG_SIZE.findall(content) or SHORT_SIZE.findall(content)))
    if sizes > entries:
        raise ValueError(f"it says {sizes} intervals and points, and has {entries}")


def _tier(name: str, entries: Sequence[tuple[str, str, str]]) -> Tier:
    """A tier named "anna - words", as the Montreal Forced Aligner has it -> the same with its speaker."""
    speaker, dash, kind = name.rpartition(" - ")
    intervals = [(float(begin), float(end), " ".join(text.split())) for begin, end, text in entries]
    return Tier(name, speaker.strip() if dash and _kind(kind) else "", tuple(intervals))


def _kind(name: str) -> str:
    """A tier's name -> "utterance", "word" or "phone", "" where it is none of these."""
    plain = name.rpartition(" - ")[2].strip().lower()
    kinds = {"utterance": UTTERANCES, "word": WORDS, "phone": PHONES}
    return next((kind for kind, names in kinds.items() if plain in names), "")


def _layers(tiers: Sequence[Tier]) -> bool:
    """Whether two tiers say things of the same intervals, as translations do and speakers do not."""
    times = [{(begin, end) for begin, end, text in tier.intervals if text} for tier in tiers]
    pairs = [(one, other) for index, one in enumerate(times) for other in times[index + 1 :]]
    return any(2 * len(one & other) > min(len(one), len(other)) for one, other in pairs)


def _key(file: Path, root: Path) -> Key:
    """Folders without wav/ or TextGrid/, and the name: what a TextGrid and its audio share."""
    folders = (name for name in folders_of(file, root) if not is_kind(name) and name.lower() != ENDING[1:])
    return (*folders, file.stem)


def _listed(
    interval: Interval, audio: Path, grid: Path, root: Path, tier: Tier, speaker: str, part: str
) -> Listed:
    begin, end, text = interval
    who = tier.speaker or speaker
    relative = f"{audio.relative_to(root).as_posix()}@{begin:g}-{end:g}"
    return Listed(
        AudioFile(str(audio), begin, round(end - begin, 6)),
        text,
        f"{relative}-{tier.speaker}" if tier.speaker else relative,
        f"{grid}, tier {tier.name!r} at {begin:g} s",
        speakers=(who,) if who else (),
        part=part,
    )


def _check_words(kinds: set[str], recordings: int) -> list[CheckResult]:
    if "word" not in kinds:
        return []
    message = (
        f"The TextGrids have no tier of utterances, so each of {count(recordings, 'word')} is a recording of "
        f"its own; for sentences add a tier called {UTTERANCES[0]}."
    )
    return [CheckResult("cut-into-words", "look", message)]
