"""How the tests of this folder ask for a refusal: the whole message of one wrong module."""

import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module, verify_module

# (title, body of the module's device or the whole module, whole message)
Case = tuple[str, str, str]

TILES = """\
%s = aie.tile(0, 0)
%m = aie.tile(0, 1)
%t = aie.tile(0, 2)
%u = aie.tile(0, 3)
"""


def refusal(text: str) -> str:
    """What is said about a module; `text` is the module, or the body of its npu1 device.

    A body follows four tiles: %s a shim, %m a memory tile, %t and %u cores. They are lines 3 to 6
    of the module, so a body starts at line 7, column 5.
    """
    module = text if text.lstrip().startswith(("module", "//")) else _module_of(TILES + text)
    with pytest.raises(DesignError) as caught:
        verify_module(parse_module(module, "in.mlir"))
    return str(caught.value)


def ids(cases: list[Case]) -> list[str]:
    """The titles of the cases."""
    return [title for title, _, _ in cases]


def _module_of(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return "module {\n  aie.device(npu1) {\n" + lines + "  }\n}\n"
