"""Artefacts are made of `Released` only, and a run that fails leaves the earlier ones whole."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from synthese.artefacts import Artefact, Store, make
from synthese.codebook import Codebook
from synthese.disclosure import Released, release
from synthese.errors import SyntheseError
from synthese.estimates import empty_tests, estimates_frame
from synthese.files import sha256_bytes
from synthese.study import Study, StudySettings, WaveSettings

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
TABLE = b'{"columns": []}\n'
STRUCTURE = "application/vnd.synthese.table+json"


def _wave(id: str) -> WaveSettings:
    field = {"start": f"{id}-01-01", "end": f"{id}-02-01"}
    base = {"schema": 1, "id": id, "title": "t", "export": "e.csv", "tool": "plain", "field": field}
    return WaveSettings.model_validate({**base, "channel": "c", "design": "self-selected"})


SETTINGS = StudySettings.model_validate({"schema": 1, "title": "t", "source": "s", "contact": {"role": "r"}})


def _released(wave: str = "2024", count: int = 46) -> Released:
    options = [{"code": code, "label": code} for code in ("oui", "non")]
    question = {"id": "F1", "section": "s", "text": "F1", "type": "single", "options": options}
    codebook = Codebook.model_validate({"schema": 1, "title": "t", "questions": [question]})
    numbers = {"base": 54, "effective_n": 54.0, "statistic": "share", "status": "released"}
    rows = [
        {"wave": wave, "question": "F1", "option": option, "count": n, "value": n / 54, **numbers}
        for option, n in (("oui", count), ("non", 54 - count))
    ]
    return release(estimates_frame(rows), empty_tests(), codebook, _wave(wave), SETTINGS)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    root = tmp_path / "étude"
    root.mkdir()
    return Study(root.resolve(), SETTINGS, (_wave("2024"), _wave("2026")))


@pytest.fixture(scope="module")
def released() -> Released:
    return _released()


def _figure(released: Released, id: str = "fig-modalites", content: bytes = SVG) -> Artefact:
    payloads = {"image/svg+xml": content, "image/png": b"\x89PNG", "text/csv": b"a;b\n"}
    notes = ("Lecture : 85 % (46 sur 54).", "Source : …")
    return make(released, id=id, kind="figure", payloads=payloads, caption="Titre, n = 54", alt="Barres", notes=notes)


def _save(store: Store, artefact: Artefact) -> None:
    store.save(artefact, notebook="05-publication", parameters={"wave": "2024"}, inputs={"study.yml": "ab" * 32})


def test_what_is_saved_is_loaded_again(study, released):
    store = Store(study, "2024")
    figure = _figure(released)
    table = make(released, id="tbl-approche-structure", kind="table", payloads={STRUCTURE: TABLE}, caption="T")
    value = make(released, id="val-echange-pairs", kind="value", text="85 %")
    for artefact in (figure, value, table):
        _save(store, artefact)
    assert store.staged == ("fig-modalites", "val-echange-pairs", "tbl-approche-structure")
    manifest = store.commit()
    assert manifest == study.root / "data/processed/2024/manifest.json"
    again = Store(study, "2024")
    assert again.ids() == ("fig-modalites", "tbl-approche-structure", "val-echange-pairs")
    for artefact in (figure, table, value):
        assert again.load(artefact.id) == artefact
    assert again.verify() == []
    names = {file.name for file in again.folder.iterdir()}
    assert names == {
        "fig-modalites.csv",
        "fig-modalites.png",
        "fig-modalites.svg",
        "tbl-approche-structure.table.json",
    }


def test_the_manifest_says_where_everything_comes_from_and_is_the_same_twice(study, released):
    def commit(order: tuple[str, ...]) -> str:
        store = Store(study, "2024")
        for id in order:
            _save(store, _figure(released, id))
        return store.commit().read_text(encoding="utf-8")

    text = commit(("fig-a", "fig-b"))
    assert commit(("fig-b", "fig-a")) == text
    manifest = json.loads(text)
    assert (manifest["schema"], manifest["wave"], manifest["release"]) == (1, "2024", released.fingerprint)
    entry = manifest["artefacts"]["fig-a"]
    assert entry["files"][-1] == {
        "path": "data/processed/2024/artefacts/fig-a.csv",
        "media_type": "text/csv",
        "sha256": sha256_bytes(b"a;b\n"),
    }
    assert {key: entry[key] for key in ("notebook", "parameters", "inputs", "status", "text", "kind", "id")} == {
        "notebook": "05-publication",
        "parameters": {"wave": "2024"},
        "inputs": {"study.yml": "ab" * 32},
        "status": "released",
        "text": None,
        "kind": "figure",
        "id": "fig-a",
    }


def test_inputs_given_as_paths_are_hashed(study, released):
    (study.root / "codebook.yml").write_bytes(b"x")
    store = Store(study, "2024")
    store.save(_figure(released), notebook="05", parameters={}, inputs=[study.root / "codebook.yml", "codebook.yml"])
    store.commit()
    assert store.manifest()["artefacts"]["fig-modalites"]["inputs"] == {"codebook.yml": sha256_bytes(b"x")}


def test_a_run_that_fails_leaves_the_earlier_artefacts_whole(study, released, monkeypatch):
    store = Store(study, "2024")
    _save(store, _figure(released))
    store.commit()
    before = {file.name: file.read_bytes() for file in store.folder.iterdir()}

    failing = Store(study, "2024")
    _save(failing, _figure(released, "fig-autre"))
    del failing  # the notebook raised before it committed
    assert {file.name: file.read_bytes() for file in store.folder.iterdir()} == before

    half = Store(study, "2024")
    _save(half, _figure(released, "fig-autre", b"<svg/>"))

    manifest = store.manifest_file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("synthese.artefacts.store.write_json", full)
    with pytest.raises(SyntheseError, match="the disk is full"):
        half.commit()
    assert {file.name: file.read_bytes() for file in store.folder.iterdir()} == before
    assert store.manifest_file.read_bytes() == manifest
    assert sorted(file.name for file in store.folder.parent.iterdir()) == ["artefacts", "manifest.json"]
    assert store.verify() == []


def test_nothing_but_released_makes_an_artefact(released):
    for impostor in (released.estimates, None, object()):
        with pytest.raises(TypeError, match="an artefact is made of Released, not of"):
            make(impostor, id="val-x", kind="value", text="85 %")


def test_the_store_refuses_what_make_did_not_make(study, released):
    store = Store(study, "2024")
    honest = make(released, id="val-x", kind="value", text="85 %")
    by_hand = Artefact("val-x", "value", {}, "", "", (), "99 %", "released", "2024", released.fingerprint)
    changed = dataclasses.replace(honest, text="99 %")
    for forged in (by_hand, changed):
        with pytest.raises(SyntheseError, match="val-x was not made from released estimates"):
            _save(store, forged)
    with pytest.raises(TypeError, match="takes an Artefact, not dict"):
        store.save({}, notebook="05", parameters={})
    assert store.staged == ()


def test_one_wave_one_release_one_id(study, released):
    store = Store(study, "2024")
    _save(store, _figure(released))
    with pytest.raises(SyntheseError, match="fig-modalites is saved twice"):
        _save(store, _figure(released))
    with pytest.raises(SyntheseError, match="made for wave '2026', this store is of '2024'"):
        _save(store, _figure(_released("2026"), "fig-b"))
    with pytest.raises(SyntheseError, match="made from another release"):
        _save(store, _figure(_released(count=45), "fig-b"))
    with pytest.raises(SyntheseError, match="no wave '2025'"):
        Store(study, "2025")


@pytest.mark.parametrize(
    ("id", "kind", "words"),
    [
        ("fig-Modalites", "figure", "is no id for a figure.*write fig-"),
        ("tbl-modalites", "figure", "is no id for a figure.*write fig-"),
        ("fig-../x", "figure", "is no id for a figure"),
        ("fig-", "figure", "is no id for a figure"),
        ("val-x", "number", "is of kind 'number'.*one of figure, table, value, sentence"),
    ],
)
def test_an_id_fits_its_kind(released, id, kind, words):
    with pytest.raises(SyntheseError, match=words):
        make(released, id=id, kind=kind, text="x", payloads={"image/svg+xml": SVG}, alt="a")


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"kind": "figure", "id": "fig-x", "payloads": {"image/svg+xml": SVG}}, "fig-x has no alternative text"),
        ({"kind": "figure", "id": "fig-x", "alt": "a"}, "fig-x has no picture"),
        ({"kind": "table", "id": "tbl-x", "payloads": {"text/csv": b""}}, "tbl-x has no table in it"),
        ({"kind": "value", "id": "val-x"}, "val-x prints nothing"),
        ({"kind": "figure", "id": "fig-x", "status": "too_small"}, "fig-x is withheld without a word"),
        ({"kind": "value", "id": "val-x", "text": "1", "status": "secret"}, "val-x has the status 'secret'"),
        ({"kind": "value", "id": "val-x", "text": "1", "payloads": {"text/html": b""}}, "holds 'text/html'"),
    ],
)
def test_an_artefact_is_complete(released, parts, words):
    with pytest.raises(SyntheseError, match=words):
        make(released, **parts)


def test_a_withheld_figure_is_a_line_that_says_so(study, released):
    store = Store(study, "2024")
    text = "Croisement non diffusé : effectifs trop faibles"
    _save(store, make(released, id="fig-x", kind="figure", text=text, status="too_small"))
    store.commit()
    assert (store.load("fig-x").text, store.load("fig-x").status) == (text, "too_small")


def test_parameters_are_plain(study, released):
    with pytest.raises(SyntheseError, match="parameters of fig-modalites are not plain values"):
        Store(study, "2024").save(_figure(released), notebook="05", parameters={"x": float("nan")})


def test_verify_tells_what_was_touched(study, released):
    store = Store(study, "2024")
    assert [fault.code for fault in store.verify()] == ["no-artefacts"]
    for id in ("fig-a", "fig-b"):
        _save(store, _figure(released, id))
    store.commit()
    (store.folder / "fig-a.svg").write_bytes(b"<svg>85</svg>")
    (store.folder / "fig-b.png").unlink()
    (store.folder / "notes.txt").write_text("x", encoding="utf-8")
    faults = {(fault.code, str(fault.file)) for fault in store.verify()}
    folder = "data/processed/2024/artefacts"
    assert faults == {
        ("altered-file", f"{folder}/fig-a.svg"),
        ("missing-file", f"{folder}/fig-b.png"),
        ("stray-file", f"{folder}/notes.txt"),
    }
    with pytest.raises(SyntheseError, match="a file of fig-a was altered"):
        store.load("fig-a")
    with pytest.raises(SyntheseError, match=r"no artefact 'fig-aa'.*did you mean 'fig-a'"):
        store.load("fig-aa")


def test_a_manifest_cannot_point_elsewhere(study, released):
    store = Store(study, "2024")
    _save(store, _figure(released, "fig-a"))
    manifest = store.commit()
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["artefacts"]["fig-a"]["files"][0]["path"] = "data/raw/2024/export.csv"
    manifest.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(SyntheseError, match="names a file outside the wave's artefacts"):
        store.load("fig-a")


@pytest.mark.parametrize(
    ("content", "words"),
    [("{", "the manifest is not readable"), ('{"schema": 2, "artefacts": {}}', "the manifest is of another version")],
)
def test_a_damaged_manifest_says_what_to_do(study, released, content, words):
    store = Store(study, "2024")
    store.manifest_file.parent.mkdir(parents=True)
    store.manifest_file.write_text(content, encoding="utf-8")
    with pytest.raises(SyntheseError, match=f"{words}.*synthese run --wave 2024"):
        store.load("fig-a")
