"""The page over all rendered waves, so that ``report/_output`` can be put on line as it is.

Belongs here: what is listed of a wave and its files. Does not: rendering a wave (`report`) or its looks
(``report/templates/index.html`` and ``index.css``).
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from urllib.parse import quote

from synthese.files import write_text
from synthese.formatting import Noun, french, integer_text
from synthese.rendering.assets import asset
from synthese.rendering.metadata import SYNTHETIC, SYNTHETIC_NOTE
from synthese.rendering.report import prepare_theme
from synthese.study import Study, WaveSettings, read_standing

STATUSES = {"brouillon": "Brouillon", "relu": "Version relue", "publie": "Version publiée"}
FILES = (
    ("synthese.html", "Lire la synthèse", "page web"),
    ("synthese.pdf", "Télécharger la synthèse", "PDF"),
    ("synthese.docx", "Modifier la synthèse", "document Word"),
    ("annexe-tableaux.html", "Consulter tous les tableaux", "page web"),
    ("annexe-tableaux.pdf", "Télécharger tous les tableaux", "PDF"),
    ("annexe-tableaux.docx", "Modifier les tableaux", "document Word"),
)
_NOTEBOOK = re.compile(r"annexe-(\d.*)\.html")


def write_index(study: Study) -> Path:
    """Write ``report/_output/index.html`` over the waves that are rendered, newest first.

    Returns
    -------
    Path
        The page: self-contained, the same bytes for the same files.

    Raises
    ------
    SyntheseError
        A template or the brand could not be read.
    """
    waves = [wave for wave in reversed(study.waves) if _files(study, wave)]
    sheets = [asset(study.root, f"report/templates/{name}.css") for name in ("synthese", "index")]
    sheets.insert(1, prepare_theme(study.root) / "theme.css")
    settings = study.settings
    page = asset(study.root, "report/templates/index.html").read_text(encoding="utf-8")
    for mark, content in (
        ("title", escape(french(settings.title))),
        ("subtitle", f'<p class="soustitre">{escape(french(settings.subtitle))}</p>' if settings.subtitle else ""),
        ("waves", "\n".join(_wave(study, wave) for wave in waves) or "<p>Aucune vague n’est encore en ligne.</p>"),
        ("css", "".join(path.read_text(encoding="utf-8") for path in sheets)),
    ):
        page = page.replace(f"@{mark}@", content)
    path = study.root / "report" / "_output" / "index.html"
    write_text(path, page)
    return path


def _wave(study: Study, wave: WaveSettings) -> str:
    held = (read_standing(study, wave.id) or 0) > 0
    status = STATUSES["brouillon" if held else wave.status or study.settings.status]
    lines = [f'<section class="vague">\n<h2>{escape(french(wave.title))}</h2>']
    if wave.field_work.known:
        lines.append(f"<p>Collecte : {escape(french(wave.field_work.period))}</p>")
    counted = _counts(study, wave)
    if counted:
        lines.append(f"<p>{escape(french(counted))}</p>")
    lines.append(f'<p><span class="statut">{status}</span></p>')
    if wave.synthetic:
        lines.append(f"<p><strong>{SYNTHETIC}</strong> : {escape(french(SYNTHETIC_NOTE))}</p>")
    lines.append('<ul class="fichiers">')
    for path, label, kind in _files(study, wave):
        # Links of two waves would sound the same without the wave, which the title shows to those who see the page.
        where = f'<span class="hors-vue">, {escape(french(wave.title))}</span>'
        size = f'<span class="poids">{kind}, {_size(path.stat().st_size)}</span>'
        lines.append(f'<li><a href="{wave.id}/{quote(path.name)}">{escape(label)}{where}</a> {size}</li>')
    return "\n".join([*lines, "</ul>\n</section>"])


def _files(study: Study, wave: WaveSettings) -> list[tuple[Path, str, str]]:
    """Give the files of a wave that are there: path, what one does with it, kind."""
    folder = study.output(wave.id)
    named = [(folder / name, label, kind) for name, label, kind in FILES]
    for path in sorted(folder.glob("annexe-*.html")):
        if found := _NOTEBOOK.fullmatch(path.name):
            named.append((path, f"Lire le carnet {found[1]}", "page web"))
    return [one for one in named if one[0].is_file()]


def _counts(study: Study, wave: WaveSettings) -> str:
    path = study.processed(wave.id) / "counts.json"
    if not path.is_file():
        return ""
    counts = json.loads(path.read_text(encoding="utf-8"))
    text = f"Réponses retenues : {integer_text(counts['kept'])}, sur {integer_text(counts['received'])} reçues"
    if not wave.invited:
        return text
    declared = study.settings.unit
    unit = Noun(declared.singular, declared.plural, declared.feminine)
    return text + f" ; {integer_text(wave.invited)} {unit.counted(wave.invited)} {unit.agree('invité', wave.invited)}"


def _size(size: int) -> str:
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f}".replace(".", ",") + "\u00a0Mo"
    return f"{max(1, round(size / 1000))}\u00a0ko"
