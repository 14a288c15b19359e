"""The command that lists what is wrong in a study's texts.

Belongs here: its options and its table. Does not: what is wrong.
"""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.table import Table

from synthese.cli.options import Context, command


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also what the typography filter mends by itself.")
@command
def lint(context: Context, everything: bool) -> None:
    """List what is wrong in the texts of the study: report, sentences, settings, codebook.

    What the report's typography mends by itself (spaces, quotation marks, apostrophes, dashes) is only counted; what
    an author has to mend is listed, with its place and what would be right, and makes the command fail.
    """
    from synthese.study.linting import lint_sources

    found = lint_sources(context.open())
    wrong = [one for one in found if one.level == "wrong"]
    shown = found if everything else wrong
    if shown:
        table = Table(show_lines=False)
        for title in ("where", "what stands there", "what would be right", "code", "level"):
            table.add_column(title, overflow="fold")
        for one in shown:
            table.add_row(f"{one.file}:{one.row}:{one.column}", one.found, one.fix, one.code, one.level)
        Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160).print(table)
    mended = len(found) - len(wrong)
    listed = "" if everything or not mended else " (--all lists them)"
    click.echo(f"{len(wrong)} wrong, {mended} mended by the typography filter{listed}")
    if wrong:
        sys.exit(1)
