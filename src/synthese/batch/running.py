"""The runner: tasks in order, waves side by side, and whatever fails stops the rest without harm."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path

from synthese.batch.checking import findings_of
from synthese.batch.ledger import Ledger
from synthese.batch.plan import RENDER, Task, key, plan
from synthese.batch.readiness import from_root
from synthese.errors import Fault, SyntheseError
from synthese.events import Event, Listener, silent
from synthese.files import restore_folder, told_where, write_bytes
from synthese.notebooks import Nursery, execute, to_html
from synthese.rendering import Engine, engine_label, render, write_index
from synthese.study import Study, alone

Id = tuple[str, str]
_APPENDIX = "05"
_PUBLICATION = "05-publication"
# As `synthese.files`, `synthese.artefacts` and `synthese.rendering` name what is not yet in its place.
_STAGED = re.compile(r"\..+\.([a-z0-9_]{8}|next)|render-.+-[a-z0-9_]{8}")


@dataclass
class RunReport:
    """What a run did.

    Parameters
    ----------
    done, current : list of (str, str)
        Tasks run, and tasks found up to date, as (wave, name).
    outputs : dict of str to list of Path
        Rendered files of each wave asked for.
    seconds : float
        Wall time.
    """

    done: list[Id] = field(default_factory=list)
    current: list[Id] = field(default_factory=list)
    outputs: dict[str, list[Path]] = field(default_factory=dict)
    seconds: float = 0.0


def run(
    study: Study,
    waves: Iterable[str],
    *,
    jobs: int = 1,
    force: bool = False,
    engine: Engine = "auto",
    formats: tuple[str, ...] = ("html", "pdf"),
    listener: Listener = silent,
) -> RunReport:
    """Bring waves and their reports up to date.

    Parameters
    ----------
    study : Study
        The study.
    waves : iterable of str
        Waves whose report is wanted; earlier ones that they are compared with are brought up to date first.
    jobs : int
        Tasks at the same time at the most.
    force : bool
        Do everything again.
    engine : {"auto", "quarto", "pandoc"}
        Who renders.
    formats : tuple of str
        Of ``html``, ``pdf``, ``docx``.
    listener : callable
        Told of progress.

    Raises
    ------
    SyntheseError
        Another run is at work on the study, or a task failed; earlier outputs are then still whole.
    """
    waves = list(waves)
    tasks = plan(study, waves, formats=formats, engine=engine_label(engine))
    with alone(study), Nursery() as nursery:
        return _Runner(study, tasks, jobs, force, engine, formats, listener, set(waves), nursery).run()


class _Runner:
    def __init__(
        self,
        study: Study,
        tasks: tuple[Task, ...],
        jobs: int,
        force: bool,
        engine: Engine,
        formats: tuple[str, ...],
        listener: Listener,
        asked: set[str],
        nursery: Nursery,
    ) -> None:
        self.study, self.jobs, self.force = study, max(1, jobs), force
        self.engine, self.formats, self.listener, self.asked = engine, formats, listener, asked
        self.nursery = nursery
        self.tasks = {task.id: task for task in tasks}
        self.ledgers = {wave: Ledger(study, wave) for wave in dict.fromkeys(task.wave for task in tasks)}
        self.report = RunReport()
        self.stopped = False

    def run(self) -> RunReport:
        started = time.monotonic()
        for wave in self.ledgers:
            sweep(self.study, wave)
        sorter = TopologicalSorter({task.id: task.needs for task in self.tasks.values()})
        sorter.prepare()
        pool = ThreadPoolExecutor(max_workers=self.jobs)
        try:
            self._all(sorter, pool)
        except SyntheseError:
            raise
        except BaseException:
            # Without their kernels, tasks end at once: nobody waits for a long cell after Ctrl-C.
            self.stopped = True
            self.nursery.stop()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        if any(name == RENDER for _, name in self.report.done):
            write_index(self.study)
        for wave in sorted(self.asked):
            folder = self.study.output(wave)
            self.report.outputs[wave] = [path for path in sorted(folder.iterdir()) if path.is_file()]
        self.report.seconds = time.monotonic() - started
        return self.report

    def _all(self, sorter: TopologicalSorter[Id], pool: ThreadPoolExecutor) -> None:
        running: dict[Future[None], Id] = {}
        faults: list[Fault] = []
        while running or (sorter.is_active() and not faults):
            for identity in () if faults else sorted(sorter.get_ready()):
                running[pool.submit(self._do, self.tasks[identity])] = identity
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                identity = running.pop(future)
                try:
                    future.result()
                except SyntheseError as error:
                    # What other waves are at stays useful: it is finished and entered before the run ends.
                    faults += error.faults
                else:
                    sorter.done(identity)
        if faults:
            # Waves share a codebook and notebooks: what is wrong with those is told once.
            raise SyntheseError(dict.fromkeys(faults))

    def _do(self, task: Task) -> None:
        ledger = self.ledgers[task.wave]
        made = {need: self.ledgers[need[0]].outputs(need[1]) for need in task.needs}
        task_key = key(self.study, task, made)
        if not self.force and ledger.is_current(task.name, task_key):
            self.report.current.append(task.id)
            self.listener(Event("skip", task.wave, task.name, "up to date"))
            return
        if task.wave not in self.asked:
            self.listener(Event("warn", task.wave, task.name, "needed for the comparison, brought up to date"))
        started = time.monotonic()
        self.listener(Event("start", task.wave, task.name))
        before = _stamps(self._folder(task))
        try:
            with told_where(ledger.path):
                ledger.forget(task.name)
            outputs = self._render(task) if task.name == RENDER else self._notebook(task)
        except SyntheseError as error:
            if not self.stopped:
                self.listener(Event("fail", task.wave, task.name, error.code))
            raise SyntheseError(from_root(self.study, error)) from error
        after = _stamps(self._folder(task))
        changed = [path for path, stamp in after.items() if before.get(path) != stamp]
        ledger.record(task.name, task_key, sorted({*outputs, *changed} - {ledger.path}))
        self.report.done.append(task.id)
        self.listener(Event("done", task.wave, task.name, seconds=time.monotonic() - started))

    def _folder(self, task: Task) -> Path:
        return self.study.output(task.wave) if task.name == RENDER else self.study.processed(task.wave)

    def _notebook(self, task: Task) -> list[Path]:
        published = task.name[:2] == _APPENDIX
        home = self.study.processed(task.wave) if published else self.study.private(task.wave)
        output = home / "notebooks" / f"{task.name}.ipynb"
        executed = execute(
            self.study.root / "notebooks" / f"{task.name}.ipynb",
            output,
            {"wave": task.wave, "publish": True},
            folder=self.study.root,
            wave=task.wave,
            listener=self.listener,
            nursery=self.nursery,
        )
        page = output.with_suffix(".html")
        settings = self.study.wave(task.wave)
        notices = [] if published else ["Non publié : réservé aux chercheuses et chercheurs de l’étude."]
        notices += ["Données synthétiques."] if settings.synthetic else []
        title = f"{task.name} – {self.study.settings.title} – {settings.title}"
        to_html(executed, page, title=title, notice=" ".join(notices))
        return [output, page]

    def _render(self, task: Task) -> list[Path]:
        rendered = render(
            self.study,
            task.wave,
            engine=self.engine,
            formats=self.formats,
            findings=findings_of(self.study, task.wave),
            listener=self.listener,
        )
        page = self.study.processed(task.wave) / "notebooks" / f"{_PUBLICATION}.html"
        appendix = self.study.output(task.wave) / f"annexe-{_PUBLICATION}.html"
        if not page.is_file():
            return list(rendered.paths)
        write_bytes(appendix, page.read_bytes())
        return [*rendered.paths, appendix]


def sweep(study: Study, wave: str) -> None:
    """Remove what a killed run left half-written, and put back a folder that was set aside to be replaced.

    Only names that this library gives are taken away, not the lock of a spreadsheet or an editor.
    """
    processed, output, report = study.processed(wave), study.output(wave), study.root / "report"
    found = [
        *processed.rglob(".*.*"),
        *output.glob(".*.*"),
        *report.glob("._current.*"),
        *(report / "_current").rglob(".*.*"),
        *(study.root / ".staging").glob(f"render-{wave}-*"),
    ]
    for path in sorted(found):
        if path.suffix == ".old":
            restore_folder(path.with_name(path.stem[1:]))
        elif _STAGED.fullmatch(path.name) and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif _STAGED.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _stamps(folder: Path) -> dict[Path, tuple[int, int]]:
    if not folder.is_dir():
        return {}
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in files}
