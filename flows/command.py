"""Commands whose options are settings of a study: these are looked up when the command is run or explained.

`crossover --help` alone, which lists the commands, then imports nothing of any study.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand

from flows.arguments import Setting


class WithSettings(TyperCommand):
    """A command whose parameters annotated with `Setting`, or all of its parameters, are settings."""

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **extra: Any) -> Any:
        return self.explicit(args).make_context(info_name, args, *more, **extra)

    def explicit(self, args: Sequence[str] = ()) -> Any:
        """Words behind the command -> the command with all its options, as they are for the subject named."""
        function = inspect.unwrap(self.callback)
        explicit = typer.Typer(add_completion=False)
        about = {"epilog": self.epilog, "cls": TyperCommand}
        if getattr(function, "every_setting", False):
            from flows.options import for_subject

            function, about = for_subject(function, args, about)
        explicit.command(**about)(with_options(function))
        return typer.main.get_command(explicit)


def every_setting(function: Callable[..., None]) -> Callable[..., None]:
    """Mark a function that takes a study file and every setting by keyword: its options are all of them."""
    function.every_setting = True
    function.__signature__, function.__annotations__ = inspect.Signature(), {}
    return function


def with_options(function: Callable[..., None]) -> Callable[..., None]:
    """A function -> the same with an option in the place of each `Setting`."""
    signature = inspect.signature(function, eval_str=True)
    if all(parameter.annotation != Setting for parameter in signature.parameters.values()):
        return function
    from flows.options import option

    @functools.wraps(function)
    def command(**asked: Any) -> None:
        function(**asked)

    command.__signature__ = signature.replace(
        parameters=[
            parameter.replace(annotation=option(name)) if parameter.annotation == Setting else parameter
            for name, parameter in signature.parameters.items()
        ]
    )
    command.__annotations__ = {}
    return command
