"""The time zone that a schedule's hours are in: the one named, else this machine's."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import tzlocal

from components.errors import did_you_mean


def zone_of(name: str = "") -> str:
    """Name of a zone, "" for the machine's (TZ, else /etc/localtime) -> its IANA name, such as Asia/Tokyo.

    Raises ValueError for a name that is unknown, and for a machine whose zone has none.
    """
    if not name:
        return _machine_zone()
    known = available_timezones()
    if name not in known:
        hint = did_you_mean(name, known) or "Asia/Tokyo and Europe/Berlin are two, UTC is another."
        raise ValueError(f"--timezone expected the name of a time zone, got {name!r}; {hint}")
    return name


def _machine_zone() -> str:
    try:
        name = tzlocal.reload_localzone().key
        offset = datetime.now(ZoneInfo(name)).utcoffset()
    except (AttributeError, ValueError, LookupError, OSError):  # a TZ that is no zone's name
        raise _unnamed() from None
    if offset is None or offset.total_seconds() != time.localtime().tm_gmtoff:
        raise _unnamed()
    return name


def _unnamed() -> ValueError:
    return ValueError(
        "a schedule expected this machine's time zone by name, got one without; name it with --timezone, for "
        "example Asia/Tokyo."
    )
