"""What a Prefect server knows, asked as any page or script would."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any


def asked(server: str, what: str, **condition: Any) -> list[dict[str, Any]]:
    """Address of a server's API, and flow_runs, task_runs or deployments -> those that meet a condition."""
    return post(server, f"{what}/filter", {what: condition} if condition else {})


def post(server: str, path: str, body: dict[str, Any], **headers: str) -> Any:
    """A body for a path of the API -> the answer; HTTPError where it is refused."""
    kind = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{server}/{path}", json.dumps(body).encode(), kind | headers)
    for wait in (1, 2, 4, 8):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as busy:
            if busy.code != 503:  # its database is locked, as it is now and then on a busy machine
                raise
            time.sleep(wait)
    raise TimeoutError(f"{server} had no time in 15 s")
