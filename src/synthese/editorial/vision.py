"""How a colour looks: its lightness, and what colour-blind readers see of it.

Belongs here: simulated sight. Does not: which colours there are (`brand`), other sums (`identity.colours`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from synthese.identity.colours import channels, luminance

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

BLINDNESS: Mapping[str, Matrix] = MappingProxyType(
    {
        "protanopia": (
            (0.152286, 1.052583, -0.204868),
            (0.114503, 0.786281, 0.099216),
            (-0.003882, -0.048116, 1.051998),
        ),
        "deuteranopia": (
            (0.367322, 0.860646, -0.227968),
            (0.280085, 0.672501, 0.047413),
            (-0.011820, 0.042940, 0.968881),
        ),
        "tritanopia": (
            (1.255528, -0.076749, -0.178779),
            (-0.078411, 0.930809, 0.147602),
            (0.004733, 0.691367, 0.303900),
        ),
    }
)
"""Simulation at full severity, on linear RGB (Machado, Oliveira and Fernandes, 2009)."""


def _linear(colour: str) -> Triple:
    """Linear RGB of an sRGB colour, each in [0, 1] (IEC 61966-2-1)."""
    parts = [channel / 255 for channel in channels(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return red, green, blue


def _code(linear: Triple) -> str:
    """Write linear RGB as ``#rrggbb``, what lies outside the gamut clipped."""
    clipped = [min(max(c, 0.0), 1.0) for c in linear]
    coded = [12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in clipped]
    return "#" + "".join(f"{int(c * 255 + 0.5):02x}" for c in coded)


def lightness(colour: str) -> float:
    """L*, 0 (black) to 100 (white), which a grey print keeps (CIE 1976)."""
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


def simulated(colour: str, blindness: str) -> str:
    """Give the colour that someone with a colour blindness sees in place of another."""
    red, green, blue = _linear(colour)
    rows = [a * red + b * green + c * blue for a, b, c in BLINDNESS[blindness]]
    return _code((rows[0], rows[1], rows[2]))


def difference(one: str, other: str) -> float:
    """Smallest difference of lightness between two colours, over usual sight and every colour blindness."""
    seen = [(one, other), *((simulated(one, kind), simulated(other, kind)) for kind in BLINDNESS)]
    return min(abs(lightness(a) - lightness(b)) for a, b in seen)
