"""Who may speak to a server on loopback: this machine's programs, and pages that the server itself gave.

A browser sends what any page asks of it, with the page's origin, to 127.0.0.1 as well; and a foreign name
that leads there (DNS rebinding) makes a foreign page look like one of our own.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
Message = MutableMapping[str, Any]


def origins(port: int) -> list[str]:
    """Port of a server on loopback -> the origins of its own pages, as browsers write them."""
    return [f"http://{f'[{name}]' if ':' in name else name}:{port}" for name in LOOPBACK_NAMES]


class OwnPagesOnly:
    """ASGI middleware: 403 for a Host that is not loopback, or an Origin that is not the server's own."""

    def __init__(self, app: Any, port: int) -> None:
        self.app, self.own = app, origins(port)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        refused = self._refusal(scope) if scope["type"] in ("http", "websocket") else ""
        if not refused:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused})
        else:
            plain = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": plain})
            await send({"type": "http.response.body", "body": refused.encode()})

    def _refusal(self, scope: Message) -> str:
        """A request -> why it is refused; "" where it is not."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get("host", ""), headers.get("origin")
        if _name(f"//{host}") not in LOOPBACK_NAMES:
            return f"this server expected to be called 127.0.0.1 or localhost, got {host!r}.\n"
        if origin is not None and origin not in (*self.own, f"http://{host}"):
            return f"this server expected its own pages, got a request of {origin!r}.\n"
        return ""


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
