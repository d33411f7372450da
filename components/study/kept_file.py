"""A file given as a setting -> its name and text in the setting, so that no later day needs the file."""

from __future__ import annotations

from pathlib import Path

HEAD = "#FILE "  # before the name, in the first line of such a setting
MOST_BYTES = 50_000_000


def keep_file(value: str) -> str:
    """A path, or what this gave before -> "#FILE name", a line break, the file's text.

    Raises ValueError for a file that cannot be read as UTF-8, or of more than MOST_BYTES.
    """
    if is_kept(value):
        return value
    path = Path(value).expanduser()
    try:
        if path.stat().st_size > MOST_BYTES:
            megabytes = f"{MOST_BYTES // 1_000_000} MB"
            raise ValueError(f"{path} expected at most {megabytes}, got more; prune it or give a part of it.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} expected UTF-8, got another encoding at byte {error.start}; convert it."
        ) from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    return f"{HEAD}{path.name}\n{text}"


def is_kept(value: object) -> bool:
    """Whether a setting's value is a file with its text."""
    return isinstance(value, str) and value.startswith(HEAD)


def file_name(kept: str) -> str:
    """What `keep_file` gave -> the file's name; "" for none."""
    return kept.partition("\n")[0].removeprefix(HEAD) if is_kept(kept) else ""


def file_text(kept: str) -> str:
    """What `keep_file` gave -> the file's text; "" for none."""
    return kept.partition("\n")[2] if is_kept(kept) else kept


def in_words(kept: str) -> str:
    """What `keep_file` gave -> name and length, for people."""
    return f"{file_name(kept)} ({len(file_text(kept).splitlines()):,} lines)"
