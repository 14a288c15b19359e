"""The commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

import synthese
from synthese.cli.coding import code
from synthese.cli.linting import lint
from synthese.cli.options import Context, chosen_waves, command, engine_options, wave_options
from synthese.cli.progress import Printer
from synthese.errors import Fault, SyntheseError

if TYPE_CHECKING:
    from synthese.rendering import Engine
    from synthese.study import Study


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--study", type=click.Path(path_type=Path), default=Path(), help="Folder of the study.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.version_option(synthese.__version__, prog_name="synthese")
@click.pass_context
def cli(ctx: click.Context, study: Path, debug: bool) -> None:
    """From the raw answers of a questionnaire to a published synthesis."""
    ctx.obj = Context(study, debug)


cli.add_command(code)
cli.add_command(lint)


@cli.command()
@wave_options
@click.option("--jobs", type=click.IntRange(min=1), help="Tasks at the same time. Default: number of cores, 4 at most.")
@click.option("--force", is_flag=True, help="Do everything again.")
@engine_options
@command
def run(
    context: Context,
    waves: tuple[str, ...],
    all_waves: bool,
    jobs: int | None,
    force: bool,
    engine: Engine,
    formats: tuple[str, ...],
) -> None:
    """Run the notebooks of one or more waves and render their reports; skip what is up to date."""
    from synthese.batch import check_ready
    from synthese.batch import run as run_batch

    study = context.open()
    chosen = chosen_waves(study, waves, all_waves)
    check_ready(study, chosen)
    printer = Printer()
    report = run_batch(
        study,
        chosen,
        jobs=jobs or min(4, os.cpu_count() or 1),
        force=force,
        engine=engine,
        formats=formats,
        listener=printer,
    )
    if report.done:
        click.echo(f"{len(report.done)} tasks done, {len(report.current)} up to date, {report.seconds:.1f} s")
    else:
        click.echo("Nothing to do: everything is up to date.")
    _tell(report.outputs, formats)


@cli.command()
@wave_options
@engine_options
@command
def render(context: Context, waves: tuple[str, ...], all_waves: bool, engine: Engine, formats: tuple[str, ...]) -> None:
    """Render the report of one or more waves from their stored artefacts."""
    from synthese.rendering import render as render_wave
    from synthese.rendering import write_index
    from synthese.study import alone

    study = context.open()
    chosen = chosen_waves(study, waves, all_waves)
    printer = Printer()
    with alone(study):
        outputs = {
            wave: list(
                render_wave(
                    study,
                    wave,
                    engine=engine,
                    formats=formats,
                    findings=_findings(study, wave),
                    listener=printer,
                ).paths
            )
            for wave in chosen
        }
        write_index(study)
    _tell(outputs, formats)


def _findings(study: Study, wave: str) -> int:
    """Read how many findings a wave stands with; what checks it takes seconds to import, and is seldom needed."""
    from synthese.study import read_standing

    known = read_standing(study, wave)
    if known is not None:
        return known
    from synthese.batch import findings_of

    return findings_of(study, wave)


def _tell(outputs: dict[str, list[Path]], formats: tuple[str, ...]) -> None:
    here = Path.cwd()
    for wave, paths in outputs.items():
        for path in paths:
            shown = path.relative_to(here) if path.is_relative_to(here) else path
            if path.suffix in (".html", ".pdf", ".docx"):
                left = path.stem == "synthese" and path.suffix[1:] not in formats
                click.echo(f"{wave}: {shown}{' (left by an earlier run)' if left else ''}")


@cli.command()
@wave_options
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), help="Write the findings to this file too.")
@command
def check(context: Context, waves: tuple[str, ...], all_waves: bool, csv_file: Path | None) -> None:
    """Check the codebook, the settings and the raw answers; change nothing."""
    from synthese.analysis import write_findings
    from synthese.batch import check as check_waves

    study = context.open()
    found = check_waves(study, chosen_waves(study, waves, all_waves))
    told = [*found.errors, *found.remarks]
    if csv_file is not None:
        write_findings(told, csv_file)
    _table(told)
    looked_at = f", {len(found.reviewed)} reviewed" if found.reviewed else ""
    click.echo(f"{len(found.errors)} errors, {len(found.remarks)} remarks{looked_at}")
    if found.errors:
        sys.exit(1)


def _table(faults: list[Fault]) -> None:
    if not faults:
        return
    table = Table(show_lines=False)
    for title in ("code", "where", "what", "what would be right"):
        table.add_column(title, overflow="fold")
    for fault in faults:
        table.add_row(fault.code, fault.where, fault.what, fault.fix or "")
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160).print(table)


@cli.command()
@click.option("--wave", required=True, help="Wave whose questionnaire is answered.")
@click.option("--size", type=click.IntRange(min=1), help="Respondents. Default: as the wave's plan says.")
@click.option("--seed", type=int, help="Same seed, same export.")
@click.option("--tool", help="Tool whose export is written. Default: the wave's.")
@click.option("--variant", help="One of the tool's ways to write it. Default: the wave's, or the usual one.")
@click.option("--plan", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Plan of key counts.")
@click.option("--output", "-o", type=click.Path(path_type=Path), required=True, help="File to write.")
@command
def simulate(
    context: Context,
    wave: str,
    size: int | None,
    seed: int | None,
    tool: str | None,
    variant: str | None,
    plan: Path | None,
    output: Path,
) -> None:
    """Write a synthetic export as a tool would write it."""
    from synthese.simulation import simulate_export

    study = context.open()
    if output.exists():  # it may be the answers of a survey
        fix = "name another file, or move this one away"
        raise SyntheseError.of("would-overwrite", "this file is there already", file=output, fix=fix)
    if not tool and not any(known.id == wave for known in study.waves):
        click.echo(f"Wave {wave!r} has no wave.yml yet: written as `tool: plain`; --tool asks for another", err=True)
    rows = simulate_export(study, wave, output, tool=tool, size=size, seed=seed, plan=plan, variant=variant)
    click.echo(f"{output}: {rows} synthetic answers")


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from", "export", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Export to start from."
)
@click.option(
    "--structure",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File of the form itself (.lss, XLSForm): questions and options come from it.",
)
@click.option("--wave", help="Id of the wave. Default: the year of its first answer.")
@click.option("--tool", help="Tool that wrote it.")
@click.option("--title", help="Title of the study.")
@click.option("--encoding", help="Encoding of the export, where it cannot be found out.")
@click.option("--delimiter", help="Delimiter of the export, where it cannot be found out.")
@click.option("--header-row", type=click.IntRange(1), help="Row the header begins in, where lines stand above it.")
@click.option("--last-row", type=click.IntRange(1), help="Row of the last answer, where lines stand below it.")
@command
def init(
    _context: Context,
    folder: Path,
    export: Path | None,
    structure: Path | None,
    wave: str | None,
    tool: str | None,
    title: str | None,
    encoding: str | None,
    delimiter: str | None,
    header_row: int | None,
    last_row: int | None,
) -> None:
    """Make a new study in a folder; with --from and a folder that is a study, add the export as one more wave."""
    from synthese.scaffold import make

    made = make(
        folder,
        title=title,
        export=export,
        structure=structure,
        wave=wave,
        tool=tool,
        encoding=encoding,
        delimiter=delimiter,
        header_row=header_row,
        last_row=last_row,
    )
    for path in made.written:
        click.echo(path)
    for line in made.told:
        click.echo(line)
    if not made.written:
        click.echo("Nothing written: this study is there already.")
    of = f" --wave {made.wave}" if made.wave else ""
    click.echo(f"Next: synthese check --study {folder}{of}, then synthese run --study {folder}{of}")


@cli.command()
@command
def doctor(context: Context) -> None:
    """Tell what this machine has and can do."""
    from synthese.doctor import diagnose

    checks = diagnose(context.study)
    for item in checks:
        fix = f" → {item.fix}" if item.fix and item.status != "ok" else ""
        click.echo(f"{item.status:<5} {item.name:<24} {item.detail}{fix}")
    if any(item.status == "fail" for item in checks):
        sys.exit(1)


@cli.command()
@wave_options
@command
def verify(context: Context, waves: tuple[str, ...], all_waves: bool) -> None:
    """Verify that what was rendered is what was released, and that nothing private is in it."""
    from synthese.audit import UNCHECKED
    from synthese.audit import verify as verify_wave

    study = context.open()
    faults = [fault for wave in chosen_waves(study, waves, all_waves) for fault in verify_wave(study, wave)]
    if faults:
        raise SyntheseError(faults)
    click.echo("Verified: nothing to report.")
    for left in UNCHECKED:
        click.echo(f"Not looked at: {left}")


@cli.command()
@click.argument("left", type=click.Path(path_type=Path, exists=True))
@click.argument("right", type=click.Path(path_type=Path, exists=True))
@command
def diff(_context: Context, left: Path, right: Path) -> None:
    """Compare two builds, or two renderings: what was added, removed or changed.

    LEFT and RIGHT are folders: two copies of a study that were run, or two of data/processed/<wave>. Or they are
    files, .html, .pdf or .docx of one report, by any engine: text, headings, figures, tables, notes and links.
    """
    from synthese.audit import diff as compare
    from synthese.audit import renderings

    if left.is_file() != right.is_file():
        raise SyntheseError.of(
            "unlike-builds", "one of the two is a file and the other a folder", fix="give two renderings or two builds"
        )
    files = left.is_file()
    differences = (
        [str(unlike) for unlike in renderings.compare(renderings.read(left), renderings.read(right))]
        if files
        else [str(difference) for difference in compare(left, right)]
    )
    for difference in differences:
        click.echo(difference)
    click.echo(f"{len(differences)} differences" if differences else "No difference.")
    for left_out in renderings.LEFT_OUT if files else ():
        click.echo(f"Not looked at: {left_out}")
