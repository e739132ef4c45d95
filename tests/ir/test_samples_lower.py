"""Whatever the samples hold is lowered to a plan, or refused by name at its line: never skipped."""

from pathlib import Path

import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module, verify_module
from ironbird.session.lowering import lower_to_plan
from tests.ir.test_refusals_of_upstream import LONGEST_SECONDS, time_limit

FOLDER = Path(__file__).parent / "samples"
SAMPLES = sorted([*FOLDER.glob("*.mlir"), *(FOLDER / "april").glob("*.mlir")])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda each: f"{each.parent.stem}-{each.stem}")
def test_a_sample_becomes_a_plan_or_is_refused_at_a_line(sample: Path) -> None:
    refusal = refusal_of(sample)
    if refusal is not None:
        assert refusal.at is not None, refusal
        assert refusal.at.file == sample.name
        assert 1 <= refusal.at.line <= sample.read_text().count("\n")


def test_the_counts() -> None:
    """Printed with `pytest -s`: how many samples become plans, and what is wrong with the rest."""
    refusals = {sample: refusal_of(sample) for sample in SAMPLES}
    plans = [sample for sample, refusal in refusals.items() if refusal is None]
    print(f"\nsamples that become a plan: {len(plans)} of {len(SAMPLES)}; refused:")
    for refusal in refusals.values():
        if refusal is not None:
            print(f"  {refusal.at}: {refusal.what}")
    assert len(SAMPLES) == 115


def refusal_of(sample: Path) -> DesignError | None:
    """Why a sample does not become a plan."""
    module = parse_module(sample.read_text(), sample.name)
    verify_module(module)
    try:
        with time_limit(LONGEST_SECONDS):
            lower_to_plan(module)
    except DesignError as error:
        return error
    return None
