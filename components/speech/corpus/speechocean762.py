"""speechocean762: 5,000 English sentences read by 250 Mandarin speakers, half of them children, 16 kHz."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from components.speech.corpus.download import Progress, RemoteArchive
from components.speech.corpus.folder import find_folder
from components.speech.corpus.manifest import Manifest
from components.speech.corpus.readers import read_manifest

SUMMARY = "5,000 English sentences read by 250 Mandarin speakers, adults and children, 16 kHz (520 MB)"
ARCHIVE = RemoteArchive(
    name="speechocean762",
    url="https://www.openslr.org/resources/101/speechocean762.tar.gz",
    page="https://www.openslr.org/101",
)
NOTICE = (
    "speechocean762 by Zhang et al. (2021), arXiv:2104.01378, free for commercial and non-commercial use by "
    "its authors' word; read sentences, nobody is in both parts."
)
KALDI = ("wav.scp", "text", "utt2spk")


def build_manifest(
    options: str = "", *, data: Path | None, cache: Path, seed: int, progress: Progress | None = None
) -> Manifest:
    """The corpus -> its manifest, in its own split; the Kaldi folders train and test as they are published.

    Parameters
    ----------
    options
        Must be empty.
    data, cache, progress
        As in `find_folder`.
    seed
        Not used.
    """
    if options:
        raise ValueError(
            f"speechocean762 takes nothing after the colon, got {options!r}; ask for 'speechocean762'."
        )
    folder = find_folder(ARCHIVE, _kaldi_folders, data, cache, progress)
    listed = read_manifest(folder, "en-us")
    return replace(listed, title="speechocean762", notice=NOTICE, rate=16000, published=True)


def _kaldi_folders(folder: Path) -> Path | None:
    """The folder with train and test at or below a given one, None when there is none."""
    for inner in (folder, folder / "speechocean762"):
        if all((inner / part / name).is_file() for part in ("train", "test") for name in KALDI):
            return inner
    return None
