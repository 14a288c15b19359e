"""Tiny notebooks, run for real: whatever is wrong stops the run with the cell, its source and the reason."""

from __future__ import annotations

import re
import time
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from synthese.errors import SyntheseError
from synthese.events import Event
from synthese.notebooks import declared_parameters, execute, read_notebook, to_html

PARAMETERS = 'wave = "2024"  # vague\npublish = False  # publier'


def notebook(folder: Path, *cells: str, parameters: str | None = PARAMETERS) -> Path:
    book = new_notebook()
    book.cells.append(new_markdown_cell("# Titre {braces}"))
    if parameters is not None:
        book.cells.append(new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    book.cells += [new_code_cell(cell) for cell in cells]
    folder.mkdir(exist_ok=True)
    path = folder / "01-essai.ipynb"
    nbformat.write(book, path)
    return path


def run(path: Path, parameters=None, **options):
    folder = path.parent
    return execute(path, folder / "out" / "01-essai.ipynb", parameters or {"wave": "2026"}, folder=folder, **options)


def refused(path: Path, parameters=None) -> str:
    with pytest.raises(SyntheseError) as caught:
        run(path, parameters)
    assert not list((path.parent / "out").rglob("*")), "nothing is written"
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


def test_a_notebook_runs_with_its_parameters_and_keeps_no_trace_of_when_and_where(tmp_path):
    folder = tmp_path / "étude {2024}"  # braces are no place for parameters
    source = notebook(
        folder,
        "import pathlib, os\nprint(wave, publish, pathlib.Path.cwd().name)\npid = os.getpid()",
        "import sys\nprint('chemin', sys.prefix, file=sys.stderr)\npathlib.Path('pid').write_text(str(pid))",
    )
    before = source.read_bytes()
    events: list[Event] = []
    executed = run(source, {"wave": "2026", "publish": True}, wave="2026", listener=events.append)
    first = (folder / "out" / "01-essai.ipynb").read_bytes()
    assert source.read_bytes() == before
    text = first.decode()
    assert "2026 True étude {2024}" in text
    for trace in ("papermill", "start_time", "iopub", str(tmp_path), "duration"):
        assert trace not in text, trace
    assert not re.search(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text)
    assert [cell["id"] for cell in executed.cells] == [f"cell-{n:03d}" for n in range(5)]
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert [(e.kind, e.wave, e.task, e.detail, e.done, e.total) for e in events] == [
        ("step", "2026", "01-essai", "Titre {braces}", n, 4) for n in (1, 2, 3, 4)
    ]

    pid = int((folder / "pid").read_text())
    for _ in range(50):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            break
        time.sleep(0.1)
    else:
        pytest.fail("the kernel is still there")

    run(source, {"wave": "2026", "publish": True})
    assert (folder / "out" / "01-essai.ipynb").read_bytes() == first, "the same bytes twice"


def test_a_failing_cell_is_told_with_its_number_its_source_and_the_reason(tmp_path):
    said = refused(notebook(tmp_path, "x = 1", "1 / 0  # voilà", "print('jamais')"))
    assert "01-essai.ipynb: cell 4 stopped: ZeroDivisionError: division by zero" in said
    assert "    1 / 0  # voilà" in said
    assert "→ mend the study or the cell" in said


def test_of_two_cells_alike_the_one_that_failed_is_named(tmp_path):
    said = refused(
        notebook(tmp_path, "x = 1 if 'x' not in dir() else 1 / 0", "y = 2", "x = 1 if 'x' not in dir() else 1 / 0")
    )
    assert "cell 5 stopped: ZeroDivisionError" in said


def test_an_error_of_the_library_keeps_its_own_words(tmp_path):
    raising = "from synthese.errors import SyntheseError\nraise SyntheseError.of('x', 'it is so', file='a.csv', row=3)"
    said = refused(notebook(tmp_path, raising)).splitlines()
    assert said[0] == "a.csv, row 3: it is so [x]"
    assert said[1].endswith("01-essai.ipynb: cell 3 stopped for this reason [failing-cell]")


def test_every_fault_that_a_cell_tells_keeps_its_code(tmp_path):
    raising = (
        "from synthese.errors import Fault, SyntheseError\n"
        "raise SyntheseError([Fault('one', 'first [sic] of\\nthem'), Fault('two', 'second', fix='mend it')])"
    )
    said = refused(notebook(tmp_path, raising)).splitlines()
    assert said[:3] == ["first [sic] of", "them [one]", "second → mend it [two]"]


def test_what_python_quotes_of_a_value_is_not_told_where_it_is_personal(tmp_path):
    said = refused(
        notebook(tmp_path, "raise ValueError('could not read ' + '@'.join(['jeanne', 'asso.fr']) + ' 06' + ' 12' * 4)")
    )
    assert "ValueError: could not read … …" in said
    assert "jeanne" not in said.replace("'jeanne'", "")


def test_leaving_early_is_a_failure_too(tmp_path):
    assert "cell 3 stopped: SystemExit" in refused(notebook(tmp_path, "import sys\nsys.exit(0)", "print('jamais')"))


def test_a_kernel_that_dies(tmp_path):
    assert "the kernel was lost or took too long" in refused(notebook(tmp_path, "import os\nos._exit(1)"))


@pytest.mark.parametrize(
    ("parameters", "given", "words"),
    [
        (PARAMETERS, {"wawe": "2024"}, "no parameter 'wawe' in this notebook → did you mean 'wave'?"),
        (None, {}, "no code cell is tagged `parameters` → tag exactly one code cell"),
        ("wave = 3 +", {}, "cell 2 is not Python"),
        ("wave = f()", {}, "cell 2, line 1: not one name = literal"),
        ("wave = {[]: 1}", {}, "cell 2, line 1: not one name = literal"),
        ("a = b = 1\nif a:\n    pass", {}, "cell 2, line 2: not one name = literal"),
    ],
)  # fmt: skip
def test_what_is_refused_before_anything_runs(tmp_path, monkeypatch, parameters, given, words):
    monkeypatch.setattr(papermill, "execute_notebook", lambda *_a, **_o: pytest.fail("it ran"))
    path = notebook(tmp_path, "x = 1", parameters=parameters)
    assert words in refused(path, given)
    assert "01-essai.ipynb" in refused(path, given)


def test_two_parameters_cells_are_one_too_many(tmp_path):
    path = notebook(tmp_path)
    book = nbformat.read(path, as_version=4)
    book.cells.append(new_code_cell("x = 1", metadata={"tags": ["parameters"]}))
    nbformat.write(book, path)
    assert "2 code cells are tagged `parameters`" in refused(path)


def test_parameters_are_read_with_their_types(tmp_path):
    path = notebook(tmp_path, parameters='wave: str = "2024"\nn = -3\nl = ["a"]')
    found = declared_parameters(read_notebook(path), path)
    assert [(p.name, p.default, p.type) for p in found] == [
        ("wave", "2024", "str"),
        ("n", -3, "int"),
        ("l", ["a"], "list"),
    ]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"nbformat": 4, "cells": 3}', '{"nbformat": 99}', "pas du JSON"])
