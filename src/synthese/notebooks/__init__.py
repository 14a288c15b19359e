"""Notebooks: run one by papermill, strictly, and show it as a page.

Belongs here: what a notebook file must look like to be run, running it, and turning it into HTML. Does not:
which notebooks there are, or in what order (`synthese.batch`).
"""

from synthese.notebooks import light  # before all that imports nbformat
from synthese.notebooks.execution import execute
from synthese.notebooks.inspection import Parameter, declared_parameters, read_notebook
from synthese.notebooks.nursery import Nursery
from synthese.notebooks.pages import to_html

__all__ = ["Nursery", "Parameter", "declared_parameters", "execute", "light", "read_notebook", "to_html"]
