"""A corpus from its publisher: here a server on loopback that knows Range, and breaks off on request."""

import hashlib
import io
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import soundfile

from components.speech.corpus import fsdd, read_corpus
from components.speech.corpus.download import RemoteArchive, download


def archive() -> bytes:
    """fsdd as its home has it, with three recordings; white noise, so that it does not compress away."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for index in (0, 7, 9):
            wav = io.BytesIO()
            soundfile.write(wav, np.random.default_rng(index).normal(0, 0.1, 300_000), 8000, format="WAV")
            info = tarfile.TarInfo(f"free-spoken-digit-dataset-1.0.10/recordings/3_ann_{index}.wav")
            info.size = len(wav.getvalue())
            tar.addfile(info, io.BytesIO(wav.getvalue()))
    return out.getvalue()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body, start = self.server.body, 0
        asked = self.headers.get("Range")
        self.server.asked.append(asked)
        if asked and self.headers.get("If-Range", '"v1"') == '"v1"':
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body) - start))
        self.send_header("ETag", '"v1"')
        self.end_headers()
        until = self.server.cuts.pop(0) if self.server.cuts else len(body)
        self.wfile.write(body[start:until])

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    one = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    one.body, one.asked, one.cuts = archive(), [], []
    threading.Thread(target=one.serve_forever, daemon=True).start()
    yield one
    one.shutdown()
    one.server_close()


def remote(server, sha256=None) -> RemoteArchive:
    return RemoteArchive(
        "fsdd", f"http://127.0.0.1:{server.server_address[1]}/fsdd.tar.gz", "https://example.org/fsdd", sha256
    )


def test_a_corpus_is_fetched_unpacked_and_read_once(server, tmp_path, monkeypatch, capfd):
    monkeypatch.delenv("CROSSOVER_DATA", raising=False)
    monkeypatch.setattr(fsdd, "ARCHIVE", remote(server, hashlib.sha256(server.body).hexdigest()))
    progress_calls = []
    corpus = read_corpus(
        "fsdd", cache=tmp_path, max_seconds=60, progress=lambda *now: progress_calls.append(now)
    )
    assert corpus.parts == ["test", "train", "train"] and corpus.texts == ["three"] * 3
    assert (len(server.body), len(server.body), "downloading fsdd (bytes)") in progress_calls
    read_corpus("fsdd", cache=tmp_path, max_seconds=60)
    assert len(server.asked) == 1 and capfd.readouterr() == ("", "")


def test_a_connection_cut_half_way_goes_on_where_it_broke_off(server, tmp_path):
    server.cuts = [len(server.body) // 2]
    folder = download(remote(server, hashlib.sha256(server.body).hexdigest()), tmp_path)
    assert len(list((folder / "recordings").iterdir())) == 3
    assert server.asked[0] is None and int(server.asked[1].removeprefix("bytes=").rstrip("-")) > 0


def test_after_three_cuts_it_says_so_and_the_next_run_goes_on(server, tmp_path):
    half = len(server.body) // 2
    server.cuts = [half, half, half]
    with pytest.raises(ConnectionError) as error:
        download(remote(server), tmp_path)
    bytes_left = (tmp_path / "downloads" / "fsdd" / "fsdd.tar.gz.part").stat().st_size
    assert (
        0 < bytes_left <= half
        and f"The {bytes_left} bytes that came are kept: the next try goes on from there." in str(error.value)
    )
    assert (download(remote(server), tmp_path) / "recordings").is_dir()
    assert server.asked[-1] == f"bytes={bytes_left}-"


def test_another_file_at_the_same_address_is_begun_anew(server, tmp_path):
    server.cuts = [1000] * 3
    with pytest.raises(ConnectionError):
        download(remote(server), tmp_path)
    (tmp_path / "downloads" / "fsdd" / "fsdd.tar.gz.etag").write_text('"v0"')
    assert (
        download(remote(server, hashlib.sha256(server.body).hexdigest()), tmp_path) / "recordings"
    ).is_dir()


def test_a_wrong_checksum_is_refused_and_nothing_is_kept(server, tmp_path):
    with pytest.raises(ValueError) as error:
        download(remote(server, "0" * 64), tmp_path)
    assert str(error.value).startswith(
        f"{remote(server).url} sent something else than expected and it was deleted: "
    )
    assert "0" * 64 in str(error.value) and hashlib.sha256(server.body).hexdigest() in str(error.value)
    assert not list((tmp_path / "downloads" / "fsdd").glob("fsdd*"))


def test_without_a_published_checksum_the_first_one_is_held_to(server, tmp_path):
    folder = download(remote(server), tmp_path)
    folder.parent.rename(tmp_path / "elsewhere")
    server.body = archive()[:-1] + b"x"
    with pytest.raises(ValueError, match="sent something else than expected"):
        download(remote(server), tmp_path)


def test_a_refused_connection_says_what_to_do(server, tmp_path):
    nobody = remote(server)
    server.shutdown()
    server.server_close()
    with pytest.raises(ConnectionError) as error:
        download(nobody, tmp_path)
    assert str(error.value) == (
        f"Could not download 'fsdd' from {nobody.url}: ConnectionError. Offline: get it on another "
        "machine (see https://example.org/fsdd), unpack it, and give that folder with --data or "
        "CROSSOVER_DATA; or use spoken-commands, which needs no download."
    )


def test_an_archive_cannot_write_outside_its_folder(server, tmp_path):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../../../../escaped"), io.BytesIO())
    server.body = out.getvalue()
    with pytest.raises(tarfile.FilterError):
        download(remote(server), tmp_path / "cache" / "a" / "b")
    assert not list(tmp_path.rglob("escaped"))
