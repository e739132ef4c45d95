"""What `packed_attention` promises beyond its cases: bytes, scales, and right for that reason."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from aie_kernels.row_contracts import softmax_reference
from designs import packed_attention
from ironbird.base.errors import UsageError
from ironbird.ir import print_module
from ironbird.session.compile import compile
from ironbird.session.run import run

SEED = packed_attention.CASES[0]


def attended(case: packed_attention.Case, inputs: dict[str, Any]) -> Any:
    arguments = packed_attention.pack(case, inputs)
    run(compile(packed_attention.design(case)), *arguments).raise_for_findings()
    return packed_attention.unpack(case, arguments)["y"]


def exact(case: packed_attention.Case, inputs: dict[str, Any]) -> Any:
    """Attention of the numbers that the steps stand for, quantised nowhere, in steps of y."""
    q, k, v = (
        inputs[name].astype(np.float64) * scale
        for name, scale in zip("qkv", (case.q_scale, case.k_scale, case.v_scale), strict=True)
    )
    return softmax_reference(q @ k.T / 8) @ v / case.y_scale


def test_buffers_have_the_bytes_of_the_original() -> None:
    packed, _, result = packed_attention.pack(SEED, SEED.inputs(np.random.default_rng(0)))
    assert (packed.nbytes, result.nbytes) == (12_288, 4_096)


@pytest.mark.parametrize("case", [SEED, replace(SEED, q_scale=1 / 8)], ids=("usual", "peaked"))
def test_it_is_attention_of_what_the_steps_stand_for(case: packed_attention.Case) -> None:
    """The seed project's, with a fixed shift, correlated by 0.85 and was off by up to 103."""
    inputs = SEED.inputs(np.random.default_rng(1))
    result, expected = attended(case, inputs), np.clip(exact(case, inputs), -128, 127)
    assert np.abs(result - expected).max() <= 2
    assert np.corrcoef(result.ravel(), expected.ravel())[0, 1] >= 0.999


def test_one_program_serves_every_scale() -> None:
    other = replace(SEED, q_scale=0.5, k_scale=0.01, v_scale=3.0, y_scale=2.0)
    assert print_module(packed_attention.design(SEED).resolve_program()) == print_module(
        packed_attention.design(other).resolve_program()
    )


def test_keys_that_are_alike_give_the_mean_of_values() -> None:
    inputs = SEED.inputs(np.random.default_rng(2))
    inputs["k"][:] = inputs["k"][0]
    mean = inputs["v"].astype(np.float64).mean(axis=0) * SEED.v_scale / SEED.y_scale
    assert np.abs(attended(SEED, inputs) - mean).max() <= 0.5 + 1e-4


def test_a_query_that_fits_one_key_alone_gets_its_value() -> None:
    """Every score but one is 4 x 127 x 127 / 8 steps lower: weights of 255 and 0."""
    case = replace(SEED, y_scale=SEED.v_scale)
    hit = (np.eye(64) * 127).astype(np.int8)
    v = SEED.inputs(np.random.default_rng(3))["v"]
    wanted = np.random.default_rng(4).permutation(64)
    result = attended(replace(case, q_scale=0.1, k_scale=0.1), {"q": hit[wanted], "k": hit, "v": v})
    np.testing.assert_array_equal(result, v[wanted])


def test_results_saturate() -> None:
    case = replace(SEED, y_scale=SEED.v_scale / 100)
    inputs = SEED.inputs(np.random.default_rng(5)) | {"v": np.full((64, 64), -3, np.int8)}
    inputs["v"][:, 32:] = 3
    result = attended(case, inputs)
    assert (result[:, :32] == -128).all()
    assert (result[:, 32:] == 127).all()


@pytest.mark.parametrize(("scale", "said"), [(0.0, "0"), (-0.5, "-0.5"), (np.nan, "nan")])
@pytest.mark.parametrize("name", ["q", "k", "v", "y"])
def test_wrong_scales_are_refused(name: str, scale: float, said: str) -> None:
    message = (
        f"{name}_scale of int8 attention is {said}\n"
        "  because: a scale is what one step of an int8 stands for: positive and finite\n"
        f"  try: {name}_scale = the largest magnitude the tensor has, divided by 127"
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        replace(SEED, **{f"{name}_scale": scale})
