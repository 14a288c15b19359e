"""Percentages in words.

Belongs here: the table of expressions, which one a share earns, and its forms in a sentence. Does not:
numbers (`numbers`), or whole sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from synthese.errors import Fault, SyntheseError
from synthese.formatting.grammar import Noun, capitalised, elide, elides
from synthese.formatting.numbers import NBSP, k_of_n, reading_base
from synthese.formatting.rounding import Number, as_share, exact, shown_percent


@dataclass(frozen=True)
class Band:
    """An expression and the lowest percentage, as displayed, that earns it.

    Parameters
    ----------
    code : str
        Name in the settings, such as ``grande_majorite``.
    low : int
        Lowest displayed percentage, 0 to 100; the band ends where the next one begins.
    quantity : str
        Opens a noun phrase: "une grande majorité".
    adverb : str or None
        Qualifies a plural subject: "en grande majorité"; None where French has none.
    plural : bool
        Number of the verb after "<quantity> des <units>". With a collective noun the verb stays in the
        singular, with a fraction and with "peu" it follows the units (Grevisse & Goosse, 2016, § 431).
    link : str
        "des" or "de".
    least_count : int
        Fewest respondents of whom this may be said.
    """

    code: str
    low: int
    quantity: str
    adverb: str | None
    plural: bool = False
    link: str = "des"
    least_count: int = 1


_ALL = Band("ensemble", 100, "l’ensemble", "dans leur ensemble")
_NONE = Band("aucun", 0, "aucun", None, least_count=0)
_HALF = Band("moitie_exacte", 50, "la moitié", "pour moitié", plural=True)
_ABOUT_HALF = Band("moitie", 50, "environ la moitié", "pour environ la moitié", plural=True)
_MAJORITY = Band("majorite", 53, "une majorité", "en majorité")
_MINORITY = Band("minorite", 10, "une minorité", "pour une minorité")

_DEFAULT = (
    Band("quasi_totalite", 95, "la quasi-totalité", "dans leur quasi-totalité"),
    Band("tres_grande_majorite", 80, "une très grande majorité", "en très grande majorité"),
    Band("grande_majorite", 65, "une grande majorité", "en grande majorité"),
    _MAJORITY,
    Band("peu_plus_moitie", 51, "un peu plus de la moitié", "pour un peu plus de la moitié", plural=True),
    _ABOUT_HALF,
    Band("pres_moitie", 45, "près de la moitié", "pour près de la moitié", plural=True),
    Band("plus_tiers", 35, "plus d’un tiers", "pour plus d’un tiers", plural=True),
    Band("environ_tiers", 32, "environ un tiers", "pour environ un tiers", plural=True),
    Band("plus_quart", 28, "plus d’un quart", "pour plus d’un quart", plural=True),
    Band("environ_quart", 23, "environ un quart", "pour environ un quart", plural=True),
    _MINORITY,
    Band("faible_minorite", 3, "une faible minorité", "pour une faible minorité"),
    Band("tres_peu", 0, "très peu", None, plural=True, link="de", least_count=3),
)

# Few respondents allow three words only; between a minority and a majority lies about a half.
_SMALL = (_MAJORITY, replace(_ABOUT_HALF, low=45), replace(_MINORITY, low=0))


@dataclass(frozen=True)
class Bands:
    """The table of expressions: a setting of the study, printed in its method note.

    Parameters
    ----------
    bands : tuple of Band
        From the highest to the lowest, which begins at 0.
    small : tuple of Band
        The same for bases too small for shades.
    all_from : int
        Base (the smaller of n and effective n) from which every band is used.
    some_from : int
        Base from which the words of ``small`` are used, always with "k sur n"; none below.
    """

    bands: tuple[Band, ...] = _DEFAULT
    small: tuple[Band, ...] = _SMALL
    all_from: int = 30
    some_from: int = 10

    def __post_init__(self) -> None:
        faults = []
        for name, table in (("bands", self.bands), ("small", self.small)):
            lows = [band.low for band in table]
            if lows != sorted(set(lows), reverse=True) or not lows or lows[-1] != 0 or lows[0] > 99:
                faults.append(
                    Fault(
                        "bands-out-of-order",
                        f"the lowest percentages of the {name} are {lows}",
                        path=name,
                        fix="give each expression its own limit, from 99 at most down to 0",
                    )
                )
        if not 1 <= self.some_from <= self.all_from:
            faults.append(
                Fault(
                    "bands-out-of-order",
                    f"bases of {self.some_from} and {self.all_from} are in the wrong order",
                    fix="words need a base of 1 or more, all of them at least as many",
                )
            )
        if faults:
            raise SyntheseError(faults)

    def with_limits(self, limits: Mapping[str, int]) -> Bands:
        """Copy with other lowest percentages, by code.

        Raises
        ------
        SyntheseError
            ``unknown-band``: no such code. ``bands-out-of-order``: two limits cross.
        """
        known = [band.code for band in self.bands]
        unknown = sorted(set(limits) - set(known))
        if unknown:
            raise SyntheseError(
                Fault("unknown-band", f"there is no expression {code!r}", path=code, fix=f"one of {', '.join(known)}")
                for code in unknown
            )
        return replace(self, bands=tuple(replace(b, low=limits.get(b.code, b.low)) for b in self.bands))

    def rows(self) -> tuple[tuple[str, str], ...]:
        """List the table for the method note: expression and percentages as displayed ("80–94 %")."""
        rows = [(_ALL.quantity, f"100{NBSP}%")]
        high = 99
        for band in self.bands:
            span = str(high) if band.low == high else f"{band.low}–{high}"
            rows.append((band.quantity, f"{span}{NBSP}%" if band.low else f"<{NBSP}{high + 1}{NBSP}%"))
            high = band.low - 1
        return (*rows, ("aucun·e", f"0{NBSP}%"))


DEFAULT_BANDS = Bands()


@dataclass(frozen=True)
class Phrase:
    """What a share is called, in the forms a sentence needs.

    Parameters
    ----------
    band : Band
        The expression.
    count, base : int
        Unweighted respondents.
    with_count : bool
        Whether "k sur n" must stand with it (small base).
    """

    band: Band
    count: int
    base: int
    with_count: bool = False

    @property
    def _counts(self) -> str:
        return f" ({k_of_n(self.count, self.base)})" if self.with_count else ""

    @property
    def negative(self) -> bool:
        """Whether the verb takes "ne"."""
        return self.band.code == _NONE.code

    @property
    def plural(self) -> bool:
        """Whether the verb stands in the plural."""
        return self.band.plural

    def quantity(self, feminine: bool = False) -> str:
        """Open a noun phrase, to be followed by "des" and the units: "une grande majorité", "aucune"."""
        return self.band.quantity + ("e" if self.negative and feminine else "") + self._counts

    def of(self, unit: Noun) -> str:
        """Make the noun phrase: "une majorité des structures (16 sur 25)", "très peu d’associations"."""
        bare = replace(self, with_count=False).quantity(unit.feminine)
        link = elide(self.band.link, unit.plural) if self.band.link == "de" else f"{self.band.link} {unit.plural}"
        return f"{bare} {link}{self._counts}"

    def starting(self, unit: Noun) -> str:
        """Make the noun phrase that begins a sentence: "Une grande majorité des structures"."""
        return capitalised(self.of(unit))

    def adverb(self, *, plural_subject: bool = True) -> str | None:
        """Make the adverbial form, None where French has none: "en grande majorité", "dans leur ensemble"."""
        if self.band.adverb is None:
            return None
        text = self.band.adverb if plural_subject else self.band.adverb.replace(" leur ", " son ")
        if not plural_subject:
            text = text.replace("son quasi", "sa quasi")
        return text + self._counts

    def verb(self, singular: str, plural: str) -> str:
        """Agree the verb with the noun phrase, with "ne" after "aucun": "cite", "citent", "ne cite"."""
        word = plural if self.plural else singular
        if not self.negative:
            return word
        return f"n’{word}" if elides(word) else f"ne {word}"


def _band_at(bands: tuple[Band, ...], share: Fraction) -> int:
    displayed = shown_percent(share)
    return next(i for i, band in enumerate(bands) if displayed >= band.low)


def _robust(bands: tuple[Band, ...], share: Fraction, one: Fraction) -> Band:
    """Band of a share, or the one below when a respondent fewer would leave it."""
    index = _band_at(bands, share)
    fewer = max(share - one, Fraction(0))
    if index + 1 < len(bands) and _band_at(bands, fewer) != index:
        index += 1
    return bands[index]


def phrase(
    count: int,
    base: int,
    bands: Bands = DEFAULT_BANDS,
    *,
    lower_bound: Number | None = None,
    effective_n: float | None = None,
    share: Number | None = None,
) -> Phrase | None:
    """Name a share in words, or not at all when its base is too small.

    Parameters
    ----------
    count, base : int
        Unweighted respondents who gave the answer, and those the share is of.
    bands : Bands
        The table of the study.
    lower_bound : number, optional
        Probability sample only: the lower bound in [0, 1] of the interval, which then picks the band alone.
    effective_n : float, optional
        Effective size of a weighted base; the smaller of it and ``base`` decides which words are allowed.
    share : number, optional
        The weighted share in [0, 1]; without it, ``count / base``.

    Returns
    -------
    Phrase or None
        None below ``bands.some_from``, and where the table has no word (1 or 2 respondents, < 3 %).

    Notes
    -----
    Everybody, exactly half, nobody are exact statements on the respondents: they do not depend on one
    respondent fewer, and are not made of a population that an interval speaks of. On a small base only
    three words are allowed, so everybody and nobody are left to the counts.
    """
    counted = as_share(count, base)
    ruling = reading_base(base, effective_n)
    if ruling < bands.some_from:
        return None
    small = ruling < bands.all_from
    table = bands.small if small else bands.bands
    band: Band | None = None
    if lower_bound is not None:
        band = table[_band_at(table, min(max(exact(lower_bound), Fraction(0)), Fraction(1)))]
        if count == 0:
            return None
    elif counted in (0, 1):
        if small:
            return None
        band = _ALL if counted == 1 else _NONE
    elif share is None and 2 * count == base:
        band = _HALF
    else:
        value = counted if share is None else exact(share)
        band = _robust(table, value, 1 / exact(ruling))
    return Phrase(band, count, base, with_count=small) if count >= band.least_count else None
