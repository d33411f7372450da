"""The Prefect server that a command starts answers this machine's programs and its own pages, nobody else."""

import json
import urllib.error
import urllib.request

import pytest

FLOW = json.dumps({"name": "made-by-a-foreign-page"}).encode()


def answer(url, body=None, **headers):
    """A request -> its status, headers, and what was said."""
    request = urllib.request.Request(url, body, {name.replace("_", "-"): v for name, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=30) as given:
            return given.status, given.headers, given.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read().decode()


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_a_foreign_page_makes_nothing(server, kind):
    status, headers, said = answer(f"{server}/flows/", FLOW, Origin="http://evil.example", Content_Type=kind)
    assert (status, said) == (
        403,
        "this server expected its own pages, got a request of 'http://evil.example'.\n",
    )
    assert "access-control-allow-origin" not in headers
    _, _, found = answer(f"{server}/flows/filter", b"{}", Content_Type="application/json")
    assert "made-by-a-foreign-page" not in found


def test_a_foreign_page_reads_nothing(server):
    assert answer(f"{server}/health", Origin="null")[0] == 403
    assert answer(f"{server}/health", Origin="http://127.0.0.1:1")[0] == 403


def test_a_foreign_name_that_leads_here_is_refused(server):
    status, _, said = answer(f"{server}/health", Host="evil.example:4200")
    assert (status, said) == (
        403,
        "this server expected to be called 127.0.0.1 or localhost, got 'evil.example:4200'.\n",
    )


def test_programs_and_its_own_pages_are_answered_by_any_name_of_loopback(server):
    port = server.split(":")[2].partition("/")[0]
    assert answer(f"{server}/health")[0] == 200
    assert answer(f"{server}/health", Host=f"localhost:{port}")[0] == 200
    for origin in (f"http://127.0.0.1:{port}", f"http://localhost:{port}", f"http://[::1]:{port}"):
        status, headers, _ = answer(f"{server}/health", Origin=origin)
        assert (status, headers["access-control-allow-origin"]) == (200, origin)


def test_a_page_behind_a_tunnel_of_another_port_is_its_own(server):
    assert answer(f"{server}/health", Host="localhost:9999", Origin="http://localhost:9999")[0] == 200
