"""A corpus from its public home into the cache: resumed where it broke off, checked, unpacked safely."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Home:
    """Where a corpus is published. sha256: the publisher's; None: the first download's is recorded."""

    name: str
    url: str
    page: str
    sha256: str | None = None


def download(home: Home, cache: Path, progress: Progress | None = None) -> Path:
    """A corpus's home becomes a folder in the cache that holds it unpacked; nothing is fetched twice.

    Raises ConnectionError, saying what to do by hand, when the home cannot be reached or sends too little,
    ValueError when what it sent has not the checksum that it should have.
    """
    folder = cache / "downloads" / home.name
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = folder / "unpacked"
    with FileLock(folder / ".lock"):
        if not unpacked.is_dir():
            archive = _archive(home, folder, progress)
            _unpack(archive, unpacked)
            archive.unlink()
    inner = [path for path in unpacked.iterdir() if path.is_dir()]
    return inner[0] if len(inner) == 1 else unpacked


def _archive(home: Home, folder: Path, progress: Progress | None) -> Path:
    """The downloaded archive, its checksum held against the publisher's or that of the first time."""
    import pooch
    from requests.exceptions import RequestException

    pooch.get_logger().setLevel("WARNING")
    recorded = folder / "sha256"
    known = home.sha256 or (recorded.read_text().strip() if recorded.is_file() else None)
    file_name = home.url.rsplit("/", 1)[-1]
    try:
        resumed = Resumed(folder / f"{file_name}.part", home.name, progress)
        archive = Path(pooch.retrieve(home.url, known, file_name, folder, downloader=resumed))
    except (RequestException, EOFError) as error:
        raise ConnectionError(_by_hand(home, folder, error)) from error
    except ValueError as error:
        raise ValueError(
            f"{home.url} sent something else than expected and it was deleted: {error}"
        ) from error
    recorded.write_text(pooch.file_hash(str(archive)))
    return archive


def _by_hand(home: Home, folder: Path, error: Exception) -> str:
    part = next(folder.glob("*.part"), None)
    kept = (
        f" The {part.stat().st_size} bytes that came are kept: the next try goes on from there."
        if part
        else ""
    )
    return (
        f"Could not download {home.name!r} from {home.url}: {type(error).__name__}.{kept} Offline: get it on "
        f"another machine (see {home.page}), unpack it, and give that folder with --data or CROSSOVER_DATA; "
        "or use spoken-commands, which needs no download."
    )


class Resumed:
    """A downloader for pooch that keeps what came in a .part file and asks only for the rest (HTTP Range)."""

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
        with requests.get(url, stream=True, timeout=30, headers=self._headers(have)) as answer:
            if answer.status_code == 416:  # nothing after what we have: the checksum decides
                return
            answer.raise_for_status()
            have = have if answer.status_code == 206 else 0
            self._tag.write_text(answer.headers.get("ETag", ""))
            self._keep(answer, have)

    def _headers(self, have: int) -> dict[str, str]:
        """Ask for the rest, of the very file that was begun where the server names its versions."""
        if not have:
            return {}
        tag = self._tag.read_text() if self._tag.exists() else ""
        return {"Range": f"bytes={have}-"} | ({"If-Range": tag} if tag else {})

    def _keep(self, answer, have: int) -> None:
        total = have + int(answer.headers.get("Content-Length", 0))
        with self.part.open("ab" if have else "wb") as file:
            for piece in answer.iter_content(1 << 18):
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