def test_a_file_that_is_no_notebook(tmp_path, content):
    path = tmp_path / "01-essai.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SyntheseError, match="this is not a notebook"):
        read_notebook(path)
    path.unlink()
    with pytest.raises(SyntheseError, match="this notebook is missing → restore it"):
        read_notebook(path)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError(28, "No space left on device"), "disk-full", "the disk is full"),
        (RuntimeError("Kernel died before replying to kernel_info"), "no-kernel", "no kernel could be started"),
    ],
)
def test_what_the_machine_refuses(tmp_path, monkeypatch, error, code, words):
    def refuse(*_args, **_options):
        raise error

    monkeypatch.setattr(papermill, "execute_notebook", refuse)
    said = refused(notebook(tmp_path, "x = 1"))
    assert words in said
    assert f"[{code}]" in said


def test_a_page_loads_nothing_and_says_what_it_is(tmp_path):
    book = new_notebook()
    output = nbformat.v4.new_output("execute_result", data={"text/html": "<table><tr><td>1</td></tr></table>"})
    book.cells = [new_markdown_cell("# Bonjour\n\n$x^2$"), new_code_cell("x < 1", outputs=[output])]
    to_html(book, tmp_path / "a.html", title="A & <B>", notice="Non publié")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert "<title>A &amp; &lt;B&gt;</title>" in page
    assert '<p class="notice">Non publié</p>' in page
    assert "<table><tr><td>1</td></tr></table>" in page
    assert not re.search(r"""(src|href)=["']?(https?:)?//|@import|<script[^>]+src""", page)
    to_html(book, tmp_path / "b.html", title="A & <B>", notice="Non publié")
    assert (tmp_path / "b.html").read_bytes() == (tmp_path / "a.html").read_bytes()
