"""A design is one module and one cache key: twice in a process, in others, under a comment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from designs.catalog import CATALOG

# For each design: its source, with a comment above when asked, run as a module of its own; what it
# prints twice, and what the cache would call the builds of its configurations twice.
IDENTITIES = """
import hashlib, importlib.util, json, sys, types
from pathlib import Path
from designs.catalog import CATALOG
from ironbird.ir import print_module
from ironbird.session.kernel_search import find_kernel_sources
from ironbird.session.lowering import lower_to_plans
from ironbird.session.recipe import recipe_key
from ironbird.simulator.compiler import find_compiler

comment = sys.argv[1]
found = {}
for name, design in CATALOG.items():
    place = Path(design.__file__)
    module = types.ModuleType(f"{design.__name__}_commented")
    module.__file__ = str(place)
    sys.modules[module.__name__] = module
    exec(compile(comment + place.read_text(), str(place), "exec"), module.__dict__)
    for turn in range(2):
        resolved = module.design(module.CASES[0]).resolve()
        text = print_module(resolved.module)
        keys = []
        for plan in lower_to_plans(resolved.module):
            sources = find_kernel_sources(
                plan.kernels,
                given=resolved.kernel_sources,
                directories=[*resolved.search_directories],
            )
            keys.append(recipe_key(plan, sources, find_compiler(), numerics="silicon"))
        found[f"{name} {turn}"] = [hashlib.sha256(text.encode()).hexdigest(), *keys]
print(json.dumps(found))
"""


def identities(comment: str, hash_seed: str) -> dict[str, list[str]]:
    ran = subprocess.run(
        [sys.executable, "-c", IDENTITIES, comment],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        cwd=Path(__file__).parent.parent.parent,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )
    found: dict[str, list[str]] = json.loads(ran.stdout)
    return found


@pytest.fixture(scope="module")
def plain() -> dict[str, list[str]]:
    return identities("", "1")


@pytest.fixture(scope="module")
def commented() -> dict[str, list[str]]:
    return identities("# a comment\n# and another\n\n", "2")


@pytest.mark.parametrize("name", CATALOG)
def test_a_design_is_the_same_wherever_it_is_built(
    name: str, plain: dict[str, list[str]], commented: dict[str, list[str]]
) -> None:
    first, *others = (found[f"{name} {turn}"] for found in (plain, commented) for turn in (0, 1))
    assert others == [first, first, first]


def test_designs_differ_from_one_another(plain: dict[str, list[str]]) -> None:
    assert len({tuple(keys) for _, *keys in plain.values()}) == len(CATALOG)
