"""What programs call beside access patterns: checks, arithmetic on sizes, pictures."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from iron_programs import refused

from ironbird.base.errors import ToolError
from ironbird.iron import require as exported_require
from ironbird.iron.taplib import (
    TensorAccessPattern,
    TensorAccessSequence,
    is_sym,
    require,
    sceildiv,
    sint,
    smin,
    sprod,
    sselect,
)
from ironbird.iron.taplib.walk_checks import (
    validate_and_clean_sizes_strides,
    validate_offset,
    validate_tensor_dims,
)

COLUMNS = TensorAccessPattern((2, 3), 0, [3, 2], [1, 3])


def test_arithmetic_on_sizes():
    assert (smin(7, 3, 5), sceildiv(7, 2), sprod([2, 3, 4]), sint(np.int64(9))) == (3, 4, 24, 9)
    assert (sselect(True, 1, 2), sselect(False, 1, 2), is_sym(3)) == (1, 2, False)
    assert exported_require is require
    require(True, "never said")
    with refused(at="even", what="n is not even"):
        require(3 % 2 == 0, "n is not even")  # !even


def test_numbers_of_a_walk():
    assert validate_tensor_dims([2, 3], expected_dims=2) == (2, 3)
    assert validate_offset(5, (2, 3)) == 5
    assert validate_offset(100, None) == 100
    cleaned = validate_and_clean_sizes_strides([1, 1, 4, 8], [7, 0, 8, 1], expected_dims=4)
    assert cleaned == ((1, 1, 4, 8), (0, 0, 8, 1))
    assert validate_and_clean_sizes_strides([1, 1], [3, 5]) == ((1, 1), (0, 5))
    assert validate_and_clean_sizes_strides(None, [1], allow_none=True) == (None, (1,))


def test_numbers_that_are_no_walk():
    with refused(at="dims", what="tensor_dims [2, 3] has 2 dimensions, not 3"):
        validate_tensor_dims([2, 3], 3)  # !dims
    with refused(
        at="outside", what="offset 6 is outside a tensor of [2, 3]", because="it has 6 elements"
    ):
        validate_offset(6, (2, 3))  # !outside
    with refused(at="missing", what="a walk needs both sizes and strides"):
        validate_and_clean_sizes_strides([2], None)  # !missing
    with refused(at="lengths", what="a walk has 2 sizes but 1 strides"):
        validate_and_clean_sizes_strides([2, 3], [1])  # !lengths


class Recorder:
    """Stands for matplotlib: remembers what is called, and gives itself."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        def call(*arguments, **options):
            self.calls.append(name)
            return (self, [[self, self]]) if name == "subplots" else self

        return call


@pytest.fixture
def drawn(monkeypatch):
    recorder = Recorder()
    for part in ("pyplot", "animation"):
        monkeypatch.setitem(sys.modules, f"matplotlib.{part}", recorder)
    monkeypatch.setitem(sys.modules, "matplotlib", SimpleNamespace())
    return recorder.calls


def test_pictures_are_drawn_with_matplotlib(drawn):
    COLUMNS.visualize(file_path="walk.png", show_plot=False)
    assert drawn == ["subplots", "suptitle", "imshow", "set_title", "plot", "savefig", "close"]
    drawn.clear()
    COLUMNS.visualize(False, "columns", plot_access_count=True)
    assert drawn == [
        "subplots", "suptitle", "imshow", "set_title", "imshow", "set_title", "show", "close"
    ]  # fmt: skip
    drawn.clear()
    steps = TensorAccessSequence.from_taps([COLUMNS, COLUMNS])
    steps.animate(animate_access_count=True)
    assert drawn == ["subplots", "suptitle", "FuncAnimation"]
    drawn.clear()
    steps.visualize(show_plot=False)
    assert drawn == ["subplots", "suptitle", "imshow", "set_title", "plot", "close"]


def test_pictures_without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ToolError) as refusal:
        COLUMNS.visualize()
    assert refusal.value.what == "an access pattern cannot be drawn"
    assert refusal.value.fix == "pip install matplotlib, or print tap.access_order()"
