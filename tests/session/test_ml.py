"""`aie.utils.ml`: layouts, folded weights, labels and logs."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from aie.utils.ml import (
    CSVLogger,
    DataShaper,
    fuse_single_conv_bn_pair,
    load_class_label,
    unpickle,
)
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.errors import UsageError

MATRIX = np.arange(16 * 3 * 8).reshape(16, 3, 8)


@given(
    order=st.sampled_from(("YCXC8", "CYC4XC2X4", "XYC", "CYX", "C2XCYX2")), rows=st.integers(1, 4)
)
def test_a_layout_and_back(order: str, rows: int) -> None:
    matrix = np.arange(16 * rows * 8).reshape(16, rows, 8)
    shaper = DataShaper(defOrder="CYX")
    there = shaper.reorder_mat(matrix, order)
    np.testing.assert_array_equal(shaper.reorder_mat(there, order, inverse=True), matrix)
    steps = shaper.get_dim_steps(matrix.shape, order)
    walked = np.zeros(there.shape, int)
    for axis, (size, step) in enumerate(steps):
        place = [1] * there.ndim
        place[axis] = size
        walked = walked + (step * np.arange(size)).reshape(place)
    np.testing.assert_array_equal(walked, there)


def test_layouts_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    there = DataShaper(print_info=True).reorder_mat(MATRIX, "YCXC8", "CYX")
    np.testing.assert_array_equal(there, MATRIX.reshape(2, 8, 3, 8).transpose(2, 0, 3, 1))
    assert capsys.readouterr().out == "CYX (16, 3, 8) -> YCXC8 (3, 2, 8, 8)\n"
    blocks = DataShaper().reorder_mat(MATRIX[:, 0], "RCR4C8")
    np.testing.assert_array_equal(blocks[1, 0], MATRIX[4:8, 0])


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (
            "YCXC5",
            "axis 'C' of 16 elements in blocks of 5\n  because: it is not whole blocks",
        ),
        (
            "YCXZ",
            "the order 'YCXZ' of a matrix whose axes are 'CYX'\n"
            "  because: each axis is named once without a number, and again for each block",
        ),
        (
            "YC8X",
            "the order 'YC8X' of a matrix whose axes are 'CYX'\n"
            "  because: each axis is named once without a number, and again for each block",
        ),
    ],
)
def test_orders_that_are_none(order: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        DataShaper().reorder_mat(MATRIX, order, "CYX")
    assert str(caught.value).partition(": ")[2] == message


def test_what_is_unknown_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        DataShaper().get_dim_steps((4, 4), "RC", bits=16)
    assert str(caught.value).partition(": ")[2] == (
        "get_dim_steps with bits, ebs or sparse_ratio\n"
        "  because: what upstream makes of them is not known here"
    )


def test_batch_norm_folds_into_the_convolution() -> None:
    rng = np.random.default_rng(0)
    mean, gain, bias = rng.normal(size=(3, 4))
    variance, weights = rng.random(4) + 0.1, rng.normal(size=(4, 3))
    x = rng.normal(size=3)
    expected = gain * (weights @ x - mean) / np.sqrt(variance + 1e-5) + bias
    fused, fused_bias = fuse_single_conv_bn_pair(mean, variance, gain, bias, weights)
    np.testing.assert_allclose(fused @ x + fused_bias, expected)


def test_files(tmp_path: Path) -> None:
    log = CSVLogger(tmp_path / "log.csv")
    log.set_columns(["a", "b"])
    log.append([1, 2.5])
    with pytest.raises(UsageError) as caught:
        log.append([1])
    assert str(caught.value).partition(": ")[2] == (
        "a row of 1 values\n  because: there are 2 columns"
    )
    log.close()
    assert (tmp_path / "log.csv").read_text() == "a,b\n1,2.5\n"
    assert load_class_label(tmp_path / "log.csv", 1) == ["a,b"]
    with pytest.raises(UsageError) as short:
        load_class_label(tmp_path / "log.csv", 3)
    assert str(short.value).partition(": ")[2] == (
        f"{tmp_path / 'log.csv'} has 2 lines\n  because: 3 labels were asked for"
    )
    (tmp_path / "batch").write_bytes(pickle.dumps({b"data": 1}, protocol=2))
    assert unpickle(tmp_path / "batch") == {b"data": 1}
