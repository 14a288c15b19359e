"""nbformat, imported without what no notebook needs.

Belongs here: nothing else. Does not: work on notebooks.

nbformat imports jsonschema, and jsonschema, where JupyterLab has brought rfc3987-syntax, compiles 38 grammars for
addresses in any alphabet: 1 to 3 s of every command, for formats that the schema of notebooks does not use.
"""

from __future__ import annotations

import sys

_GRAMMARS = "rfc3987_syntax"
_awaited = _GRAMMARS not in sys.modules and "jsonschema" not in sys.modules
if _awaited:
    sys.modules[_GRAMMARS] = None  # type: ignore[assignment]  # what Python takes for "not installed"
try:
    import nbformat
finally:
    if _awaited:
        del sys.modules[_GRAMMARS]

__all__ = ["nbformat"]
