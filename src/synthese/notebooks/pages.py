"""An executed notebook as one self-contained page."""

from __future__ import annotations

from pathlib import Path

import nbformat
from jinja2 import Environment
from nbconvert import HTMLExporter

from synthese.files import write_text

_PAGE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem;
  color: #1d2433; background: #fff; }
h1, h2, h3 { line-height: 1.2; }
.notice { border-left: .3rem solid #b3541e; background: #fdf1e9; padding: .6rem 1rem; margin-bottom: 1.5rem; }
.anchor-link { display: none; }
pre, .highlight pre { overflow-x: auto; margin: 0; }
.input_area, .jp-InputArea, div.input { background: #f4f5f8; padding: .5rem .8rem; border-radius: .3rem;
  font-size: .85rem; margin: .8rem 0 .4rem; }
.output, .output_area, .jp-OutputArea-output { overflow-x: auto; margin: .4rem 0; }
img, svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: .9rem; border: 0; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; border: 0; border-bottom: 1px solid #d5d9e2; text-align: left;
  vertical-align: top; }
table.dataframe thead tr th { text-align: left; vertical-align: bottom; }
td small { opacity: .75; }
@media (prefers-color-scheme: dark) {
  body { color: #e7e9ef; background: #161a22; }
  .input_area, .jp-InputArea, div.input { background: #222834; }
  .notice { background: #3a2417; }
  th, td { border-color: #3a4252; }
  figure svg, figure img { background: #fff; }
}
</style>
</head>
<body>
<main>
{% if notice %}<p class="notice">{{ notice }}</p>{% endif %}
{{ body }}
</main>
</body>
</html>
"""


def to_html(notebook: nbformat.NotebookNode, path: Path, *, title: str, notice: str = "") -> None:
    """Write an executed notebook as a page that loads nothing from anywhere.

    Parameters
    ----------
    notebook : NotebookNode
        Executed notebook.
    path : Path
        Page to write.
    title : str
        Title of the page, in French.
    notice : str
        Line above the notebook, such as « non publié ».
    """
    exporter = HTMLExporter(template_name="basic", embed_images=True)
    exporter.exclude_anchor_links = True
    exporter.exclude_input_prompt = True
    exporter.exclude_output_prompt = True
    body, _ = exporter.from_notebook_node(notebook)
    page = Environment(autoescape=False).from_string(_PAGE)  # noqa: S701 - `body` is HTML made by nbconvert
    write_text(path, page.render(title=_escaped(title), notice=_escaped(notice), body=body))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
