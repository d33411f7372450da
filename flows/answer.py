"""The command `crossover answer`: results made elsewhere, without audio and without training."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from flows.arguments import Setting
from flows.console import screen

ABOUT = "What they are"
READ = "How they are read"
EXAMPLES = (
    "For example, a table: crossover answer results.csv --modular kaldi --end-to-end whisper\n\n"
    "Transcripts, by what stands in their paths: crossover answer 'exp/{system}/{hours}h/text' "
    "--reference data/test/text --modular tri3b --end-to-end conformer\n\n"
    "Runs of MLflow: crossover answer mlflow:my-experiment --filter \"params.corpus = 'ami'\" "
    "--column system=recipe"
)


def answer(
    results: Annotated[
        list[str],
        typer.Argument(
            metavar="RESULTS...",
            help="tables (CSV, TSV, JSON Lines, Parquet) of system, size and errors; transcripts, by a path "
            "with {system} and {size} or {hours} in it; mlflow:EXPERIMENT or mlflow:EXPERIMENT@ADDRESS",
        ),
    ],
    modular: Annotated[str, typer.Option(metavar="NAME,...", help="the modular systems")] = "",
    end_to_end: Annotated[str, typer.Option(metavar="NAME,...", help="the end-to-end systems")] = "",
    unit: Annotated[
        str, typer.Option(help='what is labelled, where it is not speech: "pages"', rich_help_panel=ABOUT)
    ] = "",
    error: Annotated[
        str, typer.Option(help='errors as a share: "pages misfiled"', rich_help_panel=ABOUT)
    ] = "",
    name: Annotated[
        str, typer.Option(help="of the study; empty: the first file's", rich_help_panel=ABOUT)
    ] = "",
    notice: Annotated[
        str, typer.Option(help="what readers of the page are told, such as the source", rich_help_panel=ABOUT)
    ] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=COLUMN",
            help="which column is the system, family, size, hours, draw, seed, group, id, errors, total, "
            "rate, reference or hypothesis, where its name does not say; repeatable",
            rich_help_panel=READ,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=VALUE",
            help="read rows with this value alone, such as test=clean; repeatable",
            rich_help_panel=READ,
        ),
    ] = None,
    rates: Annotated[
        Literal["percent", "share"] | None,
        typer.Option(help="what rates are in, where it cannot be told", rich_help_panel=READ),
    ] = None,
    reference: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="references by id: Kaldi's text, with utt2spk beside it or not, sclite's .trn, or a table",
            rich_help_panel=READ,
        ),
    ] = "",
    language: Annotated[
        str, typer.Option(metavar="CODE", help="of transcripts; empty: as they look", rich_help_panel=READ)
    ] = "",
    verbatim: Annotated[
        bool,
        typer.Option("--verbatim", help="score transcripts with case and punctuation", rich_help_panel=READ),
    ] = False,
    filter: Annotated[str, typer.Option(help="of runs, in MLflow's words", rich_help_panel=READ)] = "",
    accept: Annotated[
        str,
        typer.Option(
            metavar="NAME,...", help="checks that would stop it, to go on knowingly", rich_help_panel=READ
        ),
    ] = "",
    tracking: Setting = None,
) -> None:
    """Answer from results made elsewhere: sentence, page, pictures, and a study in MLflow.

    Needs no audio and trains nothing. What each column was taken for is said, and so is what cannot be known
    from the results; what cannot be understood is refused.
    """
    from components.external.asked import Asked
    from flows.ending import exit_status
    from flows.external import show_results

    asked = Asked(
        modular=_listed(modular),
        end_to_end=_listed(end_to_end),
        columns=dict(_pair("--column", "FIELD=COLUMN", text) for text in column or []),
        only=dict(_pair("--only", "COLUMN=VALUE", text) for text in only or []),
        reference=reference,
        language=language,
        verbatim=verbatim,
        rates=rates or "",
        unit=unit,
        error=error,
        name=name,
        notice=notice,
    )
    record = show_results(results, asked, filter, _listed(accept), tracking or "", screen)
    if status := exit_status(record):
        raise typer.Exit(status)


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _pair(option: str, form: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise ValueError(f"{option} expected {form}, got {text!r}; write both around an equals sign.")
    return name.strip(), value.strip()
