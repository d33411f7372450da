"""A published archive -> a folder in the cache: resumed where it broke off, checked, unpacked safely."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

if TYPE_CHECKING:
    import requests

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class RemoteArchive:
    """Where a corpus is published. sha256: the publisher's; None: that of the first download is recorded."""

    name: str
    url: str
    page: str
    sha256: str | None = None


def download(remote: RemoteArchive, cache: Path, progress: Progress | None = None) -> Path:
    """A published archive -> the folder in the cache where it lies unpacked; nothing is fetched twice.

    Raises ConnectionError, with what to do by hand, when the server cannot be reached or sends too little,
    ValueError when what it sent has not the checksum that it should have.
    """
    folder = cache / "downloads" / remote.name
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = folder / "unpacked"
    with FileLock(folder / ".lock"):
        if not unpacked.is_dir():
            archive = _fetch(remote, folder, progress)
            _unpack(archive, unpacked)
            archive.unlink()
    inner = [path for path in unpacked.iterdir() if path.is_dir()]
    return inner[0] if len(inner) == 1 else unpacked


def _fetch(remote: RemoteArchive, folder: Path, progress: Progress | None) -> Path:
    """The downloaded archive, checked against the publisher's checksum or that of the first download."""
    import pooch
    from requests.exceptions import RequestException

    pooch.get_logger().setLevel("WARNING")
    recorded = folder / "sha256"
    checksum = remote.sha256 or (recorded.read_text().strip() if recorded.is_file() else None)
    file_name = remote.url.rsplit("/", 1)[-1]
    try:
        downloader = ResumingDownloader(folder / f"{file_name}.part", remote.name, progress)
        archive = Path(pooch.retrieve(remote.url, checksum, file_name, folder, downloader=downloader))
    except (RequestException, EOFError) as error:
        raise ConnectionError(_by_hand(remote, folder, error)) from error
    except ValueError as error:
        raise ValueError(
            f"{remote.url} sent something else than expected and it was deleted: {error}"
        ) from error
    recorded.write_text(pooch.file_hash(str(archive)))
    return archive


def _by_hand(remote: RemoteArchive, folder: Path, error: Exception) -> str:
    part = next(folder.glob("*.part"), None)
    resumes = (
        f" The {part.stat().st_size} bytes that came are kept: the next try goes on from there."
        if part
        else ""
    )
    return (
        f"Could not download {remote.name!r} from {remote.url}: {type(error).__name__}.{resumes} "
        f"Offline: get it on another machine (see {remote.page}), unpack it, and give that folder with "
        "--data or CROSSOVER_DATA; or use spoken-commands, which needs no download."
    )


class ResumingDownloader:
    """A downloader for pooch: keeps what it got in a .part file, asks only for the rest (HTTP Range)."""

    def __init__(self, part: Path, name: str, progress: Progress | None = None, attempts: int = 3):
        self.part = part
        self.name = name
        self.progress = progress
        self.attempts = attempts

    def __call__(self, url: str, output_file: str, pooch: object) -> None:
        """Fetch to the .part file, from where it broke off, and move it to output_file when it is whole."""
        from requests.exceptions import ChunkedEncodingError, ConnectionError, Timeout

        for attempt in range(1, self.attempts + 1):
            try:
                self._fetch(url)
                break
            except (ChunkedEncodingError, ConnectionError, Timeout, EOFError):
                if attempt == self.attempts:
                    raise
        self.part.replace(output_file)
        self._tag.unlink(missing_ok=True)

    @property
    def _tag(self) -> Path:
        return self.part.with_suffix(".etag")

    def _fetch(self, url: str) -> None:
        """One request for the bytes that are missing; a server that sends all of them starts it anew."""
        import requests

        have = self.part.stat().st_size if self.part.exists() else 0
        with requests.get(url, stream=True, timeout=30, headers=self._headers(have)) as response:
            if response.status_code == 416:  # nothing after what we have: the checksum decides
                return
            response.raise_for_status()
            have = have if response.status_code == 206 else 0
            self._tag.write_text(response.headers.get("ETag", ""))
            self._append(response, have)

    def _headers(self, have: int) -> dict[str, str]:
        """Ask for the rest, of the very file that was begun where the server names its versions."""
        if not have:
            return {}
        tag = self._tag.read_text() if self._tag.exists() else ""
        return {"Range": f"bytes={have}-"} | ({"If-Range": tag} if tag else {})

    def _append(self, response: requests.Response, have: int) -> None:
        total = have + int(response.headers.get("Content-Length", 0))
        with self.part.open("ab" if have else "wb") as file:
            for piece in response.iter_content(1 << 18):
                file.write(piece)
                have += len(piece)
                if self.progress:
                    self.progress(have, max(total, have), f"downloading {self.name} (bytes)")
        if have < total:
            raise EOFError(f"{have} of {total} bytes came")


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack beside the folder, then rename: half an archive is never taken for a whole one."""
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    with tarfile.open(archive) as tar:
        tar.extractall(part, filter="data")  # no absolute names, no way out of the folder, no devices
    part.replace(folder)
