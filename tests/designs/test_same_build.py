"""A design is one module and one cache key: twice in a process, in others, under a comment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from designs.catalog import CATALOG

# For each design: its source, with a comment above when asked, run as a module of its own; what it
# prints twice, and what the cache would call the builds of its configurations. One process builds
# the designs in the other's opposite order, so that what one leaves behind would show in the next.
IDENTITIES = """
import hashlib, json, sys, types
from pathlib import Path
from designs.catalog import CATALOG
from ironbird.ir import print_module
from ironbird.session.kernel_search import find_kernel_sources
from ironbird.session.lowering import lower_to_plans
from ironbird.session.recipe import recipe_key
from ironbird.simulator.compiler import find_compiler

comment, order = sys.argv[1:]
found = {}
for name, design in list(CATALOG.items())[::int(order)]:
    place = Path(design.__file__)
    module = types.ModuleType(f"{design.__name__}_commented")
    module.__file__ = str(place)
    sys.modules[module.__name__] = module
    exec(compile(comment + place.read_text(), str(place), "exec"), module.__dict__)
    first, second = (module.design(module.CASES[0]).resolve() for turn in range(2))
    texts = [print_module(resolved.module) for resolved in (first, second)]
    keys = []
    for plan in lower_to_plans(second.module):
        sources = find_kernel_sources(
            plan.kernels,
            given=second.kernel_sources,
            directories=[*second.search_directories],
        )
        keys.append(recipe_key(plan, sources, find_compiler(), numerics="silicon"))
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    found[name] = {"texts": hashes, "keys": keys}
print(json.dumps(found))
"""

Identities = dict[str, dict[str, list[str]]]


def identities(comment: str, order: int, hash_seed: str) -> Identities:
    ran = subprocess.run(
        [sys.executable, "-c", IDENTITIES, comment, str(order)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        cwd=Path(__file__).parent.parent.parent,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )
    found: Identities = json.loads(ran.stdout)
    return found


@pytest.fixture(scope="module")
def plain() -> Identities:
    return identities("", 1, "1")


@pytest.fixture(scope="module")
def commented() -> Identities:
    return identities("# a comment\n# and another\n\n", -1, "2")


@pytest.mark.parametrize("name", CATALOG)
def test_a_design_is_the_same_wherever_it_is_built(
    name: str, plain: Identities, commented: Identities
) -> None:
    texts = plain[name]["texts"] + commented[name]["texts"]
    assert texts == [texts[0]] * 4
    assert plain[name]["keys"] == commented[name]["keys"]


def test_designs_differ_from_one_another(plain: Identities) -> None:
    assert len({tuple(found["keys"]) for found in plain.values()}) == len(CATALOG)
