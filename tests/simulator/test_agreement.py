"""The native simulator and the interpreter agree: outputs, cycles, events and findings."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan.sample_plans import SAMPLE_NAMES, plan_of
from simulator.building import assert_agree, built, interpreted, ran
from simulator.plans import ping_pong, split_join

from ironbird.base.element_types import ELEMENT_TYPES

SEEDS = st.none() | st.integers(0, 2**64 - 1)


@pytest.fixture(scope="module")
def executables(tmp_path_factory):
    directory = tmp_path_factory.mktemp("agreement")
    return [
        built(ping_pong(stages=2)[0], directory / "ping_pong"),
        built(split_join(ways=3)[0], directory / "split_join"),
    ]


@given(seed=SEEDS)
def test_for_any_seed(executables, seed):
    for executable in executables:
        assert_agree(executable, schedule_seed=seed)


@given(seed=SEEDS)
def test_results_do_not_depend_on_the_schedule(executables, seed):
    for stages, executable in zip((2, 1), executables, strict=True):
        result, (x, y) = ran(executable, schedule_seed=seed)
        assert result.findings == ()
        np.testing.assert_array_equal(y, x + 3 * stages)


@st.composite
def pipelines(draw):
    return ping_pong(
        stages=draw(st.integers(1, 3)),
        depth=draw(st.integers(1, 3)),
        count=draw(st.integers(1, 40)),
        objects=6 * draw(st.integers(1, 3)),
        element=ELEMENT_TYPES[draw(st.sampled_from(["i32", "i64"]))],
        missing=frozenset(draw(st.sets(st.sampled_from(ping_pong()[1]), max_size=1))),
    )[0]


# Each example is compiled.
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=pipelines(), seed=SEEDS)
def test_for_any_pipeline(tmp_path, plan, seed):
    directory = tmp_path / str(len(list(tmp_path.iterdir())))
    assert_agree(built(plan, directory), schedule_seed=seed)


# Not those that call kernels, or have no synchronization, traces or nothing to run.
RUNNABLE = [
    name
    for name in SAMPLE_NAMES
    if not name.startswith(("15_", "16_", "21_", "27_", "30_", "32_", "4"))
]


@pytest.mark.parametrize("name", RUNNABLE)
def test_on_what_mlir_aie_lowered(name, tmp_path):
    assert_agree(built(plan_of(name), tmp_path), trace=True)


def test_a_sample_computes_what_its_core_says():
    result, (x, y) = interpreted(plan_of("01_single_in_out"))
    assert result.findings == ()
    np.testing.assert_array_equal(y, x + 3)


def test_a_seed_changes_the_time_but_not_the_result(executables):
    cycles = {ran(executables[0], schedule_seed=seed)[0].cycles for seed in range(5)}
    assert len(cycles) > 1


def test_threads_change_nothing(executables):
    results = [ran(executables[1], threads=threads)[0] for threads in (1, 2, 4)]
    assert len({(each.cycles, each.events) for each in results}) == 1


def test_a_repeated_small_call_is_fast(executables):
    ran(executables[0])
    assert min(ran(executables[0])[0].seconds for _ in range(20)) < 0.001


def test_the_emitted_source_names_no_path():
    from ironbird.simulator import emit_cpp

    assert str(Path(__file__).parent) not in emit_cpp(plan_of("01_single_in_out"))
