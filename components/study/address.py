"""Addresses as they are kept and shown: without the passwords in them."""

from __future__ import annotations

import os
import re

MASK = "***"
URI = "MLFLOW_TRACKING_URI"
USER, PASSWORD, TOKEN = "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN"
# what stands before the host, up to the last @, and values of parameters
USER_PART = re.compile(r"://(?:([^\s/:@]*:)?[^\s/]*)@")
QUERY = re.compile(r"([?&][^=&\s]*(?:password|passwd|pwd|token|secret|api_?key)=)[^&\s'\"]+", re.IGNORECASE)


def without_passwords(text: str) -> str:
    """Any text with addresses in it -> the same with *** for their passwords and tokens.

    "http://ann:s3cret@host" -> "http://ann:***@host".
    """
    return QUERY.sub(rf"\1{MASK}", USER_PART.sub(lambda found: f"://{found[1] or ''}{MASK}@", text))


def with_password(address: str) -> str:
    """An address as it was kept -> the one to connect to, with what the environment knows.

    Raises ValueError where its password is masked and the environment has none.
    """
    if MASK not in address:
        return address
    known = os.environ.get(URI, "")
    if without_passwords(known) == address:
        return known
    if address.startswith("http") and (os.environ.get(PASSWORD) or os.environ.get(TOKEN)):
        return USER_PART.sub("://", address)
    raise ValueError(
        f"the MLflow store expected the password of {address} in the environment, as it is kept nowhere, got "
        f"none; set {USER} and {PASSWORD}, or {URI} to the whole address."
    )
