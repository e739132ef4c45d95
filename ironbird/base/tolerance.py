"""How far a result may be from its reference, with the evidence for it, and the verdict.

A NaN in the result fails under every tolerance: outputs start as NaN, so an element that nobody
wrote shows. A NaN in the reference is a defect of the reference and is refused.
"""

import math
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Ordinals = npt.NDArray[np.int64]

_BFLOAT16 = np.dtype(ml_dtypes.bfloat16)


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """Every limit that is set must hold; with none set the result must be equal.

    bf16_ulps:   the most bfloat16 values between a result and its reference, for each element.
    absolute, relative: |result - reference| <= absolute + relative * |reference|, for each element.
    relative_l2: norm of the difference over norm of the reference, for the array as a whole.
    evidence:    why this much and no less: a source, a derivation or a measurement.
    """

    evidence: str
    bf16_ulps: int | None = None
    absolute: float | None = None
    relative: float | None = None
    relative_l2: float | None = None

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError("a tolerance needs its evidence")
        for name in ("bf16_ulps", "absolute", "relative", "relative_l2"):
            limit = getattr(self, name)
            if limit is not None and not (limit >= 0 and math.isfinite(limit)):
                raise ValueError(f"tolerance {name}={limit}; it must be finite and not negative")

    @property
    def is_exact(self) -> bool:
        """Whether equality is asked for."""
        return not self._limits()

    def _limits(self) -> list[str]:
        limits = {
            "bf16_ulps": self.bf16_ulps,
            "absolute": self.absolute,
            "relative": self.relative,
            "relative_l2": self.relative_l2,
        }
        return [f"{name} {limit:g}" for name, limit in limits.items() if limit is not None]

    def __str__(self) -> str:
        return ", ".join(self._limits()) or "exact"


EXACT = Tolerance(evidence="integer arithmetic wraps alike on both sides, and moves change nothing")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a comparison found. True exactly if the result is within its tolerance.

    mismatch_count: elements over the element-wise limits, or NaN; 0 where only the norm is limited
                    and no element is NaN.
    first_index:    the first such element, None if there is none.
    worst_index:    the element with the largest error (a NaN is the largest), None if empty.
    max_abs_error, relative_l2: NaN if the result holds a NaN.
    """

    passed: bool
    element_count: int
    mismatch_count: int
    first_index: tuple[int, ...] | None
    worst_index: tuple[int, ...] | None
    worst_actual: float
    worst_expected: float
    max_abs_error: float
    relative_l2: float
    tolerance: Tolerance

    def __bool__(self) -> bool:
        return self.passed

    @property
    def rel_l2(self) -> float:
        """The name that the command line prints."""
        return self.relative_l2

    def __str__(self) -> str:
        lines = [
            f"{'within' if self.passed else 'outside'} tolerance ({self.tolerance}): "
            f"{self.mismatch_count} of {self.element_count} elements differ too much, "
            f"max abs error {self.max_abs_error:.4g}, relative L2 {self.relative_l2:.4g}"
        ]
        if self.first_index is not None:
            lines.append(f"first at {self.first_index}")
        if not self.passed and self.worst_index is not None:
            lines.append(
                f"worst at {self.worst_index}: {self.worst_actual:g}, expected "
                f"{self.worst_expected:g}"
            )
        return "; ".join(lines)


def judge(actual: Array, expected: Array, tolerance: Tolerance) -> Verdict:
    """Compare a result with its reference.

    Shapes  equal; any rank.
    Dtypes  anything that converts to float64 without loss of what is judged (64-bit integers are
            compared as they are under an exact tolerance).
    Raises  ValueError for unequal shapes, and for a NaN in `expected`.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    if actual.shape != expected.shape:
        raise ValueError(f"result has shape {actual.shape}, its reference {expected.shape}")
    wide_actual, wide_expected = actual.astype(np.float64), expected.astype(np.float64)
    if np.isnan(wide_expected).any():
        raise ValueError("the reference holds NaN: it cannot judge")

    error = _absolute_error(wide_actual, wide_expected)
    bad = np.isnan(wide_actual) | _over_limits(
        actual, expected, wide_actual, wide_expected, error, tolerance
    )
    relative_l2 = _relative_l2(error, wide_expected)
    norm_holds = tolerance.relative_l2 is None or relative_l2 <= tolerance.relative_l2
    worst = int(np.argmax(np.where(np.isnan(error), np.inf, error))) if error.size else None
    return Verdict(
        passed=bool(norm_holds and not bad.any()),
        element_count=error.size,
        mismatch_count=int(np.count_nonzero(bad)),
        first_index=_index(int(np.argmax(bad)), bad.shape) if bad.any() else None,
        worst_index=None if worst is None else _index(worst, error.shape),
        worst_actual=math.nan if worst is None else float(wide_actual.flat[worst]),
        worst_expected=math.nan if worst is None else float(wide_expected.flat[worst]),
        max_abs_error=float(np.max(error)) if error.size else 0.0,
        relative_l2=relative_l2,
        tolerance=tolerance,
    )


def bf16_ulp_distance(first: Array, second: Array) -> Ordinals:
    """How many bfloat16 steps lie between two arrays, element-wise; +0 and -0 are one value."""
    distance: Ordinals = np.abs(bf16_ordinals(first) - bf16_ordinals(second))
    return distance


def bf16_ordinals(values: Array) -> Ordinals:
    """The rank of each value among the bfloat16 numbers: 0 is zero, neighbours differ by one."""
    bits = np.asarray(values).astype(_BFLOAT16).view(np.uint16).astype(np.int64)
    magnitude = bits & 0x7FFF
    return np.where(bits & 0x8000, -magnitude, magnitude)


def _absolute_error(
    actual: npt.NDArray[np.float64], expected: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """|actual - expected|, where equal infinities differ by nothing."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(actual == expected, 0.0, np.abs(actual - expected))


def _over_limits(
    actual: Array,
    expected: Array,
    wide_actual: npt.NDArray[np.float64],
    wide_expected: npt.NDArray[np.float64],
    error: npt.NDArray[np.float64],
    tolerance: Tolerance,
) -> npt.NDArray[np.bool_]:
    """Which elements break an element-wise limit."""
    if tolerance.is_exact:
        if actual.dtype == expected.dtype:
            return np.asarray(actual != expected)
        return np.asarray(wide_actual != wide_expected)
    over = np.zeros(error.shape, dtype=np.bool_)
    if tolerance.bf16_ulps is not None:
        over |= bf16_ulp_distance(actual, expected) > tolerance.bf16_ulps
    if tolerance.absolute is not None or tolerance.relative is not None:
        allowed = (tolerance.absolute or 0.0) + (tolerance.relative or 0.0) * np.abs(wide_expected)
        over |= error > allowed
    return over


def _relative_l2(error: npt.NDArray[np.float64], expected: npt.NDArray[np.float64]) -> float:
    """Norm of the error over norm of the reference; over 1 where the reference is all zeros."""
    if not error.size:
        return 0.0
    error_norm, expected_norm = float(np.linalg.norm(error)), float(np.linalg.norm(expected))
    if expected_norm == 0.0:
        return error_norm
    if math.isinf(error_norm) and math.isinf(expected_norm):
        return math.inf
    return error_norm / expected_norm


def _index(flat_index: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(axis) for axis in np.unravel_index(flat_index, shape))
