"""The page over all rendered waves, so that ``report/_output`` can be put on line as it is.

Belongs here: what is listed of a wave and its files. Does not: rendering a wave (`report`) or its looks
(``report/templates/index.html`` and ``index.css``).
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from synthese.files import write_text
from synthese.formatting import french
from synthese.rendering.assets import asset
from synthese.rendering.metadata import SYNTHETIC, SYNTHETIC_NOTE
from synthese.rendering.report import prepare_theme
from synthese.study import Study, WaveSettings, read_standing

STATUSES = {"brouillon": "Brouillon", "relu": "Version relue", "publie": "Version publiée"}
FILES = (
    ("synthese.html", "Lire la synthèse", "page web"),
    ("synthese.pdf", "Télécharger la synthèse", "PDF"),
    ("synthese.docx", "Modifier la synthèse", "document Word"),
)


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
    waves = [wave for wave in reversed(study.waves) if (study.output(wave.id) / "synthese.html").is_file()]
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
    folder = study.output(wave.id)
    named = [(folder / name, label, kind) for name, label, kind in FILES]
    named += [(path, "Consulter l’annexe", "page web") for path in sorted(folder.glob("annexe*.html"))]
    for path, label, kind in named:
        if path.is_file():
            text = f"{label}, {escape(french(wave.title)).lower()} ({kind}, {_size(path.stat().st_size)})"
            lines.append(f'<li><a href="{wave.id}/{path.name}">{text}</a></li>')
    return "\n".join([*lines, "</ul>\n</section>"])


def _counts(study: Study, wave: WaveSettings) -> str:
    path = study.processed(wave.id) / "counts.json"
    if not path.is_file():
        return ""
    counts = json.loads(path.read_text(encoding="utf-8"))
    text = f"Réponses retenues : {counts['kept']}, sur {counts['received']} reçues"
    return text + (f" ; {wave.invited} structures invitées" if wave.invited else "")


def _size(size: int) -> str:
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f}".replace(".", ",") + "\u00a0Mo"
    return f"{max(1, round(size / 1000))}\u00a0ko"
