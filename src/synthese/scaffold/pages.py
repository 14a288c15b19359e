"""Study settings, report and the notebooks that name questions, from templates and a codebook.

Belongs here: what of a codebook a first report shows, and filling the templates. Does not: raw data or drafts.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from synthese.codebook import Codebook, Question
from synthese.rendering.metadata import escaped
from synthese.scaffold.cells import notebook
from synthese.scaffold.writing import quoted

_MOST_SHOWN = 12
_MOST_BARS = 15
_LONGEST_TITLE = 90


def template(name: str) -> str:
    """Read a template as it stands."""
    return (files("synthese.scaffold") / "templates" / name).read_text(encoding="utf-8")


_ENGINE = Environment(
    loader=FunctionLoader(template),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - YAML, Markdown and notebooks, no HTML
)
_ENGINE.filters["yaml"] = quoted


def render(name: str, **values: Any) -> str:
    """Fill a template."""
    return _ENGINE.get_template(name).render(**values)


def made(
    codebook: Codebook, wave: str, title: str, leading: tuple[str, str] | None, *, drafted: bool
) -> dict[str, bytes]:
    """Make the files of a study that depend on its questions.

    Parameters
    ----------
    codebook : Codebook
        What is asked. The first 12 questions that can be shown are.
    wave : str
        Its wave.
    title : str
        Title of the study.
    leading : tuple of str, optional
        Question and option of the example sentence.
    drafted : bool
        Whether the codebook is a draft to be confirmed.
    """
    shown = [item for question in codebook.questions for item in _items(question, wave)]
    shown = [item for number, item in enumerate(shown) if number < _MOST_SHOWN]
    crosses = [
        {
            "id": cross.id,
            "title": cross.title,
            "heading": escaped(cross.title),
            "artefact": f"tbl-{cross.id}",
            "question": cross.steps[0].question,
            "by": cross.steps[0].by,
        }
        for cross in codebook.planned_crosses
    ]
    known: dict[str, Any] = {
        "wave": wave,
        "title": title,
        "title_plain": escaped(title),
        "source": title,
        "items": shown,
        "crosses": crosses,
        "evolution": next((item["variable"] for item in shown if item["compared"]), None),
        "phrases": _phrases(codebook, leading),
        "codebook_note": "C'est un brouillon : relisez chaque commentaire."
        if drafted
        else "Remplacez-le par le vôtre.",
    }
    text = {
        "study.yml": "study.yml.j2",
        "LISEZ-MOI.md": "LISEZ-MOI.md.j2",
        "report/synthese.qmd": "synthese.qmd.j2",
        "report/phrases.yml": "phrases.yml.j2",
    }
    out = {name: render(source, **known).encode("utf-8") for name, source in text.items()}
    out[".gitignore"] = template("gitignore").encode("utf-8")
    out["notebooks/05-publication.ipynb"] = notebook(render("05-publication.py.j2", **known))
    return out


def _items(question: Question, wave: str) -> list[dict[str, Any]]:
    """How a question is shown: a figure, a table of numbers; nothing for what is personal or free text."""
    if question.personal or question.type == "open" or not question.asked(wave):
        return []
    slug = question.id.lower().replace("_", "-").strip("-")
    title = " ".join(question.display.split())
    if len(title) > _LONGEST_TITLE:
        title = title[: _LONGEST_TITLE - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"
    variable, argument, verb, kind = question.id, f'"{question.id}"', "figure", "fig"
    prose = {
        "multiple": "Plusieurs réponses possibles : la base est le nombre de réponses à la question.",
        "numeric": "Moyenne et quartiles.",
        "grid": "Une ligne de la grille ; les autres se lisent de même.",
    }.get(question.type, "Parts parmi celles et ceux qui ont répondu à la question.")
    if question.type == "grid":
        variable = f"{question.id}.{question.rows[0].code}"
        argument = "[" + ", ".join(f'"{question.id}.{row.code}"' for row in question.rows) + "]"
    elif question.type == "numeric" or len(question.options) > _MOST_BARS:
        verb, kind = "table", "tbl"
    return [
        {
            "variable": variable,
            "argument": argument,
            "verb": verb,
            "artefact": f"{kind}-{slug}",
            "title": title,
            "heading": escaped(title),
            "prose": prose,
            "compared": question.type in ("single", "multiple"),
        }
    ]


def _phrases(codebook: Codebook, leading: tuple[str, str] | None) -> list[dict[str, str]]:
    """One example sentence, unless the texts it quotes hold a digit: sentences take none that is typed."""
    if leading is None:
        return []
    question = codebook.by_id[leading[0]]
    option = next(option for option in question.options if option.code == leading[1])
    asked = " ".join(question.display.split())
    if any(character.isdigit() or character in "{}" for character in asked + option.display):
        return []
    text = (
        f"« {asked} » : {{premier.who}} {{premier.verb:répond|répondent}} « {option.display} », soit {{premier.share}}."
    )
    otherwise = f"« {asked} » : « {option.display} », {{premier.share}}."
    return [
        {"id": "txt-a-retenir", "question": question.id, "option": option.code, "text": text, "otherwise": otherwise}
    ]
