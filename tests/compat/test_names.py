"""The corpus uses every recorded public name that is here; the rest is listed with its reason."""

import ast
from functools import cache

from tests.compat.corpus import PROGRAMS
from tests.compat.recorded_names import TABLE, Recorded, is_absent, recorded
from tests.compat.test_corpus import GENERATIONS

UNUSED: dict[str, str] = {
    path: reason for reason, paths in TABLE["unused"].items() for path in paths
}


@cache
def words() -> frozenset[str]:
    """Every name that a program imports, reads from an object, or passes an argument by."""
    found: set[str] = set()
    for generation in GENERATIONS:
        for file in (PROGRAMS / generation).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                match node:
                    case ast.alias(name=name):
                        found.update(name.split("."))
                    case ast.ImportFrom(module=str(name)):
                        found.update(name.split("."))
                    case ast.Attribute(attr=name) | ast.Name(id=name) | ast.keyword(arg=str(name)):
                        found.add(name)
    return frozenset(found)


@cache
def public() -> dict[str, Recorded]:
    """What programs can use, by path: neither absent nor called by Python itself (`__len__`)."""
    return {
        entry.path: entry
        for entry in recorded()
        if not entry.names[-1].startswith("_") and not is_absent(entry)
    }


def test_every_public_name_is_used_by_a_program() -> None:
    unused = {path for path, entry in public().items() if entry.names[-1] not in words()}
    print(
        f"{len(public())} public names: {len(public()) - len(unused)} used by the corpus, "
        f"{len(unused)} not"
    )
    assert unused - set(UNUSED) == set()


def test_names_listed_as_unused_are_unused() -> None:
    assert set(UNUSED) - set(public()) == set()
    assert [path for path in UNUSED if public()[path].names[-1] in words()] == []
    assert all(TABLE["unused"])
