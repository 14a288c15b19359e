"""Running one notebook by papermill, so that whatever fails stops the run and says where."""

from __future__ import annotations

import copy
import logging
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from synthese.errors import Fault, SyntheseError
from synthese.events import Event, Listener, silent
from synthese.files import told_where, write_text
from synthese.notebooks.inspection import check_parameters, declared_parameters, read_notebook
from synthese.notebooks.nursery import Nursery

_CELL_TIMEOUT = 1800
_START_TIMEOUT = 120
_OUTPUT_TIMEOUT = 120
# Python quotes the value that it could not read: addresses and telephone numbers are not for a log.
_PERSONAL = re.compile(r"[^\s'\"<>]+@[^\s'\"<>]+|\+?\d(?:[\s.-]?\d){8,}")


class _TellingEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's engine, telling each code cell to a listener as it starts."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        listener: Listener = silent,
        told: tuple[str, str] = ("", ""),
        manager: type[AsyncKernelManager] = AsyncKernelManager,
        **kwargs: Any,
    ) -> Any:
        steps = _steps(nb_man.nb)
        start = nb_man.cell_start

        def cell_start(cell: Any, cell_index: int | None = None, **more: Any) -> None:
            if cell_index in steps:
                done, title = steps[cell_index]
                listener(Event("step", told[0], told[1], title, done, len(steps)))
            start(cell, cell_index, **more)

        nb_man.cell_start = cell_start
        # Not a ready manager: nbclient would leave its kernel alive.
        # On a busy machine nbclient would go on without a cell's output, after a warning.
        patience = {"iopub_timeout": _OUTPUT_TIMEOUT, "raise_on_iopub_timeout": True}
        return super().execute_managed_notebook(nb_man, kernel_name, kernel_manager_class=manager, **patience, **kwargs)


papermill_engines.register("synthese", _TellingEngine)


