"""Options that several commands share, and how errors leave the program."""

from __future__ import annotations

import errno
import functools
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from synthese.errors import SyntheseError
from synthese.study import Study, open_study

F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Context:
    """What the options before the command said.

    Parameters
    ----------
    study : Path
        Folder of the study.
    debug : bool
        Show tracebacks.
    """

    study: Path = Path()
    debug: bool = False

    def open(self) -> Study:
        """Open the study."""
        return open_study(self.study)


def command(function: F) -> F:
    """Give a command `--study` and `--debug`, also accepted before its name, and tell errors without traceback."""

    @click.option("--study", "study_folder", type=click.Path(path_type=Path), help="Folder of the study.")
    @click.option("--debug", "debug_here", is_flag=True, help="Show tracebacks.")
    @functools.wraps(function)
    def wrapped(ctx: click.Context, study_folder: Path | None, debug_here: bool, **options: Any) -> Any:
        context: Context = ctx.ensure_object(Context)
        context.study = study_folder or context.study
        context.debug = debug_here or context.debug
        try:
            return function(context, **options)
        except SyntheseError as error:
            _leave(context, error, str(error))
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # whoever read the output has left; click ends quietly
            place = f"{error.filename}: " if error.filename else ""
            _leave(
                context, error, f"{place}{error.strerror or error} → see the reason, then run the same command again"
            )
        except KeyboardInterrupt as error:
            _leave(context, error, "interrupted: nothing is half-written; run the same command to go on")

    return click.pass_context(wrapped)  # type: ignore[arg-type, return-value]


def _leave(context: Context, error: BaseException, message: str) -> None:
    if context.debug:
        traceback.print_exception(error, file=sys.stderr)
    for line in message.splitlines():
        click.echo(f"synthese: {line}" if not line.startswith(" ") else line, err=True)
    sys.exit(1)


def wave_options(function: F) -> F:
    """Give a command `--wave` (repeatable) and `--all`."""
    function = click.option("--all", "all_waves", is_flag=True, help="Every wave.")(function)
    return click.option(
        "--wave", "waves", multiple=True, metavar="W", help="A wave, by its id; can be repeated. Default: the newest."
    )(function)


def chosen_waves(study: Study, waves: tuple[str, ...], all_waves: bool) -> tuple[str, ...]:
    """Waves that the options name: all, those named, or the newest."""
    if all_waves and waves:
        raise click.UsageError("--all and --wave exclude each other")
    if all_waves:
        return study.wave_ids
    return tuple(dict.fromkeys(study.wave(wave).id for wave in waves)) or (study.newest,)


def engine_options(function: F) -> F:
    """Give a command `--engine` and `--to`."""
    function = click.option(
        "--to", "formats", default="html,pdf", show_default=True, callback=_formats, help="Formats, joined by commas."
    )(function)
    return click.option(
        "--engine",
        type=click.Choice(["auto", "quarto", "pandoc"]),
        default="auto",
        show_default=True,
        help="Who renders: Quarto, or pandoc with Typst; auto takes Quarto when it is found.",
    )(function)


def _formats(_ctx: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    formats = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))
    unknown = [item for item in formats if item not in ("html", "pdf", "docx")]
    if unknown or not formats:
        raise click.BadParameter(f"{', '.join(unknown) or 'nothing'}: take some of html, pdf, docx")
    return formats
