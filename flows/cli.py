"""The command line: `crossover --help`."""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

if sys.modules.get("__mp_main__", sys.modules["__main__"]) is not sys.modules["__main__"]:
    # this is the process of a scheduled run: Ctrl-C is for its parent, who ends it
    signal.signal(signal.SIGINT, signal.SIG_IGN)

import typer
from rich.markup import escape

from components.study.address import without_passwords
from flows.answer import EXAMPLES, answer
from flows.arguments import Setting, StudyFile, StudyName, names
from flows.catalogues import corpora, recognisers
from flows.command import WithSettings, every_setting
from flows.complaint import complaint
from flows.console import complaints, screen
from flows.own_package import new
from flows.speech import commands
from flows.statuses import MEANING
from flows.stop import status_of, stopping

QUICK = Path(__file__).with_name("quick.toml")
RARELY = (200_000, 20, 100)  # when garbage is looked for: importing makes none, and looking took a tenth
EXAMPLE = f"For example: crossover compare --corpus my.csv --sizes 50,200,800 --draws 5\n\n{MEANING}"

app = typer.Typer(
    help="How many labelled utterances does it take before an end-to-end recogniser beats a modular one?",
    epilog="Start with `crossover compare`: it makes its own speech, and has an answer in five minutes.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """Run the command line; what a user can mend is said in a sentence, without a stack trace."""
    gc.set_threshold(*RARELY)
    try:
        app()
    except Exception as error:
        if not (message := complaint(error)):
            raise
        complaints.print(f"[bold red]crossover:[/bold red] {escape(message)}")
        sys.exit(1)
    finally:
        gc.freeze()  # what is left goes with the process; to look through it takes seconds


@app.command(epilog=EXAMPLE, cls=WithSettings)
@every_setting
def compare(study: Path | None = None, **asked: Any) -> None:
    """Train and score every recogniser at every size, and say where end-to-end wins.

    Unless told what to compare: the built-in synthetic corpus, five minutes on two cores. Trials that were
    finished before are not run again, so it can be stopped and started at any time.
    """
    from components.study.study import run_settings
    from components.subjects import find_subject
    from flows.options import asked_study
    from flows.terminal import run_study

    given = {name for name, value in asked.items() if value is not None}
    compared = given - run_settings(find_subject().settings)
    wanted_study = asked_study(QUICK if study is None and not compared else study, asked)
    with stopping():
        try:
            status = run_study(wanted_study, screen)
        except KeyboardInterrupt as stop:
            with suppress(OSError):  # the terminal itself may be gone
                complaints.print("Stopped. Finished trials are kept: the same command goes on from there.")
            status = status_of(stop)
    if status:
        raise typer.Exit(status)


app.command(cls=WithSettings)(commands.check)
app.command(epilog=EXAMPLES, cls=WithSettings)(answer)


@app.command(
    epilog="For example, the newest run of fsdd and the one before: crossover report fsdd --beside fsdd",
    cls=WithSettings,
)
def report(
    study: StudyName = "",
    beside: Annotated[
        str, typer.Option(metavar="OTHER", help="compare with another study, or with STUDY's run before")
    ] = "",
    audio: Annotated[
        bool, typer.Option("--audio/--no-audio", help="with or without test recordings in the page")
    ] = True,
    label_price: Setting = None,
    hour_price: Setting = None,
    tracking: Setting = None,
    plugin: Setting = None,
) -> None:
    """Write a study's report again, from MLflow alone, and print its answer.

    With --beside, one page on two finished studies instead: another corpus, other code, another day.
    """
    from components.study.tracking import open_store
    from flows.options import take_in_files

    take_in_files(plugin)
    prices = {"label_price": label_price, "hour_price": hour_price}
    asked = {name: price for name, price in prices.items() if price is not None}
    if beside and (asked or not audio):
        raise ValueError(
            "--beside expected no price and no --no-audio: these are for a report on one study; "
            "leave them out."
        )
    if beside:
        from flows.study_diff import make_study_diff, show_study_diff

        show_study_diff(*make_study_diff(open_store(tracking or ""), study, beside), screen)
        return
    from flows.terminal import show_answer
    from flows.write_report import make_report

    made = make_report(open_store(tracking or ""), study, audio=audio, prices=asked, ended=False)
    show_answer(made.record, made.page, screen, tracking or "")


@app.command(cls=WithSettings)
def ceiling(
    study: StudyName = "",
    every_draw: Annotated[
        bool, typer.Option("--all", help="every draw of the training clips, not just the first of each size")
    ] = False,
    data: Setting = None,
    trust: Setting = None,
    tracking: Setting = None,
    plugin: Setting = None,
) -> None:
    """Say which stage holds the modular recognisers back: each in turn is replaced by the truth.

    Transcribes the study's test recordings again with every trained recogniser that is made of stages. The
    study's report then shows the table and the picture.
    """
    from components.study.tracking import open_store
    from flows.speech.ceiling_terminal import show_ceilings

    asked = (study, every_draw, data, names(trust), names(plugin))
    show_ceilings(open_store(tracking or ""), *asked, screen)


@app.command(cls=WithSettings)
def serve(
    study: Annotated[
        Path | None, typer.Argument(metavar="[STUDY]", help="a study file, JSON or TOML")
    ] = None,
    cron: Annotated[
        str, typer.Option(help='when to run, as a cron line: "0 3 * * *" is every night at 3')
    ] = "",
    every: Annotated[float | None, typer.Option(help="or every so many minutes")] = None,
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help="of --cron, such as Asia/Tokyo; if left out, this machine's")
    ] = "",
    corpus: Setting = None,
    data: Setting = None,
    name: Setting = None,
    tracking: Setting = None,
    plugin: Setting = None,
    port: Annotated[
        int, typer.Option(help="of the Prefect page on 127.0.0.1, unless PREFECT_API_URL is set")
    ] = 4200,
    allow: Annotated[
        str,
        typer.Option(
            metavar="NAME,...",
            help="settings that name stores, paths or commands (tracking, data, corpus ...) and that runs "
            "started from the page may set to others",
        ),
    ] = "",
) -> None:
    """Run a study on a schedule until stopped, with Prefect's page to watch it."""
    from flows.options import asked_study
    from flows.schedule_terminal import serve_study

    asked = {"corpus": corpus, "data": data, "name": name, "tracking": tracking, "plugin": plugin}
    serve_study(asked_study(study, asked), cron, every, timezone, port, allow, screen)


@app.command(cls=WithSettings)
def ui(
    port: Annotated[int, typer.Option(help="of the page on 127.0.0.1")] = 5000,
    host: Annotated[str, typer.Option(help="who may connect: 127.0.0.1 is this machine alone")] = "127.0.0.1",
    tracking: Setting = None,
) -> None:
    """Open MLflow's page over the recorded trials; stop it with Ctrl-C."""
    from components.study.tracking import open_store
    from flows.mlflow_page import addresses, become_server

    store = open_store(tracking or "")
    root = f"http://{host}:{port}" if store.folder else store.shown
    for what, address in addresses(store, root).items():
        screen.print(f"{what + ':':20} {address}", soft_wrap=True)
    if store.folder:
        screen.print(
            "It answers in some seconds. Group curves by the parameter recogniser. Usage reports are off, "
            "whatever MLflow's page says. Ctrl-C stops it.",
            soft_wrap=True,
        )
        become_server(store, host, port)


MICROPHONE = "For example, a microphone: arecord -f S16_LE -r 16000 | crossover transcribe RUN -"
app.command(epilog=MICROPHONE, cls=WithSettings)(commands.transcribe)
app.command(epilog=MICROPHONE.replace("transcribe RUN -", "listen RUN --keyword"), cls=WithSettings)(
    commands.listen
)
app.command(cls=WithSettings)(commands.explain)
app.command(cls=WithSettings)(commands.export)


@app.command(cls=WithSettings)
def relocate(tracking: Setting = None) -> None:
    """Tell a store that its folder was moved: MLflow keeps whole paths to what it recorded."""
    from components.study.tracking import Store, relocate

    store = Store(tracking or "")
    if store.folder is None:
        raise ValueError(
            f"relocate expected a store in a folder, got {store.shown}; a server keeps its paths."
        )
    screen.print(f"{store.folder}: {relocate(store.folder)} paths changed.", soft_wrap=True)


app.command()(new)
app.command(cls=WithSettings)(corpora)
app.command(cls=WithSettings)(recognisers)


@app.command(cls=WithSettings)
def doctor(
    study: StudyFile = None,
    corpus: Setting = None,
    data: Setting = None,
    tracking: Setting = None,
    dask: Setting = None,
    plugin: Setting = None,
) -> None:
    """Say what would fail tonight: what is missing, gone, full or does not answer, and what to do about it.

    With a study file or a corpus, its data are read and looked at, too. The exit status is 1 if anything
    would fail, for monitors.
    """
    from flows.doctor import findings
    from flows.options import asked_study

    asked = {"corpus": corpus, "data": data, "tracking": tracking, "dask": dask, "plugin": plugin}
    given = study is not None or any(value is not None for value in asked.values())
    marks = {True: "[green]ok  [/green]", False: "[red]FAILS[/red]", None: "[yellow]note[/yellow]"}
    rows = []
    for finding in findings(asked_study(study, asked) if given else None):
        rows.append(finding)
        text = escape(without_passwords(finding.text))
        screen.print(f"{marks[finding.good]}  {finding.what}: {text}", soft_wrap=True)
    if any(finding.good is False for finding in rows):
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
