"""Sums with colours written ``#rrggbb``: mixing, contrast, shades of a given luminance.

Belongs here: arithmetic. Does not: which colour plays which part (`brand`).
"""

from __future__ import annotations

import colorsys

WHITE, BLACK = "#ffffff", "#000000"
READABLE = 4.5  # WCAG 2.2, contrast of text (1.4.3, level AA)


def channels(colour: str) -> tuple[int, int, int]:
    """Give red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, part: float) -> str:
    """Mix ``part`` (0 to 1) of another colour into a colour."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{int(a + (b - a) * part + 0.5):02x}" for a, b in pairs)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = [channel / 255 for channel in channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, paper: str, towards: str, ratio: float = READABLE) -> str:
    """Move a colour towards another until text in it can be read on ``paper``."""
    for step in range(21):
        shade = mix(colour, towards, step / 20)
        if contrast(shade, paper) >= ratio:
            return shade
    return towards


def lighter(colour: str, paper: str, ratio: float) -> str:
    """Raise the lightness of a colour, its hue kept, until it has a contrast of ``ratio`` on ``paper``."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in channels(colour)))
    for step in range(101):
        level = lightness + (1 - lightness) * step / 100
        red, green, blue = colorsys.hls_to_rgb(hue, level, saturation)
        shade = f"#{int(red * 255 + 0.5):02x}{int(green * 255 + 0.5):02x}{int(blue * 255 + 0.5):02x}"
        if contrast(shade, paper) >= ratio:
            return shade
    return WHITE


def shaded(colour: str, target: float) -> str:
    """Mix white or black into a colour until it has the relative luminance ``target``."""
    towards = WHITE if luminance(colour) < target else BLACK
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        beyond = (luminance(mix(colour, towards, middle)) < target) == (towards == BLACK)
        low, high = (low, middle) if beyond else (middle, high)
    return mix(colour, towards, high)
