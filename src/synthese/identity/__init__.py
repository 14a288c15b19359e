"""The study's visual identity, from ``_brand.yml``: colours, typefaces, logo.

Belongs here: what both figures and pages need of a brand, without matplotlib. Does not: a figure's or a page's use
of it (`synthese.editorial.brand`, `synthese.rendering.brand`).
"""

from synthese.identity.brandfile import BrandFile, read_brand_file
from synthese.identity.logos import Logo
from synthese.identity.typefaces import Typeface

__all__ = ["BrandFile", "Logo", "Typeface", "read_brand_file"]
