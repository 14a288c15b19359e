"""What is run again and what is not: plan, ledger and runner, over notebooks that are only pretended."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from filelock import FileLock

from synthese.batch import RENDER, Ledger, plan, run, running
from synthese.errors import SyntheseError
from synthese.events import Event
from synthese.files import write_text
from synthese.study import Study, open_study

BOOKS = ("01-nettoyage", "02-description", "04-evolution", "05-publication")
WAVE = """\
schema: 1
id: "{id}"
title: "Vague"
export: export.csv
tool: plain
field: {{start: {id}-01-01, end: {id}-02-01}}
channel: "Courriel"
design: self-selected
"""


@pytest.fixture
def study(tmp_path) -> Study:
    root = tmp_path / "étude"
    write_text(root / "study.yml", 'schema: 1\ntitle: "E"\nsource: "Q"\ncontact: {role: "R"}\n')
    write_text(root / "_brand.yml", "color: {}\n")
    write_text(root / "report" / "synthese.qmd", "# Titre\n")
    write_text(root / "data" / "raw" / "codebook.yml", "schema: 1\n")
    for wave in ("2022", "2024"):
        write_text(root / "data" / "raw" / wave / "wave.yml", WAVE.format(id=wave))
        write_text(root / "data" / "raw" / wave / "export.csv", f"{wave}\n")
    for book in BOOKS:
        write_text(root / "notebooks" / f"{book}.ipynb", f"{book}\n")
    write_text(root / "notebooks" / "brouillon.ipynb", "not numbered\n")
    return open_study(root)


class Workshop:
    """Pretends to run notebooks and to render; `broken` tasks raise."""

    def __init__(self, study: Study) -> None:
        self.study, self.ran, self.broken = study, list[tuple[str, str]](), dict[tuple[str, str], BaseException]()

    def execute(self, path, output, parameters, *, folder, wave, **_more):
        assert parameters == {"wave": wave, "publish": True}
        task = (wave, path.stem)
        self.ran.append(task)
        home = self.study.processed(wave)
        if path.stem == "01-nettoyage":
            write_text(home / "responses.txt", (self.study.raw(wave) / "export.csv").read_text(encoding="utf-8"))
            write_text(home / "private" / "identities.txt", "x" + self.identities(wave))
        if task in self.broken:
            raise self.broken[task]
        write_text(output, path.read_text(encoding="utf-8") + (home / "responses.txt").read_text(encoding="utf-8"))
        return nbformat.v4.new_notebook()

    def identities(self, wave: str) -> str:
        file = self.study.raw(wave) / "identities.csv"
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    def to_html(self, _notebook, path, *, title, notice):
        write_text(path, f"{title} {notice}\n")

    def render(self, study, wave, *, engine, formats, findings, listener):
        self.ran.append((wave, RENDER))
        if (wave, RENDER) in self.broken:
            raise self.broken[wave, RENDER]
        paths = tuple(study.output(wave) / f"synthese.{suffix}" for suffix in formats)
        for path in paths:
            write_text(path, wave)
        return type("Rendered", (), {"paths": paths})()


@pytest.fixture
def workshop(study, monkeypatch) -> Workshop:
    shop = Workshop(study)
    for name in ("execute", "to_html", "render"):
        monkeypatch.setattr(running, name, getattr(shop, name))
    monkeypatch.setattr(running, "engine_label", lambda engine: engine)
    monkeypatch.setattr(running, "findings_of", lambda study, wave: 0)
    monkeypatch.setattr(running, "write_index", lambda study: None)
    return shop


def again(shop: Workshop, waves=("2024",), **options) -> list[str]:
    shop.ran.clear()
    run(shop.study, waves, **options)
    return [f"{wave}/{name[:2]}" for wave, name in shop.ran]


EVERYTHING = ["2022/01", "2022/02", "2022/04", "2022/05", "2024/01", "2024/02", "2024/04", "2024/05", "2024/re"]


def test_the_plan_brings_earlier_waves_up_to_date_and_renders_what_was_asked(study):
    tasks = plan(study, ["2024"], formats=("html",), engine="pandoc 3")
    assert [f"{task.wave}/{task.name[:2]}" for task in tasks] == EVERYTHING
    done = set()
    for task in tasks:
        assert set(task.needs) <= done, task.id
        done.add(task.id)
    assert [t.name for t in plan(study, ["2022"], formats=("html",), engine="x")] == [*BOOKS, RENDER]
    assert RENDER not in {t.name for t in plan(study, ["2022"], formats=("html",), engine="x", render=False)}
    with pytest.raises(SyntheseError, match="no wave '2023' in this study"):
        plan(study, ["2023"], formats=("html",), engine="x")


def test_without_a_notebook_that_compares_earlier_waves_are_left_alone(study):
    (study.root / "notebooks" / "04-evolution.ipynb").unlink()
    assert {task.wave for task in plan(study, ["2024"], formats=("html",), engine="x")} == {"2024"}


def test_a_study_without_notebooks(study):
    for book in BOOKS:
        (study.root / "notebooks" / f"{book}.ipynb").unlink()
    with pytest.raises(SyntheseError, match="this study has no numbered notebook → restore 01-nettoyage"):
        plan(study, ["2024"], formats=("html",), engine="x")


def test_a_second_run_does_nothing(study, workshop):
    assert sorted(again(workshop)) == sorted(EVERYTHING)
    events: list[Event] = []
    report = run(study, ["2024"], listener=events.append)
    assert report.done == []
    assert len(report.current) == len(EVERYTHING)
    assert {event.kind for event in events} == {"skip"}
    assert [path.name for path in report.outputs["2024"] if path.suffix in (".html", ".pdf")][-2:] == [
        "synthese.html",
        "synthese.pdf",
    ]
    assert sorted(again(workshop, force=True)) == sorted(EVERYTHING)


@pytest.mark.parametrize(
    ("file", "rerun"),
    [
        ("notebooks/05-publication.ipynb", {"2022/05", "2024/05", "2024/re"}),
        ("notebooks/brouillon.ipynb", set()),
        ("report/synthese.qmd", {"2024/re"}),
        ("report/_current.yml", set()),
        ("data/raw/2024/export.csv", {"2024/01", "2024/02", "2024/04", "2024/05", "2024/re"}),
        ("data/raw/2024/.hidden", set()),
        ("data/raw/codebook.yml", set(EVERYTHING)),
        # Only the identities change, so nothing of 2022 that 2024's 04 needs directly; it counts the overlap.
        (
            "data/raw/2022/identities.csv",
            {"2022/01", "2022/02", "2022/04", "2022/05", "2024/04", "2024/05"},
        ),
    ],
)
def test_a_change_runs_again_what_depends_on_it_and_nothing_else(study, workshop, file, rerun):
    again(workshop)
    write_text(study.root / file, "changed\n")
    ran = again(workshop)
    assert set(ran) - {"2024/re"} == rerun - {"2024/re"}
    if file.startswith("report") or not rerun:
        assert ("2024/re" in ran) == ("2024/re" in rerun)
    assert again(workshop) == []


@pytest.mark.parametrize("touched", ["delete", "edit"])
def test_an_output_that_is_gone_or_edited_is_made_again(study, workshop, touched):
    again(workshop)
    responses = study.processed("2024") / "responses.txt"
    responses.unlink() if touched == "delete" else responses.write_text("edited", encoding="utf-8")
    assert again(workshop) == ["2024/01"]  # it comes out as it was, so the rest still holds
    (study.output("2024") / "synthese.pdf").unlink()
    assert again(workshop) == ["2024/re"]


def test_other_formats_and_another_engine_render_again(workshop):
    again(workshop)
    assert again(workshop, formats=("html",)) == ["2024/re"]
    assert again(workshop, formats=("html",), engine="quarto") == ["2024/re"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"01-nettoyage": 3}', '{"01-nettoyage": {"key": "x"}}', "null"])
def test_a_damaged_ledger_only_means_that_the_work_is_done_again(study, workshop, content):
    again(workshop)
    write_text(study.private("2022") / "ledger.json", content)
    assert {task for task in again(workshop) if task.startswith("2022")} == set(EVERYTHING[:4])


def test_the_ledger_knows_what_was_made_and_forgets(study):
    ledger = Ledger(study, "2024")
    made = study.processed("2024") / "a.txt"
    write_text(made, "a")
    ledger.record("01", "key", [made])
    again_ = Ledger(study, "2024")
    assert list(again_.outputs("01")) == ["data/processed/2024/a.txt"]
    assert again_.is_current("01", "key")
    assert not again_.is_current("01", "other")
    assert not again_.is_current("02", "key")
    again_.forget("01")
    assert not Ledger(study, "2024").is_current("01", "key")
    ledger.record("01", "key", [])
    assert not ledger.is_current("01", "key"), "a task that made nothing was not done"


def test_a_failing_task_stops_what_needs_it_and_is_run_next_time(study, workshop):
    again(workshop)
    old = (study.output("2024") / "synthese.html").read_bytes()
    write_text(study.raw("2024") / "export.csv", "changed\n")
    file = study.root / "notebooks" / "02-description.ipynb"
    workshop.broken["2024", "02-description"] = SyntheseError.of("failing-cell", "cell 3 stopped", file=file)
    events: list[Event] = []
    workshop.ran.clear()
    with pytest.raises(SyntheseError) as caught:
        run(study, ["2024"], listener=events.append)
    assert caught.value.faults[0].file == "notebooks/02-description.ipynb"
    assert ("fail", "2024", "02-description") in {(e.kind, e.wave, e.task) for e in events}
    assert [task for task in workshop.ran if task[0] == "2024"] == [
        ("2024", "01-nettoyage"),
        ("2024", "02-description"),
    ]
    assert (study.output("2024") / "synthese.html").read_bytes() == old
    workshop.broken.clear()
    assert again(workshop)[0] == "2024/02"


def test_an_interruption_leaves_the_lock_and_the_ledger_in_order(study, workshop):
    workshop.broken["2022", "02-description"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        run(study, ["2022"])
    workshop.broken.clear()
    assert again(workshop, ["2022"]) == ["2022/02", "2022/04", "2022/05", "2022/re"]


def test_two_runs_at_once_are_one_too_many(study, workshop):
    lock = FileLock(study.root / "data" / "processed" / ".lock")
    (study.root / "data" / "processed").mkdir(parents=True)
    with lock, pytest.raises(SyntheseError, match="another run is at work on this study → wait for it to end"):
        run(study, ["2024"])
    assert len(again(workshop)) == len(EVERYTHING)


def test_side_by_side_gives_the_same(study, workshop):
    assert sorted(again(workshop, jobs=4)) == sorted(EVERYTHING)
    ledger = json.loads((study.private("2024") / "ledger.json").read_text(encoding="utf-8"))
    assert set(ledger) == {*BOOKS, RENDER}


def test_what_a_killed_run_left_is_swept_and_what_it_set_aside_is_put_back(study):
    home = study.processed("2024")
    write_text(home / ".responses.parquet.abc_1234", "half")
    write_text(home / ".artefacts.xyz_1234" / "a.svg", "half")
    write_text(home / ".~lock.journal.csv#", "open in a spreadsheet")
    write_text(study.output("2024") / ".synthese.pdf.abc_1234", "half")
    write_text(study.root / "report" / "._current.yml.abc_1234", "half")
    write_text(study.root / ".staging" / "render-2024-abc_1234" / "synthese.typ", "half")
    write_text(home / ".artefacts.old" / "a.svg", "whole")
    write_text(home / "responses.parquet", "whole")
    write_text(study.root / "data" / "processed" / ".lock", "")
    running.sweep(study, "2024")
    left = sorted(path.relative_to(home).as_posix() for path in home.rglob("*"))
    assert left == [".~lock.journal.csv#", "artefacts", "artefacts/a.svg", "responses.parquet"]
    assert not [*study.output("2024").iterdir(), *(study.root / ".staging").iterdir()]
    assert [path.name for path in (study.root / "report").glob("._*")] == []
    assert (study.root / "data" / "processed" / ".lock").is_file()


def test_files_that_cannot_be_written_are_told(study, workshop, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SyntheseError, match="the disk is full"):
        run(study, ["2024"])