def _steps(notebook: nbformat.NotebookNode) -> dict[int, tuple[int, str]]:
    """Give each code cell its number among them and the heading that stands above it."""
    steps: dict[int, tuple[int, str]] = {}
    heading = ""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            titles = [line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#")]
            heading = titles[-1] if titles else heading
        elif cell.cell_type == "code":
            steps[index] = (len(steps) + 1, heading)
    return steps


def execute(
    path: Path,
    output: Path,
    parameters: Mapping[str, Any],
    *,
    folder: Path,
    wave: str = "",
    listener: Listener = silent,
    nursery: Nursery | None = None,
) -> nbformat.NotebookNode:
    """Run a notebook in a kernel of its own and store it with its outputs.

    Parameters
    ----------
    path : Path
        The notebook; it is not changed.
    output : Path
        Where the executed notebook goes, whole, only if every cell ran.
    parameters : mapping
        Values for its ``parameters`` cell; an undeclared one is an error.
    folder : Path
        Working folder of the kernel.
    wave : str
        For progress only.
    listener : callable
        Told of each code cell.
    nursery : Nursery, optional
        Where kernels are forked from, ready to run; without one the kernel is started anew.

    Returns
    -------
    NotebookNode
        The executed notebook, without the times and ids that papermill and the kernel write into it.

    Raises
    ------
    SyntheseError
        The notebook is missing or has no parameters cell, a parameter is unknown, or a cell failed: with the
        cell's number, its source and the reason.
    """
    notebook = read_notebook(path)
    check_parameters(declared_parameters(notebook, path), parameters, path)
    for name in ("papermill", "traitlets"):
        # What they would say is raised as well.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with _scratch(output) as scratch, _sockets() as sockets, warnings.catch_warnings():
        # nbformat and zmq warn of things that no user of this library can act on.
        warnings.simplefilter("ignore")
        try:
            executed = papermill.execute_notebook(
                # Neither paths, into which papermill fills parameters, nor a file after each cell.
                copy.deepcopy(notebook),
                None,
                parameters=dict(parameters),
                engine_name="synthese",
                kernel_name="python3",
                language="python",  # papermill wants to be told where the notebook does not say
                # Not papermill's `cwd`, which changes the whole process's folder while other waves run.
                resources={"metadata": {"path": str(folder)}},
                progress_bar=False,
                log_output=False,
                execution_timeout=_CELL_TIMEOUT,
                start_timeout=_START_TIMEOUT,
                listener=listener,
                told=(wave, path.stem),
                manager=nursery.manager(sockets, scratch)
                if nursery is not None and nursery.works
                else AsyncKernelManager,
            )
        except PapermillExecutionError as error:
            raise _cell_error(error, notebook, path) from error
        except (DeadKernelError, CellTimeoutError) as error:
            reason = str(error).splitlines()[0]
            raise SyntheseError.of(
                "kernel-lost", f"the kernel was lost or took too long: {reason}", file=path, fix="run it again"
            ) from error
        except (NoSuchKernel, RuntimeError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            fix = "install ipykernel in this Python, then run `synthese doctor`"
            raise SyntheseError.of("no-kernel", f"no kernel could be started: {reason}", file=path, fix=fix) from error
        except OSError:
            with told_where(Path(scratch)):
                raise
    _check_complete(executed, path)
    executed = without_traces(executed)
    write_text(output, nbformat.writes(executed) + "\n")
    return executed


@contextmanager
def _scratch(output: Path) -> Iterator[str]:
    """Give a folder beside the output: what is in it is as private, and a run that was killed leaves it to the next."""
    with told_where(output):
        output.parent.mkdir(parents=True, exist_ok=True)
        made = tempfile.mkdtemp(prefix=f".{output.stem}.", dir=output.parent)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _sockets() -> Iterator[str]:
    with told_where(Path(tempfile.gettempdir())):
        made = tempfile.mkdtemp(prefix="synthese-")
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _check_complete(executed: nbformat.NotebookNode, path: Path) -> None:
    """Refuse a notebook that left by ``exit()``: papermill takes that for success and skips the cells below."""
    for index, cell in enumerate(executed.cells):
        for out in cell.get("outputs", []):
            if out.output_type == "error":
                raise _cell_error(
                    PapermillExecutionError(index, cell.execution_count, cell.source, out.ename, out.evalue, []),
                    executed,
                    path,
                )


def _cell_error(error: PapermillExecutionError, notebook: nbformat.NotebookNode, path: Path) -> SyntheseError:
    # papermill numbers cells after inserting its own below the parameters cell.
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    parameters = next(index for index, tagged in enumerate(tags) if "parameters" in tagged)
    cell = error.cell_index - (1 if error.cell_index > parameters else 0)
    told = _faults(error.evalue, path) if error.ename == "SyntheseError" else []
    if told:
        what = f"cell {cell + 1} stopped for {'this reason' if len(told) == 1 else 'these reasons'}"
        return SyntheseError([*told, Fault("failing-cell", what, file=path)])
    reason = f"{error.ename}: {_PERSONAL.sub('…', error.evalue)}"
    source = "\n".join(f"    {line}" for line in error.source.splitlines())
    return SyntheseError.of(
        "failing-cell",
        f"cell {cell + 1} stopped: {reason}\n{source}\n",
        file=path,
        fix="mend the study or the cell; open the notebook in JupyterLab to try it",
    )


def _faults(text: str, path: Path) -> list[Fault]:
    """Faults again from the words in which a kernel told them, one that ends in its code after the other."""
    root = f"{path.resolve().parent.parent}/"
    return [
        Fault(match.group(2), match.group(1).strip().replace(root, ""))
        for match in re.finditer(r"(?s)(.+?) \[([a-z0-9-]+)\](?:\n|$)", text)
    ]


def without_traces(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out what differs between two runs of the same cells: times, ids, paths of the machine."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    # Ids of cells came with 4.5.
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    info = notebook.metadata.get("language_info")
    if info is not None:
        info.pop("version", None)
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        cell["id"] = f"cell-{number:03d}"
        for out in cell.get("outputs", []):
            if out.output_type == "stream" and out.get("name") == "stderr":
                out["text"] = ""
        if cell.cell_type == "code":
            cell["outputs"] = [o for o in cell.outputs if not (o.output_type == "stream" and not o.get("text"))]
    return notebook
