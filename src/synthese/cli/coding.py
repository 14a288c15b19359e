"""The command that writes coding sheets.

Belongs here: its options and its table. Does not: sheets.
"""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.table import Table

from synthese.cli.options import Context, chosen_waves, command, wave_options


@click.command()
@wave_options
@click.option("--encoding", help="How sheets are written that are not UTF-8, such as cp1252; they become UTF-8.")
@click.argument("questions", nargs=-1, metavar="[QUESTION]...")
@command
def code(
    context: Context, waves: tuple[str, ...], all_waves: bool, encoding: str | None, questions: tuple[str, ...]
) -> None:
    """Write the sheets in which free answers are coded, or bring them up to date.

    A sheet is data/raw/<wave>/coding/<question>.csv, one row a text: put codes into `code`, and into `label` the
    French label of a new one. Without QUESTION, the sheets of every « Autre » that has texts and those there are.
    An open question has to be named.
    """
    from synthese.analysis import code_states, rewrite_as_utf8, write_sheets

    study = context.open()
    chosen = chosen_waves(study, waves, all_waves)
    if encoding is not None:
        for file in rewrite_as_utf8(study, study.wave_ids, encoding):
            click.echo(f"{file}: read as {encoding}, written as UTF-8")
    updates = write_sheets(study, chosen, questions)
    if not updates:
        click.echo("No free answer to code.")
        return
    table = Table(show_lines=False)
    for title in ("sheet", "texts", "new", "without code", "gone", ""):
        table.add_column(title, overflow="fold")
    for one in updates:
        numbers = (str(number) for number in (one.texts, one.new, one.left, one.gone))
        table.add_row(one.file, *numbers, "written" if one.changed else "up to date")
    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160)
    console.print(table)
    written = context.open()
    for wave in chosen:
        for state in code_states(written, wave):
            if state.words:
                console.print(f"{wave} {state.question}{f', code {state.code}' if state.code else ''}: {state.words}")
