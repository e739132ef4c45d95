"""What `conv1d` promises beyond its cases: exact small integers, edges, shifts, the whole bias."""

from typing import Any

import ml_dtypes
import numpy as np
import pytest

from designs import conv1d
from ironbird.base.tolerance import judge
from ironbird.session.compile import compile
from ironbird.session.run import run

CASES = {case.name: case for case in conv1d.CASES}


def convolved(case: conv1d.Case, x: Any, weights: Any, bias: Any) -> Any:
    inputs = {
        "x": x.astype(ml_dtypes.bfloat16),
        "weights": weights.astype(ml_dtypes.bfloat16),
        "bias": bias.astype(np.float32),
    }
    arguments = conv1d.pack(case, inputs)
    run(compile(conv1d.design(case)), *arguments).raise_for_findings()
    return conv1d.unpack(case, arguments)["y"]


def frame_by_frame(case: conv1d.Case, x: Any, weights: Any, bias: Any) -> Any:
    """The definition: what lies before the first and behind the last frame is zero."""
    y = np.tile(bias.astype(np.float64), (case.result_frames, 1))
    for result in range(case.result_frames):
        for tap in range(3):
            frame = result * case.stride + tap - 1
            if 0 <= frame < case.frames:
                y[result] += weights[:, :, tap].astype(np.float64) @ x[frame].astype(np.float64)
    return y


def small_integers(case: conv1d.Case, seed: int) -> tuple[Any, Any, Any]:
    """So small, and so few of them not 0, that every sum is a bf16 number."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(-2, 3, (case.outputs_count, case.channels, 3))
    weights[rng.random(weights.shape) > 0.1] = 0
    return (
        rng.integers(-3, 4, (case.frames, case.channels)),
        weights,
        rng.integers(-20, 21, case.outputs_count),
    )


@pytest.mark.parametrize("name", ["stride_1", "stride_2"])
def test_small_integers_are_exact(name: str) -> None:
    case = CASES[name]
    expected = frame_by_frame(case, *small_integers(case, 1))
    assert np.abs(expected).max() <= 256
    np.testing.assert_array_equal(convolved(case, *small_integers(case, 1)), expected)


@pytest.mark.parametrize("name", ["stride_1", "stride_2"])
def test_the_reference_is_the_definition(name: str) -> None:
    case = CASES[name]
    inputs = case.inputs(np.random.default_rng(2))
    np.testing.assert_allclose(
        conv1d.reference(case, **inputs)["y"], frame_by_frame(case, **inputs), atol=1e-10
    )


def test_the_bias_arrives_whole() -> None:
    """Of 24 bits, where 1 cancels all but the last two of its three parts."""
    case = CASES["stride_1"]
    bias = 1 + np.random.default_rng(3).uniform(2**-12, 2**-10, case.outputs_count)
    bias = bias.astype(np.float32)
    x = np.zeros((case.frames, case.channels))
    x[:, 0] = -1
    weights = np.zeros((case.outputs_count, case.channels, 3))
    weights[:, 0, 1] = 1
    y = convolved(case, x, weights, bias)
    expected = np.broadcast_to((bias - 1).astype(ml_dtypes.bfloat16), y.shape)
    np.testing.assert_array_equal(y, expected)


def test_a_shift_in_time_shifts_the_result() -> None:
    case = CASES["stride_2"]
    inputs = case.inputs(np.random.default_rng(4))
    inputs["x"][-2:] = 0
    later = {**inputs, "x": np.roll(inputs["x"], 2, axis=0)}
    np.testing.assert_array_equal(convolved(case, **later)[2:-1], convolved(case, **inputs)[1:-2])


def test_one_frame_has_zeros_on_both_sides() -> None:
    case = conv1d.Case(name="one", frames=1, channels=16, outputs_count=24, m=16, n=16)
    x, weights, bias = small_integers(case, 5)
    np.testing.assert_array_equal(
        convolved(case, x, weights, bias), x @ weights[:, :, 1].T + bias[None, :]
    )


def test_one_result_is_the_next_ones_x() -> None:
    """As the device leaves it: behind a frame of zeros, whatever stands behind the last frame."""
    first = conv1d.Case(name="first", frames=8, channels=16, outputs_count=24, m=16, n=16)
    second = conv1d.Case(
        name="second", frames=8, channels=64, outputs_count=24, stride=2, m=16, n=16
    )
    x, weights, bias = small_integers(first, 7)
    arguments = conv1d.pack(first, {"x": x, "weights": weights, "bias": bias})
    between = np.zeros(second.x_shape, ml_dtypes.bfloat16)
    made = between[1 : 1 + first.product.rows]
    run(compile(conv1d.design(first)), *arguments[:2], made).raise_for_findings()
    assert made[first.frames :].any()
    _, weights, bias = small_integers(second, 8)
    _, *rest = conv1d.pack(second, {"x": made[:8], "weights": weights, "bias": bias})
    shaped = between.reshape(second.product.a_shape)
    run(compile(conv1d.design(second)), shaped, *rest).raise_for_findings()
    expected = frame_by_frame(second, made[: first.frames], weights, bias)
    np.testing.assert_array_equal(rest[-1][: second.result_frames, :24], expected)


def test_the_comparison_can_fail() -> None:
    """Faults that a real run could have: taps reversed, a frame late, no bias."""
    case = CASES["stride_2"]
    inputs = case.inputs(np.random.default_rng(6))
    result = convolved(case, **inputs)
    assert judge(result, conv1d.reference(case, **inputs)["y"], case.tolerance)
    for fault in (
        {"weights": inputs["weights"][:, :, ::-1]},
        {"x": np.roll(inputs["x"], 1, axis=0)},
        {"bias": np.zeros_like(inputs["bias"])},
    ):
        wrong = conv1d.reference(case, **{**inputs, **fault})["y"]
        assert not judge(result, wrong, case.tolerance)


def test_an_unknown_end_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^a convolution that ends in 'tanh'; there are plain, gelu$"
    ):
        conv1d.Case(name="x", frames=8, channels=8, outputs_count=8, end="tanh")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((10, 8, 8, 3), r"^a convolution of stride 3; there are 1 and 2$"),
        ((0, 8, 8, 1), r"^a convolution of 0 frames from 8 to 8 channels is empty$"),
        ((10, 0, 8, 1), r"^a convolution of 10 frames from 0 to 8 channels is empty$"),
        ((10, 8, 16640, 1), r"^16640 columns in tiles of 64; there are at most 16384$"),
    ],
)
def test_what_it_cannot_tile_is_refused(sizes: tuple[int, int, int, int], message: str) -> None:
    frames, channels, outputs_count, stride = sizes
    with pytest.raises(ValueError, match=message):
        conv1d.Case(
            name="refused",
            frames=frames,
            channels=channels,
            outputs_count=outputs_count,
            stride=stride,
        )
