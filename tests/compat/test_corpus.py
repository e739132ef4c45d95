"""The corpus as a whole: how large it is, and that nothing in it is left out."""

import re
from pathlib import Path

import pytest

from tests.compat.corpus import programs_of

GENERATIONS = ("d1", "d2", "d3", "d4", "placed")


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_program_is_run_by_the_test_of_its_generation(generation: str) -> None:
    tests = (f"test_{generation}.py", "test_one_program.py")
    text = "".join((Path(__file__).parent / name).read_text() for name in tests)
    tested = set(re.findall(r'"(\w+)"', text))
    assert programs_of(generation) - tested == set()


def test_the_corpus_holds_enough_programs() -> None:
    counts = {generation: len(programs_of(generation)) for generation in GENERATIONS}
    print(counts)
    assert all(count >= 15 for count in counts.values()), counts
