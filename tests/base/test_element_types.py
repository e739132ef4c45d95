"""Every element type is found by its dtype, and nothing else is."""

import ml_dtypes
import numpy as np
import pytest

from ironbird.base.element_types import ELEMENT_TYPES, element_type_of


@pytest.mark.parametrize("name", [name for name in ELEMENT_TYPES if name != "index"])
def test_a_dtype_leads_back_to_its_element_type(name: str) -> None:
    element = ELEMENT_TYPES[name]
    assert element_type_of(element.dtype) is element
    assert element.bytes == element.dtype.itemsize


def test_bfloat16_is_two_bytes_of_float() -> None:
    element = element_type_of(ml_dtypes.bfloat16)
    assert (element.name, element.bytes, element.is_float, element.is_unsigned) == (
        "bf16",
        2,
        True,
        False,
    )


def test_a_dtype_the_device_lacks_is_refused() -> None:
    with pytest.raises(
        TypeError,
        match=r"^complex64 is not an element type; known: bfloat16, bool, float16, float32, "
        r"float64, int16, int32, int64, int8, uint16, uint32, uint64, uint8$",
    ):
        element_type_of(np.complex64)
