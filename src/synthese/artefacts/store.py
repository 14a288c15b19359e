"""Where artefacts lie: files and a manifest for each wave, replaced together when a run ends well.

Belongs here: staging, committing, loading and verifying. Does not: what an artefact shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from synthese.artefacts.model import EXTENSIONS, Artefact, Part, Source, check_id, is_sealed, sealed
from synthese.codebook import nearest
from synthese.errors import Fault, SyntheseError
from synthese.files import replaced_folder, sha256, sha256_bytes, told_where, write_bytes, write_json
from synthese.study import Study

SCHEMA: Final = 1
MANIFEST: Final = "manifest.json"
_ONCE = "give it another id; or, if the same cell was run again, run the notebook from its top"
_NEVER = re.compile(r"/|\\|^\.")


class Store:
    """The artefacts of one wave.

    Parameters
    ----------
    study : Study
        The study; paths in the manifest are relative to it.
    wave_id : str
        A wave of the study.
    home : Path, optional
        Folder of the artefacts and the manifest; the wave's folder if absent.

    Notes
    -----
    `save` stages in memory; `commit` writes files and manifest beside their places, then renames
    ``data/processed/<wave>/artefacts/`` and the ``manifest.json`` beside it: a full disk or a failing notebook leaves
    the earlier ones as they were. A run that is killed between the two renames leaves a manifest that does not fit
    its files, which `verify` and the renderer refuse.
    """

    def __init__(self, study: Study, wave_id: str, home: Path | None = None) -> None:
        self._study = study
        self._home = home or study.processed(wave_id)
        self._wave = study.wave(wave_id).id
        self._staged: dict[str, tuple[Artefact, dict[str, Any]]] = {}
        self._proof: str | None = None

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return self._home / "artefacts"

    @property
    def manifest_file(self) -> Path:
        """Where the manifest lies."""
        return self._home / MANIFEST

    @property
    def staged(self) -> tuple[str, ...]:
        """Ids saved since the last commit, in the order they came."""
        return tuple(self._staged)

    def save(
        self,
        artefact: Artefact,
        *,
        notebook: str,
        parameters: Mapping[str, Any],
        inputs: Mapping[str, str] | Iterable[str | Path] = (),
    ) -> None:
        """Stage an artefact.

        Parameters
        ----------
        artefact : Artefact
            Made by `synthese.artefacts.make`.
        notebook : str
            Name of the notebook, such as ``05-publication``.
        parameters : mapping
            Its parameters, as JSON can hold them.
        inputs : mapping of str to str, or iterable of path
            Files it was made from: path relative to the study → SHA-256, or paths, which are hashed here.

        Raises
        ------
        TypeError
            Not an artefact.
        SyntheseError
            Not made by `make`, changed since, of another wave or release, or an id saved twice.
        """
        if not isinstance(artefact, Artefact):
            raise TypeError(f"the store takes an Artefact, not {type(artefact).__name__}")
        if not is_sealed(artefact):
            raise SyntheseError.of(
                "not-released",
                f"{artefact.id} was not made from released estimates, or was changed since",
                fix="make it with synthese.artefacts.make(released, …)",
            )
        check_id(artefact.id, artefact.kind)
        if artefact.wave != self._wave:
            raise SyntheseError.of(
                "other-wave",
                f"{artefact.id} was made for wave {artefact.wave!r}, this store is of {self._wave!r}",
                fix="open the store of its wave",
            )
        if artefact.id in self._staged:
            raise SyntheseError.of("duplicate-artefact", f"{artefact.id} is saved twice", fix=_ONCE)
        if self._proof not in (None, artefact.proof):
            raise SyntheseError.of(
                "two-releases",
                f"{artefact.id} was made from another release than the artefacts saved before it",
                fix="release the wave once, in one notebook",
            )
        entry = {
            "notebook": notebook,
            "parameters": _plain(artefact.id, parameters),
            "inputs": self._hashed(inputs),
        }
        self._proof = artefact.proof
        self._staged[artefact.id] = (artefact, entry)

    def _hashed(self, inputs: Mapping[str, str] | Iterable[str | Path]) -> dict[str, str]:
        if isinstance(inputs, Mapping):
            return {str(path): str(digest) for path, digest in sorted(inputs.items())}
        files = {Path(path) if Path(path).is_absolute() else self._study.root / path for path in inputs}
        return {self._study.relative(file): sha256(file) for file in sorted(files)}

    def commit(self) -> Path:
        """Write what was saved in place of the wave's earlier artefacts.

        Returns
        -------
        Path
            The manifest.
        """
        pending = self._home / f".{MANIFEST}.next"
        try:
            self._write(pending)
            with told_where(self.manifest_file):
                pending.replace(self.manifest_file)
        finally:
            pending.unlink(missing_ok=True)
        self._staged.clear()
        self._proof = None
        return self.manifest_file

    def _write(self, pending: Path) -> None:
        """Write the files, then the manifest while the earlier files still stand."""
        entries: dict[str, Any] = {}
        with replaced_folder(self.folder) as staging:
            for id, (artefact, entry) in sorted(self._staged.items()):
                files = []
                for media_type, content in sorted(artefact.payloads.items()):
                    name = f"{id}{EXTENSIONS[media_type]}"
                    write_bytes(staging / name, content)
                    path = self._study.relative(self.folder) + f"/{name}"
                    files.append({"path": path, "media_type": media_type, "sha256": sha256_bytes(content)})
                entries[id] = {
                    "id": id,
                    "kind": artefact.kind,
                    "files": files,
                    **entry,
                    "caption": artefact.caption,
                    "subtitle": artefact.subtitle,
                    "alt": artefact.alt,
                    "notes": list(artefact.notes),
                    "text": artefact.text,
                    "parts": [asdict(part) for part in artefact.parts],
                    "sources": [asdict(source) for source in artefact.sources],
                    "status": artefact.status,
                }
            manifest = {"schema": SCHEMA, "wave": self._wave, "release": self._proof, "artefacts": entries}
            write_json(pending, manifest)

    def manifest(self) -> dict[str, Any]:
        """Read the manifest.

        Raises
        ------
        SyntheseError
            It is missing, damaged, or of another version.
        """
        file = self.manifest_file
        fix = "run the wave again: synthese run --wave " + self._wave
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise SyntheseError.of(
                "no-artefacts", f"wave {self._wave!r} has no artefacts yet", file=self._named(file), fix=fix
            ) from error
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise SyntheseError.of(
                "damaged-manifest", "the manifest is not readable", file=self._named(file), fix=fix
            ) from error
        if not isinstance(content, dict) or content.get("schema") != SCHEMA or "artefacts" not in content:
            raise SyntheseError.of(
                "manifest-schema", "the manifest is of another version", file=self._named(file), fix=fix
            )
        return content

    def ids(self) -> tuple[str, ...]:
        """Ids of the committed artefacts, sorted."""
        return tuple(sorted(self.manifest()["artefacts"]))

    def load(self, id: str) -> Artefact:
        """Read a committed artefact, its files checked against the manifest.

        Raises
        ------
        SyntheseError
            Unknown id (with the nearest one), or a file that is missing or was altered.
        """
        manifest = self.manifest()
        entry = manifest["artefacts"].get(id)
        if entry is None:
            raise SyntheseError.of(
                "unknown-artefact",
                f"wave {self._wave!r} has no artefact {id!r}",
                file=self._named(self.manifest_file),
                fix=nearest(id, sorted(manifest["artefacts"])),
            )
        faults = self._faults(entry)
        if faults:
            raise SyntheseError(faults)
        payloads = {file["media_type"]: (self._study.root / file["path"]).read_bytes() for file in entry["files"]}
        return sealed(
            Artefact(
                id,
                entry["kind"],
                MappingProxyType(payloads),
                entry["caption"],
                entry["alt"],
                tuple(entry["notes"]),
                entry["text"],
                entry["status"],
                self._wave,
                manifest["release"] or "",
                entry.get("subtitle", ""),
                tuple(Part(**part) for part in entry.get("parts", ())),
                tuple(Source(**source) for source in entry.get("sources", ())),
            )
        )

    def verify(self) -> list[Fault]:
        """Compare every file with the manifest: those missing, altered, or not in it."""
        try:
            manifest = self.manifest()
        except SyntheseError as error:
            return list(error.faults)
        faults: list[Fault] = []
        known = {self.manifest_file}
        for _, entry in sorted(manifest["artefacts"].items()):
            faults += self._faults(entry)
            known |= {self._study.root / file["path"] for file in entry["files"]}
        for file in sorted(set(self.folder.iterdir() if self.folder.is_dir() else ()) - known):
            faults.append(
                Fault(
                    "stray-file",
                    "this file is not in the manifest",
                    file=self._named(file),
                    fix="take it away, or run the wave again",
                )
            )
        return faults

    def _faults(self, entry: Mapping[str, Any]) -> list[Fault]:
        faults: list[Fault] = []
        fix = f"run the wave again: synthese run --wave {self._wave} --force"
        for file in entry["files"]:
            path = self._study.root / file["path"]
            if _NEVER.search(Path(file["path"]).name) or path.parent != self.folder:
                what = f"{entry['id']}: the manifest names a file outside the wave's artefacts"
                faults.append(Fault("foreign-file", what, file=file["path"], fix=fix))
            elif not path.is_file():
                faults.append(Fault("missing-file", f"a file of {entry['id']} is missing", file=file["path"], fix=fix))
            elif sha256(path) != file["sha256"]:
                faults.append(Fault("altered-file", f"a file of {entry['id']} was altered", file=file["path"], fix=fix))
        return faults

    def _named(self, file: Path) -> str:
        return file.relative_to(self._study.root).as_posix()


def _plain(id: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as JSON holds them, so that what is read back is what was saved."""
    try:
        plain: dict[str, Any] = json.loads(json.dumps(dict(parameters), sort_keys=True, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise SyntheseError.of(
            "parameters", f"the parameters of {id} are not plain values", fix="give text, numbers, true, false or null"
        ) from error
    return plain
