"""A Kaldi data folder (wav.scp, text, segments, utt2spk, spk2gender) -> entries of a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from components.speech.corpus.manifest import AudioSource, Entry
from components.speech.corpus.table import UnreadableSource, audio_segment
from components.speech.corpus.text import normalise


def read_kaldi_folder(folder: Path, part: str) -> list[Entry]:
    """A folder with wav.scp and text, the other files if there are any -> its entries, all in `part`.

    Lhotse reads the files one by one: its whole-folder reader gives up at the first bad recording.
    """
    from lhotse.kaldi import load_kaldi_text_file, load_kaldi_text_mapping

    wavs = load_kaldi_text_mapping(folder / "wav.scp", must_exist=True)
    texts = load_kaldi_text_file(folder / "text")
    speakers = load_kaldi_text_mapping(folder / "utt2spk")
    genders = load_kaldi_text_mapping(folder / "spk2gender")
    segments = load_kaldi_text_mapping(folder / "segments") or {name: name for name in wavs}
    entries = []
    for name, segment in segments.items():
        speaker = speakers.get(name) or ""
        tags = {"gender": genders[speaker]} if genders.get(speaker) else {}
        source = _source(segment.split(), wavs, folder)
        entries.append(Entry(name, speaker, normalise(texts.get(name, "")), part, source, tags))
    return entries


def _source(segment: Sequence[str], wavs: Mapping[str, str], folder: Path) -> AudioSource:
    """A line of segments (recording, start, end; end -1: to its end), or a whole recording -> its source."""
    recording, start, end = segment if len(segment) == 3 else (segment[0], "0", "-1")
    wav = wavs.get(recording)
    if wav is None:
        return UnreadableSource(f"wav.scp has no recording {recording!r}")
    if wav.endswith("|"):
        return UnreadableSource("a command in wav.scp: commands are not run, write its output to a file")
    to_its_end = end in ("-1", "-1.0")
    return audio_segment(wav, folder, start, None if to_its_end else float(end) - float(start))
