"""What `packed_matmul` promises beyond its cases: bytes, rounding once, and what it refuses."""

from typing import Any

import ml_dtypes
import numpy as np
import pytest

from designs import packed_matmul
from ironbird.session.compile import compile
from ironbird.session.run import run

CASES = {case.name: case for case in packed_matmul.CASES}


def multiplied(case: packed_matmul.Case, a: Any, b: Any) -> Any:
    arguments = packed_matmul.pack(case, {"a": a, "b": b})
    run(compile(packed_matmul.design(case)), *arguments).raise_for_findings()
    return packed_matmul.unpack(case, arguments)["c"]


@pytest.mark.parametrize(
    ("name", "bytes_in", "bytes_out"),
    [
        ("i8_16", 512, 256),
        ("i8_32", 2048, 1024),
        ("i8_64", 8192, 4096),
        ("bf16_64", 16384, 8192),
    ],
)
def test_buffers_have_the_bytes_of_the_original(name: str, bytes_in: int, bytes_out: int) -> None:
    case = CASES[name]
    packed, result = packed_matmul.pack(case, case.inputs(np.random.default_rng(0)))
    assert (packed.nbytes, result.nbytes) == (bytes_in, bytes_out)


@pytest.mark.parametrize("shift", [1, 12])
def test_the_shift_is_of_the_whole_sum(shift: int) -> None:
    """Halves go to the even number, and what does not fit saturates."""
    case = packed_matmul.Case(name="shifted", side=16, shift=shift)
    inputs = case.inputs(np.random.default_rng(shift))
    exact = inputs["a"].astype(np.int64) @ inputs["b"].astype(np.int64)
    expected = np.clip(np.round(exact / 2**shift), -128, 127)
    np.testing.assert_array_equal(multiplied(case, **inputs), expected)


def test_an_identity_returns_the_other_matrix() -> None:
    case = packed_matmul.Case(name="identity", side=32, shift=0)
    b = case.inputs(np.random.default_rng(1))["b"]
    np.testing.assert_array_equal(multiplied(case, np.eye(32, dtype=np.int8), b), b)


def test_products_of_small_bf16_integers_are_exact() -> None:
    """Sums stay below 256, up to which bf16 holds every integer."""
    rng = np.random.default_rng(2)
    a, b = rng.integers(-3, 4, (2, 64, 64))
    c = multiplied(CASES["bf16_64"], a.astype(ml_dtypes.bfloat16), b.astype(ml_dtypes.bfloat16))
    assert np.abs(a @ b).max() <= 256
    np.testing.assert_array_equal(c, a @ b)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"side": 48}, r"^matrices of side 48; there are 16, 32 and 64$"),
        ({"type_name": "i16"}, r"^a packed product of i16; there are i8 and bf16$"),
        (
            {"multiplier": 0},
            r"^a scale of 0 / 2\^7; a multiplier is 1 to 32767, a shift 0 to 31$",
        ),
        (
            {"shift": 32},
            r"^a scale of 1 / 2\^32; a multiplier is 1 to 32767, a shift 0 to 31$",
        ),
    ],
)
def test_what_it_cannot_do_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        packed_matmul.Case(**{"name": "refused", "side": 16, **options})
