"""Comparing results with references, under the names of `aie.utils.verify`.

Upstream's signatures are known by name only; argument order and defaults here are assumptions
(actual first, then expected). The judging itself is `ironbird.base.tolerance`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base import tolerance as base
from ironbird.base.element_types import element_type_of
from ironbird.base.tolerance import Verdict

BF16_RTOL = 0.128


class Tolerance:
    """Ways to say how far a result may be from its reference."""

    @staticmethod
    def exact() -> base.Tolerance:
        """Equal."""
        return base.Tolerance(evidence="asked for by the caller")

    @staticmethod
    def bf16_ulps(count: int) -> base.Tolerance:
        """At most `count` bfloat16 values away."""
        return base.Tolerance(evidence="asked for by the caller", bf16_ulps=count)

    @staticmethod
    def relative(rtol: float, atol: float = 0.0) -> base.Tolerance:
        """|actual - expected| <= atol + rtol * |expected|."""
        return base.Tolerance(evidence="asked for by the caller", relative=rtol, absolute=atol)

    @staticmethod
    def lsb(count: int) -> base.Tolerance:
        """At most `count` integers away."""
        return base.Tolerance(evidence="asked for by the caller", absolute=float(count))

    @staticmethod
    def default_for(dtype: npt.DTypeLike) -> base.Tolerance:
        """Exact for integers, upstream's relative 0.128 for floats."""
        if element_type_of(dtype).is_float:
            return Tolerance.relative(BF16_RTOL)
        return Tolerance.exact()


def compare(
    actual: npt.ArrayLike, expected: npt.ArrayLike, tolerance: base.Tolerance | None = None
) -> Verdict:
    """The verdict on a result; without a tolerance the default for its dtype."""
    result, reference = np.asarray(actual), np.asarray(expected)
    chosen = tolerance if tolerance is not None else Tolerance.default_for(result.dtype)
    return base.judge(result, reference, chosen)


def nearly_equal(actual: npt.ArrayLike, expected: npt.ArrayLike, rtol: float = BF16_RTOL) -> Any:
    """For each element whether it is within `rtol` of the larger of the two magnitudes."""
    a, b = (np.asarray(each, dtype=np.float64) for each in (actual, expected))
    near = np.abs(a - b) <= rtol * np.maximum(np.abs(a), np.abs(b))
    return bool(near) if near.ndim == 0 else near


def count_mismatches(
    actual: npt.ArrayLike, expected: npt.ArrayLike, rtol: float = BF16_RTOL
) -> int:
    """How many elements are not nearly equal; a NaN never is."""
    return int(np.size(actual) - np.count_nonzero(nearly_equal(actual, expected, rtol)))


def assert_pass(
    actual: npt.ArrayLike, expected: npt.ArrayLike, tolerance: base.Tolerance | None = None
) -> None:
    """Raise AssertionError with the verdict unless the result is within the tolerance."""
    verdict = compare(actual, expected, tolerance)
    if not verdict:
        raise AssertionError(str(verdict))


def bf16_ulp_distance(actual: npt.ArrayLike, expected: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """How many bfloat16 values lie between each pair of elements."""
    return base.bf16_ulp_distance(np.asarray(actual), np.asarray(expected))
