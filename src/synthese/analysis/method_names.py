"""Names in French of how an interval was made, for the researcher who reads a notebook.

Belongs here: one name for each code of ``method``, one phrase for each reason of having no interval. Does not: what a
reader of the report sees (`synthese.editorial`).
"""

from __future__ import annotations

from typing import Final

from synthese.estimates.schema import method_parts

METHOD_NAMES: Final[dict[str, str]] = {
    "wilson": "Wilson",
    "clopper_pearson": "Clopper-Pearson (exact)",
    "logit": "logit",
    "arcsine": "arc sinus",
    "goodman": "Goodman (simultanés)",
    "sison_glaz": "Sison-Glaz (simultanés)",
    "korn_graubard": "Korn-Graubard (plan de sondage)",
    "clopper_pearson_kish": "Clopper-Pearson sur la taille efficace",
    "mentions_logit": "linéarisation par répondant, logit",
    "bca": "bootstrap BCa",
    "t": "Student",
    "taylor-t": "linéarisation de Taylor, Student",
    "normal": "normale",
    "type-7": "interpolation linéaire (type 7)",
    "math": "fonction de répartition pondérée",
    "inverted_wilson": "parts de Wilson inversées",
    "inverted_korn_graubard": "parts de Korn-Graubard inversées",
    "cochran_q": "Q de Cochran",
    "friedman": "Friedman",
    "adjusted_wald_items": "Wald ajusté au plan de sondage",
}

NO_INTERVAL: Final[dict[str, str]] = {
    "empty-base": "base vide",
    "single-answer": "une seule réponse",
    "no-variation": "réponses toutes égales",
    "too-few-answers": "trop peu de réponses",
    "no-variance": "variance nulle : calée, ou population entière",
    "no-degrees-of-freedom": "une seule unité du plan de sondage",
}


def method_name(method: str) -> str:
    """Name in French of a method of interval or test; a code without a name is shown as it is.

    Of ``value+interval`` the interval is named.
    """
    code, corrected = method_parts(method)[-1]
    return METHOD_NAMES.get(code, code) + (", population finie" if corrected else "")
