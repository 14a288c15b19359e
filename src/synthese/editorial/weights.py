"""What a reader is told of weights and of how respondents were drawn.

Belongs here: the sentences of the method page and the words of Note lines on weights and design. Does not: weights
(`synthese.statistics`), other words of the method page (`method`).
"""

from __future__ import annotations

from dataclasses import dataclass

from synthese.codebook import variable
from synthese.disclosure import Released
from synthese.formatting import capitalised, decimal_text, integer_text, joined, share_percent_text

_LONELY = {
    "certainty": "une strate dont une seule unité a été tirée est tenue pour tirée avec certitude",
    "adjust": "l’écart d’une strate dont une seule unité a été tirée est mesuré à la moyenne de toutes les unités",
    "average": "une strate dont une seule unité a été tirée reçoit la variance moyenne des autres",
}


@dataclass(frozen=True)
class Weighed:
    """Numbers on the weights and the design of a wave.

    Parameters
    ----------
    base : int
        Respondents of positive weight.
    effective_n, design_effect : float
        Effective size and design effect of the weights (Kish, 1965).
    trimmed : int
        Respondents whose weight is cut.
    moved : float
        Part of all weights that cutting moved, in [0, 1].
    unknown : tuple of int
        By margin, respondents without a total.
    strata, clusters : int or None
        Strata and clusters drawn; None where there are none.
    lonely : int
        Strata of which one unit was drawn.
    """

    base: int
    effective_n: float
    design_effect: float
    trimmed: int = 0
    moved: float = 0.0
    unknown: tuple[int, ...] = ()
    strata: int | None = None
    clusters: int | None = None
    lonely: int = 0


def _name(released: Released, question: str) -> str:
    wave = released.wave_settings.id
    found = released.codebook.by_id.get(question.split("@")[0].split(".")[0])
    if found is not None and found.personal:
        return found.display
    return variable(released.codebook, question, wave).label


def _counted(number: int, noun: str) -> str:
    return f"{integer_text(number)} {noun}{'s' if number > 1 else ''}"


def _names(released: Released) -> list[str]:
    return [f"« {_name(released, margin.question)} »" for margin in released.wave_settings.calibration]


def weighted_note(released: Released) -> str:
    """Say under a table that its shares are weighted, and to what: « résultats pondérés (calage sur…) »."""
    names = _names(released)
    how = f" ({'calage' if len(names) > 1 else 'redressement'} sur {joined(names)})" if names else ""
    return f"Note : résultats pondérés{how} ; effectifs non pondérés."


def drawn_words(released: Released) -> str:
    """Name a probability sample: « échantillon aléatoire stratifié, par grappes »."""
    wave = released.wave_settings
    how = [word for word, key in ((" stratifié", wave.strata), (" par grappes", wave.clusters)) if key is not None]
    return "échantillon aléatoire" + ",".join(how)


def weights_told(released: Released, weighed: Weighed) -> list[str]:
    """Say how weights were made and what they cost; empty where every answer counts alike."""
    wave = released.wave_settings
    if not wave.weighted:
        return []
    given = "fournis avec les réponses" if wave.weight is not None else ""
    margins = [
        f"{name} (source : {(margin.source or '').rstrip('.')})"
        for name, margin in zip(_names(released), wave.calibration, strict=True)
    ]
    if not margins:
        told = [f"Les résultats sont pondérés par des poids {given}."]
    else:
        how = "par calage sur marges (méthode itérative du quotient)" if len(margins) > 1 else "par post-stratification"
        start = f"les poids {given} ont été redressés" if given else "les réponses ont été redressées"
        told = [f"Les résultats sont pondérés : {start} {how}, sur {joined(margins)}."]
    for name, count in zip(_names(released), weighed.unknown, strict=True):
        if count:
            who = released.settings.unit
            told.append(
                f"{integer_text(count)} {who.singular if count == 1 else who.plural} sans total connu pour {name} "
                f"{'garde' if count == 1 else 'gardent ensemble'} la part d’avant redressement."
            )
    if wave.trim is not None:
        verb = "l’est" if weighed.trimmed == 1 else "le sont"
        moved = share_percent_text(weighed.moved)
        cut = f"{integer_text(weighed.trimmed)} {verb}, ce qui déplace {moved} du poids total"
        cut = cut if weighed.trimmed else "aucun n’atteint ce plafond"
        told.append(f"Les poids sont plafonnés à {decimal_text(wave.trim.at_most, 1)} fois leur moyenne : {cut}.")
    told.append(
        f"Taille effective de l’ensemble : {decimal_text(weighed.effective_n, 0)} pour {integer_text(weighed.base)} "
        f"réponses (effet des poids, au sens de Kish : {decimal_text(weighed.design_effect, 2)})."
    )
    if wave.design == "self-selected":
        told.append(
            "La pondération corrige la composition de l’ensemble des réponses, non les effets de la participation "
            "volontaire."
        )
    return told


def drawing_told(released: Released, weighed: Weighed) -> list[str]:
    """Say how a probability sample was drawn, beyond each respondent apart, and that intervals follow it."""
    wave = released.wave_settings
    parts = []
    if wave.strata is not None and weighed.strata is not None:
        parts.append(f"stratifié selon « {_name(released, wave.strata)} » ({_counted(weighed.strata, 'strate')})")
    if wave.clusters is not None and weighed.clusters is not None:
        parts.append(f"tiré par grappes ({_counted(weighed.clusters, 'grappe')})")
    if not parts:
        return []
    also = ["de la part de la population qui a été tirée"] if wave.primary_units is not None else []
    also += ["du redressement"] if wave.calibration else []
    more = f", comme {joined(also)}" if also else ""
    told = [f"L’échantillon est {joined(parts)} ; les intervalles et les tests en tiennent compte{more}."]
    if weighed.lonely and wave.lonely in _LONELY:
        told.append(f"{capitalised(_LONELY[wave.lonely])}.")
    return told
