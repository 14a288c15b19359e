"""What every command imports, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_no_command_compiles_grammars_of_addresses_and_whoever_wants_them_later_has_them() -> None:
    pytest.importorskip("rfc3987_syntax")
    code = (
        "import sys, synthese.scaffold, synthese.batch\n"
        "assert 'jsonschema' in sys.modules\n"
        "assert not {'lark', 'rfc3987_syntax'} & set(sys.modules)\n"
        "import importlib.util\n"
        "assert importlib.util.find_spec('rfc3987_syntax')\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
