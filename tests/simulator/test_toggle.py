"""Every lock operation is needed: leaving one out makes a finding, leaving none out makes none."""

import numpy as np
import pytest
from simulator.building import built, interpreted, ran
from simulator.plans import ping_pong, split_join

DESIGNS = {"ping-pong": ping_pong, "split-join": split_join}
CASES = [
    pytest.param(make, missing, id=f"{name}: {missing or 'all there'}")
    for name, make in DESIGNS.items()
    for missing in (None, *make()[1])
]


@pytest.mark.parametrize(("make", "missing"), CASES)
def test_a_missing_lock_operation_is_found(make, missing):
    plan, _ = make(missing=frozenset() if missing is None else frozenset([missing]))
    result, (x, y) = interpreted(plan)
    assert bool(result.findings) == (missing is not None)
    if missing is None:
        np.testing.assert_array_equal(y, x + 3)


@pytest.mark.parametrize("seed", [None, 1, 2])
@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in DESIGNS.items()])
def test_whatever_the_schedule(make, seed):
    for missing in make()[1]:
        result, _ = interpreted(make(missing=frozenset([missing]))[0], schedule_seed=seed)
        assert result.findings, missing


@pytest.mark.parametrize("missing", [None, *ping_pong()[1]])
def test_natively_too(missing, tmp_path):
    plan, _ = ping_pong(missing=frozenset() if missing is None else frozenset([missing]))
    native, _ = ran(built(plan, tmp_path))
    slow, _ = interpreted(plan)
    assert [str(each) for each in native.findings] == [str(each) for each in slow.findings]
