"""Arrays in files, with bfloat16 that numpy does not know by name."""

from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from ironbird.base.errors import UsageError
from ironbird.session.array_files import (
    load_array,
    load_arrays,
    poisoned,
    save_array,
    save_arrays,
)

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)


@pytest.mark.parametrize("dtype", [BFLOAT16, np.dtype(np.int8), np.dtype(np.float32)], ids=str)
def test_arrays_come_back_as_they_were(tmp_path: Path, dtype: np.dtype) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    save_array(tmp_path / "x.npy", array)
    save_arrays(tmp_path / "x.npz", {"x": array, "y": array + array})
    for loaded in (load_array(tmp_path / "x.npy", dtype), load_arrays(tmp_path / "x.npz")["x"]):
        assert loaded.dtype == dtype
        assert loaded.tobytes() == array.tobytes()


@pytest.mark.parametrize("dtype", [BFLOAT16, np.dtype(np.float32), np.dtype(np.float16)], ids=str)
def test_floats_are_poisoned_with_nan(dtype: np.dtype) -> None:
    assert np.isnan(poisoned((2, 3), dtype).astype(np.float32)).all()


def test_integers_are_poisoned_with_a5() -> None:
    assert poisoned((2,), np.dtype(np.int16)).tobytes() == b"\xa5" * 4
    assert poisoned((0,), np.dtype(np.int16)).size == 0


def test_refusals(tmp_path: Path) -> None:
    missing, text = tmp_path / "missing.npy", tmp_path / "text.npz"
    one, several = tmp_path / "one.npy", tmp_path / "several.npz"
    text.write_text("hello")
    np.save(one, np.zeros(2))
    np.savez(several, x=np.zeros(2))
    refusals = [
        (lambda: load_array(missing, BFLOAT16), f"there is no file {missing}"),
        (
            lambda: load_array(several, BFLOAT16),
            f"{several} holds several arrays\n  try: save one with np.save",
        ),
        (
            lambda: load_arrays(one),
            f"{one} holds one array without a name\n  try: np.savez(path, name=array, ...)",
        ),
        (
            lambda: load_arrays(text),
            f"{text} holds no numbers in numpy's format\n"
            "  try: np.save or np.savez makes such a file",
        ),
        (
            lambda: save_array(tmp_path, np.zeros(2)),
            f"{tmp_path} cannot be written\n  because: [Errno 21] Is a directory: '{tmp_path}'",
        ),
    ]
    for refused, message in refusals:
        with pytest.raises(UsageError) as caught:
            refused()
        assert str(caught.value) == message
