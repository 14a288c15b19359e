"""What this machine has and can do, and whether a study can be read and written here.

Belongs here: looking, one `Check` a thing, each with what to do. Does not: printing (`cli`), changing
anything, or asking any network.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
import re
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import synthese
from synthese.errors import SyntheseError

Status = Literal["ok", "warn", "fail"]

MINIMUM_PYTHON = (3, 11)
_ENOUGH, _LITTLE = 1_000_000_000, 200_000_000  # bytes free: two waves and their reports take some 50 MB
_INSTALL = "make .venv anew: `make report`, or `pip install --require-hashes -r requirements/run.txt`"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

# Distributions whose module has another name.
_MODULES = {
    "fonttools": "fontTools.ttLib",
    "pypandoc-binary": "pypandoc",
    "python-docx": "docx",
    "ruamel-yaml": "ruamel.yaml",
}


@dataclass(frozen=True)
class Check:
    """One thing looked at.

    Parameters
    ----------
    name : str
        What was looked at.
    status : {"ok", "warn", "fail"}
        ``fail`` = reports cannot be made; ``warn`` = something will be missed.
    detail : str
        What was found.
    fix : str or None
        What to do; None where there is nothing to do.
    """

    name: str
    status: Status
    detail: str
    fix: str | None = None


def diagnose(root: Path | None = None) -> list[Check]:
    """Look at the machine and, where there is one, at the study.

    Parameters
    ----------
    root : Path, optional
        A study's folder, or one inside it; None looks at the machine only.

    Returns
    -------
    list of Check
        In a fixed order: Python, packages, engines, kernel, disk, study. Never raises for what it finds.
    """
    checks = [_python(), *_packages(), _pandoc(), _typst(), _fonts(), _quarto(), _kernel()]
    checks += [_temporary(), _disk(root or Path()), *_browser()]
    return checks + (_study(root) if root is not None else [])


def _python() -> Check:
    version = platform.python_version()
    wanted = ".".join(map(str, MINIMUM_PYTHON))
    if sys.version_info[:2] < MINIMUM_PYTHON:
        return Check("Python", "fail", version, f"install Python {wanted} or later")
    return Check("Python", "ok", f"{version}, {sys.executable}")


def canonical(name: str) -> str:
    """Write a distribution's name as indexes do (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> list[str]:
    """List the distributions that synthese declares it needs, extras left out.

    Raises
    ------
    PackageNotFoundError
        synthese is on the path but was not installed.
    """
    wanted = importlib.metadata.requires("synthese") or []
    names = [re.split(r"[\s\[<>=!~;(]", line, maxsplit=1)[0] for line in wanted if "extra ==" not in line]
    return sorted({canonical(name) for name in names})


