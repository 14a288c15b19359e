"""The eighteen French regions: codes of INSEE, names, and their places on a map of tiles.

Belongs here: what is known of regions, and finding one from an answer. Does not: drawing (`tiles`).

Codes: Code officiel géographique (INSEE, since 2016); abbreviations: ISO 3166-2:FR.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synthese.codebook import Option
from synthese.errors import SyntheseError


@dataclass(frozen=True)
class Region:
    """A region and its tile.

    Parameters
    ----------
    code : str
        Of INSEE: "84".
    name, short : str
        Official name, and the same in lines that a tile holds.
    abbreviation : str
        Three letters, for small tiles.
    column, row : float
        Upper left corner of the tile, in tiles; overseas regions stand in a column of their own.
    """

    code: str
    name: str
    short: tuple[str, ...]
    abbreviation: str
    column: float
    row: float

    @property
    def overseas(self) -> bool:
        """Whether it is overseas."""
        return self.code.startswith("0")


# Rows of the south stand half a tile to the right, so that every region touches its true neighbours.
REGIONS = (
    Region("01", "Guadeloupe", ("Guadeloupe",), "GUA", 0.0, 0.0),
    Region("02", "Martinique", ("Martinique",), "MTQ", 0.0, 1.0),
    Region("03", "Guyane", ("Guyane",), "GUF", 0.0, 2.0),
    Region("04", "La Réunion", ("La Réunion",), "LRE", 0.0, 3.0),
    Region("06", "Mayotte", ("Mayotte",), "MAY", 0.0, 4.0),
    Region("11", "Île-de-France", ("Île-de-", "France"), "IDF", 3.5, 1.0),
    Region("24", "Centre-Val de Loire", ("Centre-", "Val de Loire"), "CVL", 3.5, 2.0),
    Region("27", "Bourgogne-Franche-Comté", ("Bourgogne-", "Fr.-Comté"), "BFC", 4.5, 2.0),
    Region("28", "Normandie", ("Normandie",), "NOR", 2.5, 1.0),
    Region("32", "Hauts-de-France", ("Hauts-de-", "France"), "HDF", 3.5, 0.0),
    Region("44", "Grand Est", ("Grand Est",), "GES", 4.5, 1.0),
    Region("52", "Pays de la Loire", ("Pays de", "la Loire"), "PDL", 2.5, 2.0),
    Region("53", "Bretagne", ("Bretagne",), "BRE", 1.5, 2.0),
    Region("75", "Nouvelle-Aquitaine", ("Nouvelle-", "Aquitaine"), "NAQ", 3.0, 3.0),
    Region("76", "Occitanie", ("Occitanie",), "OCC", 3.0, 4.0),
    Region("84", "Auvergne-Rhône-Alpes", ("Auvergne-", "Rhône-Alpes"), "ARA", 4.0, 3.0),
    Region("93", "Provence-Alpes-Côte d’Azur", ("Prov.-Alpes-", "Côte d’Azur"), "PAC", 4.0, 4.0),
    Region("94", "Corse", ("Corse",), "COR", 5.25, 4.0),
)


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in bare if not unicodedata.combining(c))).strip()


_BY_NAME = {_folded(region.name): region for region in REGIONS} | {region.code: region for region in REGIONS}


def region_of(option: Option) -> Region | None:
    """Find the region that an answer names.

    By its label, its short label, or a code that is the name ("ile_de_france"); a bare code of INSEE counts only
    where the answer has no other name, since departments have the same numbers.
    """
    for text in (option.label, option.short, option.code):
        if text and not text.isdecimal() and (found := _BY_NAME.get(_folded(text))):
            return found
    return _BY_NAME.get(option.code) if option.label.strip() == option.code else None


def is_of_regions(options: Iterable[Option]) -> bool:
    """Whether every answer is a region, "Autre" aside, and most of the eighteen are among them."""
    asked = [option for option in options if option.in_base and not option.other]
    return len(asked) > len(REGIONS) / 2 and all(region_of(option) for option in asked)


def placed(question: str, options: Iterable[Option]) -> Mapping[str, Option]:
    """Pair each answer with its region, by the region's code; "Autre" is left out.

    Raises
    ------
    SyntheseError
        ``not-regions``: answers that name no region. ``same-region``: two answers name one.
    """
    unknown: list[str] = []
    found: dict[str, Option] = {}
    for option in options:
        region = region_of(option)
        if region is None:
            if option.in_base and not option.other:
                unknown.append(f"{option.label!r} ({option.code})")
        elif region.code in found:
            raise SyntheseError.of(
                "same-region",
                f"two answers of {question} are {region.name}: {found[region.code].code} and {option.code}",
                fix="regroup them in the codebook, and map the regrouping",
            )
        else:
            found[region.code] = option
    if unknown:
        named = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
        raise SyntheseError.of(
            "not-regions",
            f"answers of {question} are no French region: {named}",
            fix="name the region as INSEE does, flag an answer beside them with `other`, or draw bars",
        )
    return found
