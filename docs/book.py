"""What MkDocs asks while it builds the book: the reference, made from the code, and links out of the book.

on_config: pages of docs/ that the navigation does not name join the how-tos. on_files: the pages of the
reference. on_page_markdown: a link to a file of the project, which is not in the book, becomes its name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s:]+)\)")
HOW_TO, REFERENCE = "How to", "Reference"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The navigation with every page of docs/ that it does not name, and with the reference."""
    sys.path[:0] = [str(ROOT), str(ROOT / "components" / "library")]  # the code of this checkout
    sections = {
        name: pages for entry in config.nav if isinstance(entry, dict) for name, pages in entry.items()
    }
    named = set(re.findall(r"[\w/-]+\.md", str(config.nav)))
    sections[HOW_TO] += sorted(
        path.name for path in Path(config.docs_dir).glob("*.md") if path.name not in named
    )
    sections[REFERENCE] += [*(f"reference/{name}.md" for name in PAGES), "reference/metrics.md"]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The pages of the book and those of the reference."""
    for name, lines in PAGES.items():
        content = "\n".join(lines()) + "\n"
        files.append(File.generated(config, f"reference/{name}.md", content=content))
    return files


def on_page_markdown(markdown: str, page: Any, files: Files, **_: Any) -> str:
    """A page -> the same with links to what is in the project and no page of the book as plain names."""
    folder = Path(page.file.src_uri).parent

    def as_name(link: re.Match) -> str:
        target = (ROOT / "docs" / folder / link[2].partition("#")[0]).resolve()
        in_book = target.is_file() and target.is_relative_to(ROOT / "docs")
        plain = target.is_relative_to(ROOT) and target.exists() and not in_book and link[2][0] != "#"
        return f"`{target.relative_to(ROOT)}`" if plain else link[0]

    return LINK.sub(as_name, markdown)


def recogniser_pages() -> Iterator[str]:
    """Every recogniser of the catalogue and its settings."""
    from components.recognisers import catalogue

    yield "# Recognisers\n"
    yield "Each by its name in `--recognisers`. A setting is changed with `--set NAME.SETTING=VALUE`, in a"
    yield "study file under `[settings.NAME]`, or in a notebook by `build_recogniser(NAME, SETTING=VALUE)`.\n"
    for name, recipe in catalogue().items():
        yield f"## {name}\n"
        yield f"*{recipe.family}{', compared where none is named' if recipe.usual else ''}*\n"
        yield f"{dedented(recipe.build.__doc__)}\n"
        yield from table(("setting", "usually", ""), _knobs(recipe.build()))


def _knobs(recogniser: Any) -> Iterator[tuple[str, ...]]:
    """An untrained recogniser -> name, value and type of each of its settings that is no part itself."""
    from components.study.check_settings import described

    for name, value in sorted(recogniser.get_params(deep=True).items()):
        owner, _, last = name.rpartition("__")
        part = recogniser.get_params(deep=True)[owner] if owner else recogniser
        hint = _hints(type(part)).get(last)
        if not hasattr(value, "get_params") and hint is not None:
            yield f"`{name}`", f"`{value!r}`", described(hint)


def _hints(kind: type) -> Mapping[str, Any]:
    from typing import get_type_hints

    return get_type_hints(kind.__init__) if kind.__module__.startswith("components.") else {}


def setting_pages() -> Iterator[str]:
    """Every setting of a study of speech."""
    from components.study.study import RUN, about, typed_names
    from components.subjects import find_subject

    fields = typed_names(find_subject().settings)
    yield "# Settings of a study\n"
    yield "In a study file by these names, on the command line as `--name` with hyphens, in a notebook as"
    yield "`compare(name=...)`. `crossover compare --help` has them, too.\n"
    for title, is_run in (("What is compared", False), ("How it is run and reported", True)):
        yield f"## {title}\n"
        own = {name: field for name, field in fields.items() if bool(about(field, RUN)) == is_run}
        rows = (
            (f"`{name}`", f"`{field.get_default(call_default_factory=True)!r}`", field.description or "")
            for name, field in own.items()
        )
        yield from table(("setting", "usually", ""), rows)


def corpus_pages() -> Iterator[str]:
    """Every corpus that has a name."""
    from components.speech.corpus import named_corpora

    yield "# Corpora by name\n"
    yield "Read from `--data`, or the folder in `CROSSOVER_DATA`, or downloaded when they are asked for. Your"
    yield "own recordings are [asked for by their path](../how-to/recordings.md).\n"
    rows = ((f"`{name}`", corpus.summary) for name, corpus in named_corpora().items())
    yield from table(("corpus", ""), rows)


def column_pages() -> Iterator[str]:
    """Every name that a column may have, of recordings and of results."""
    from components.external.columns import FIELDS
    from components.speech.corpus.readers.columns import COLUMNS, REQUIRED

    yield "# Columns\n"
    yield "Names are read without regard to capitals, spaces and hyphens: `Speaker ID` is `speaker_id`.\n"
    yield "## Of recordings\n"
    yield f"Of a CSV, TSV or JSON Lines file; {' and '.join(REQUIRED)} are needed, all others help.\n"
    yield from table(("field", "names"), _names(COLUMNS))
    yield "## Of results\n"
    yield "Of tables that [crossover answer](../own-results.md) reads; `--column FIELD=NAME` names others.\n"
    yield from table(("field", "names"), _names(FIELDS))


def _names(fields: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    for field, names in fields.items():
        yield f"`{field}`", ", ".join(f"`{name}`" for name in names)


def command_pages() -> Iterator[str]:
    """Every command with its arguments and options."""
    from typer.main import get_command

    from flows.cli import app
    from flows.command import WithSettings

    yield "# Commands\n"
    for name, command in get_command(app).commands.items():
        command = command.explicit() if isinstance(command, WithSettings) else command
        yield f"## crossover {name}\n"
        yield f"{dedented(command.help)}\n"
        rows = [_parameter(one) for one in command.params if not getattr(one, "hidden", False)]
        yield from table(("typed", ""), [row for row in rows if row[0] != "`--help`"])
        if command.epilog:
            yield f"{command.epilog.replace('<', '&lt;')}\n"


def _parameter(parameter: Any) -> tuple[str, str]:
    """An argument or option -> how it is typed, and its help with its default."""
    is_option, help_text = parameter.opts[0].startswith("-"), getattr(parameter, "help", None) or ""
    words = [", ".join([*parameter.opts, *parameter.secondary_opts])] if is_option else []
    words += filter(None, [parameter.metavar or ("" if is_option else parameter.name.upper())])
    usual = parameter.default
    if is_option and type(usual) in (int, float, str) and usual != "" and "(default" not in help_text:
        help_text += f" (default: {usual})"
    return f"`{' '.join(words)}`", help_text


def library_pages() -> Iterator[str]:
    """Every name of the package crossover, by mkdocstrings."""
    import crossover

    yield "# Library\n"
    yield "What `import crossover` has. [In a notebook](../how-to/notebook.md) shows it at work.\n"
    for home, names in crossover.HOMES.items():
        for name in names:
            yield f"::: {home}.{name}\n"


def dedented(text: str | None) -> str:
    """A docstring -> its paragraphs, plain."""
    from inspect import cleandoc

    return cleandoc(text or "").replace("<", "&lt;").replace("\b", "")


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Column names and rows -> lines of a Markdown table; nothing for no rows."""
    lines = [" | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    if lines:
        yield f"| {' | '.join(head)} |"
        yield "|" + " --- |" * len(head)
        yield from (f"| {line} |" for line in lines)
        yield ""


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "commands": command_pages,
    "recognisers": recogniser_pages,
    "settings": setting_pages,
    "corpora": corpus_pages,
    "columns": column_pages,
    "library": library_pages,
}