def locked(path: Path) -> dict[str, str]:
    """Read distribution → version from a lock; a version that holds for some Pythons only is left out."""
    pins: dict[str, set[str]] = {}
    for match in re.finditer(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", path.read_text(encoding="utf-8"), re.MULTILINE):
        pins.setdefault(canonical(match[1]), set()).add(match[2])
    return {name: versions.pop() for name, versions in pins.items() if len(versions) == 1}


def _checkout() -> Path | None:
    """Find the source checkout that this code is run from, None when it was installed from a wheel."""
    folder = Path(synthese.__file__).resolve().parents[2]
    return folder if (folder / "requirements" / "run.txt").is_file() else None


def _packages() -> Iterator[Check]:
    try:
        names = declared()
    except importlib.metadata.PackageNotFoundError:
        yield Check("synthese", "fail", "on the path, but not installed", "run `pip install --no-deps -e .`")
        return
    yield Check("synthese", "ok", synthese.__version__)
    checkout = _checkout()
    pins = locked(checkout / "requirements" / "run.txt") if checkout else {}
    for name in names:
        yield _package(name, pins.get(name))


def _package(name: str, pin: str | None) -> Check:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Check(name, "fail", "not installed", _INSTALL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module(_MODULES.get(name, name.replace("-", "_")))
    except Exception as error:  # noqa: BLE001 - whatever a broken package raises is the finding
        return Check(name, "fail", f"{version}, but cannot be imported: {_first_line(error)}", _INSTALL)
    if pin is not None and _plain(pin) != _plain(version):
        return Check(name, "warn", f"{version}, where the lock has {pin}: numbers and bytes may differ", _INSTALL)
    return Check(name, "ok", version)


def _plain(version: str) -> str:
    """Write 4.004 as 4.4: to installers they are one version (PEP 440)."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", version)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _pandoc() -> Check:
    try:
        import pypandoc

        return Check("pandoc", "ok", f"{pypandoc.get_pandoc_version()}, {pypandoc.get_pandoc_path()}")
    except (ImportError, OSError) as error:
        return Check("pandoc", "fail", _first_line(error), f"it comes with pypandoc_binary: {_INSTALL}")


def _typst() -> Check:
    try:
        import typst

        made = typst.compile(b"#set document(title: [x])\nx", format="pdf")
    except (ImportError, OSError, RuntimeError) as error:
        return Check("Typst", "fail", _first_line(error), _INSTALL)
    version = importlib.metadata.version("typst")
    if not made.startswith(b"%PDF-"):
        return Check("Typst", "fail", f"{version} runs, but makes no PDF", _INSTALL)
    return Check("Typst", "ok", f"{version}, makes a PDF")


def _fonts() -> Check:
    found = []
    for name in ("fontpkg_source_sans_3", "fontpkg_source_serif_4"):
        try:
            files = sorted((Path(importlib.import_module(name).ROOT) / "files").glob("*.ttf"))
        except ImportError:
            files = []
        if not files:
            return Check("fonts", "fail", f"{name} has no font", _INSTALL)
        found += files
    return Check("fonts", "ok", ", ".join(sorted({file.stem.split("[")[0].split("-")[0] for file in found})))


def _quarto() -> Check:
    from synthese.rendering import quarto

    try:
        found = quarto.find()
    except SyntheseError as error:
        return Check("Quarto", "fail", f"{error.faults[0].where}: {error.faults[0].what}", error.faults[0].fix)
    if found is None:
        return Check("Quarto", "ok", "not found, and not needed: pandoc and Typst make the report")
    if not found.fits:
        wanted = ".".join(map(str, quarto.MINIMUM))
        return Check(
            "Quarto",
            "warn",
            f"{found.version} at {found.program}: too old, not used",
            f"update it to {wanted} or later",
        )
    return Check("Quarto", "ok", f"{found.version} at {found.program}: used unless --engine pandoc")


def _kernel() -> Check:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return Check("Jupyter kernel", "fail", "no kernel `python3`", f"it comes with ipykernel: {_INSTALL}")
    # A plain `python` means the Python that starts the kernel (jupyter_client, KernelManager.format_kernel_cmd).
    here = {"python", "python3", f"python{sys.version_info[0]}.{sys.version_info[1]}"}
    program = sys.executable if spec.argv[0] in here else shutil.which(spec.argv[0]) or spec.argv[0]
    if not Path(program).exists():
        fix = "run `python -m ipykernel install --sys-prefix`"
        return Check("Jupyter kernel", "fail", f"`python3` starts {program}, which is not there", fix)
    if Path(program).parent.resolve() != Path(sys.executable).parent.resolve():
        return Check(
            "Jupyter kernel",
            "warn",
            f"`python3` starts {program}, another Python than this one",
            "notebooks may miss synthese: run `python -m ipykernel install --sys-prefix` with this Python",
        )
    return Check("Jupyter kernel", "ok", f"`python3` in {spec.resource_dir}")


def _temporary() -> Check:
    folder = Path(tempfile.gettempdir())
    if not os.access(folder, os.W_OK):
        return Check("temporary folder", "fail", f"{folder} cannot be written", "set TMPDIR to one that can")
    return Check("temporary folder", "ok", str(folder))


def _standing(path: Path) -> Path:
    """Find the folder, or the nearest one above it that is there."""
    path = path.resolve()
    while not path.exists():
        path = path.parent
    return path


def _disk(root: Path) -> Check:
    free = shutil.disk_usage(_standing(root)).free
    told = f"{free / 1e9:.1f} GB free"
    if free < _LITTLE:
        return Check("disk", "fail", told, "free some space")
    if free < _ENOUGH:
        return Check("disk", "warn", told, "free some space before a long run")
    return Check("disk", "ok", told)


def _browser() -> list[Check]:
    if _checkout() is None:
        return []
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found:
        return [Check("browser (tests)", "ok", found)]
    return [Check("browser (tests)", "warn", "none: browser tests are skipped", "install chromium; reports need none")]


def _study(root: Path) -> list[Check]:
    from synthese.study import open_study

    try:
        study = open_study(root)
    except SyntheseError as error:
        if error.code == "not-a-study":
            return [Check("study", "warn", error.faults[0].what, error.faults[0].fix)]
        return [Check("study", "fail", f"{f.where}: {f.what}", f.fix) for f in error.faults]
    checks = [Check("study", "ok", f"{study.settings.title} ({study.root})")]
    try:
        questions = len(study.codebook.questions)
        checks.append(Check("codebook", "ok", f"{questions} questions"))
    except SyntheseError as error:
        checks += [Check("codebook", "fail", f"{f.where}: {f.what}", f.fix) for f in error.faults]
    for wave in study.waves:
        missing = [name for name in wave.exports if not (study.raw(wave.id) / name).is_file()]
        if not missing:
            checks.append(Check(f"wave {wave.id}", "ok", f"{', '.join(wave.exports)} ({wave.tool})"))
        else:
            places = ", ".join(study.relative(study.raw(wave.id) / name) for name in missing)
            fix = "put it there, or correct `export` in wave.yml"
            checks.append(Check(f"wave {wave.id}", "fail", f"no export: {places} is missing", fix))
    return checks + _files(study.root) + _folders(study.root)


def _files(root: Path) -> list[Check]:
    books = sorted(path.stem for path in (root / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    report = root / "report" / "synthese.qmd"
    again = "restore it from version control, or copy it from a study made by `synthese init`"
    return [
        Check("notebooks", "ok", ", ".join(books)) if books else Check("notebooks", "fail", "none is numbered", again),
        Check("report", "ok", "report/synthese.qmd")
        if report.is_file()
        else Check("report", "fail", "report/synthese.qmd is missing", again),
    ]


def _folders(root: Path) -> list[Check]:
    wanted = ("data/processed", "report", "report/_output")
    shut = sorted({str(_standing(root / name)) for name in wanted if not os.access(_standing(root / name), os.W_OK)})
    if shut:
        return [Check("folders", "fail", f"cannot be written: {', '.join(shut)}", "give yourself the right to write")]
    return [Check("folders", "ok", "data/processed and report can be written")]
