"""A design round one kernel of the library (the corpus runs one: programs/d4/rows_of_an_image)."""

import numpy as np
import pytest
from aie.iron import kernels
from aie.iron.algorithms import kernel_design

from ironbird.base.errors import DesignError
from ironbird.ir import print_module


def test_every_array_is_a_tensor_and_every_scalar_a_constant() -> None:
    text = print_module(kernel_design.design(kernels.threshold(64)))
    assert "aie.runtime_sequence(%arg0: memref<64xui8>, %arg1: memref<64xui8>) {" in text
    assert "call @threshold_u8_64(%2, %4, %c64_i32, %c100_i16, %c200_i16, %c0_i8)" in text


def test_what_a_kernel_updates_starts_with_zeros() -> None:
    kernel = kernels.mv(32, 32)
    a, b, c = kernel_design.sample_inputs(kernel, seed=3)
    assert not c.any()
    tensors = kernel_design.host_args(kernel, seed=3)
    assert [tensor.shape for tensor in tensors] == [(1024,), (32,), (32,)]
    np.testing.assert_array_equal(tensors[0].numpy(), a)
    expected = a.reshape(32, 32).astype(np.int64) @ b.astype(np.int64)
    np.testing.assert_array_equal(kernel.expected(a, b, c), expected.astype(np.int32))
    text = print_module(kernel_design.design(kernel))
    assert "memref.store %c0_i32, " in text
    assert "call @mv_i16_i32_32x32(" in text


def test_a_core_has_two_channels() -> None:
    with pytest.raises(DesignError) as caught:
        kernel_design.design(kernels.mul_add(64))
    assert str(caught.value).partition(": ")[2] == (
        "a design of kernel 'mul_add_bf16_64' alone\n"
        "  because: it reads 3 arrays, and two DMA channels lead into a core\n"
        "  try: a Buffer in the place of one"
    )
