"""Every kernel of `aie.iron.kernels` does what its contract says: one test reads the contracts."""

from pathlib import Path

import aie.iron.kernels
import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ironbird.iron.kernels as library
from ironbird.base.errors import DesignError
from ironbird.iron.kernels import LibraryKernel
from ironbird.iron.kernels.contract import KernelContract, Param, Role, taken, written
from tests.iron_kernels.together import frame_bytes, together

BF16 = ml_dtypes.bfloat16
OTHER_FORMS = (
    library.add(64, np.int32),
    library.convert_copy(64, BF16, np.float32),
    library.leaky_relu(64, 0.25),
    library.mm(16, 16, 16, BF16, BF16, b_col_maj=True, c_col_maj=True),
    library.mm(16, 16, 16, BF16, np.float32),
    library.mm(16, 16, 16, np.int16, np.int16),
    library.mm(16, 16, 16, np.int16, np.int32, b_col_maj=True, c_col_maj=True),
    library.mm(16, 16, 16, np.int8, np.int16, b_col_maj=True),
    library.mm(16, 16, 16, np.int8, np.int32),
    library.mm(16, 16, 16, np.int8, np.int8),
    library.mm(8, 8, 8, BF16, np.float32, vectorized=False),
    library.mm(8, 8, 8, np.int16, np.int32, b_col_maj=True, vectorized=False),
    library.mul(64, np.int16),
    library.passthrough(64, np.int32),
    library.reduce_max(64, BF16),
    library.rms_norm_eps(64, 0.5),
    library.scale(64, np.int32, vectorized=False),
    library.transpose(8, 24, np.uint8),
    library.zero(64, BF16),
)
# A cascade's kernels wait for their neighbours; the corpus runs them (programs/d4/cascade_product).
ALONE = tuple(
    {
        kernel.name: kernel
        for kernel in (*(factory() for factory in library.FACTORIES), *OTHER_FORMS)
        if not kernel.name.startswith("cascade")
    }.values()
)


@pytest.mark.parametrize("kernel", ALONE, ids=lambda kernel: kernel.name)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_kernel_keeps_its_contract(kernel: LibraryKernel, seed: int) -> None:
    inputs = kernel.sample_inputs(seed)
    result = together(ALONE).call(kernel, inputs)
    verdict = kernel.judge(result, *(given for given in inputs if given is not None))
    assert verdict, str(verdict)


@pytest.mark.parametrize("mode", range(5))
def test_every_mode_of_threshold(mode: int) -> None:
    kernel = next(each for each in ALONE if each.name.startswith("threshold"))
    inputs = kernel.sample_inputs(mode)
    inputs[-1] = mode
    result = together(ALONE).call(kernel, inputs)
    np.testing.assert_array_equal(result, kernel.expected(*(x for x in inputs if x is not None)))


@pytest.mark.parametrize("edge", range(3))
def test_a_convolution_at_the_edges(edge: int) -> None:
    kernel = next(each for each in ALONE if each.name.startswith("conv2dk3"))
    inputs = kernel.sample_inputs(edge)
    inputs[-2] = edge
    result = together(ALONE).call(kernel, inputs)
    np.testing.assert_array_equal(result, kernel.expected(*(x for x in inputs if x is not None)))


@pytest.mark.parametrize(
    ("kernel", "values", "expected"),
    [
        ("relu", [-1.0, -0.0, 0.5], [0, 0, 0.5]),
        ("tanh", [-30, 0, 30], [-1, 0, 1]),
        ("sigmoid", [-30, 0, 30], [0, 0.5, 1]),
        ("silu", [-30, 0, 30], [0, 0, 30]),
        ("gelu", [-30, 0, 30], [0, 0, 30]),
        ("exp", [-80, 0], [np.exp(-80), 1]),
    ],
)
def test_activations_at_their_ends(kernel: str, values: list[float], expected: list[float]) -> None:
    found = next(each for each in ALONE if each.name == f"{kernel}_bf16_1024")
    x = np.resize(np.array(values, BF16), 1024)
    result = together(ALONE).call(found, [x, None])[: len(values)].astype(np.float64)
    np.testing.assert_allclose(result, expected, rtol=0.02, atol=1e-30)


def test_references_are_what_their_names_say() -> None:
    x = np.linspace(-3, 3, 64)
    np.testing.assert_allclose(library.softmax_ref(x).sum(), 1)
    np.testing.assert_allclose(library.layer_norm_ref(x, 0.0).std(), 1)
    np.testing.assert_allclose((library.rms_norm_ref(x, 0.0) ** 2).mean(), 1)
    np.testing.assert_allclose(library.silu_ref(x), x / (1 + np.exp(-x)))
    np.testing.assert_allclose(library.gelu_ref(x), x * library.sigmoid_ref(1.702 * x), atol=0.03)
    turned = library.rope_ref(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    np.testing.assert_allclose(turned, [0, 1])
    colours = np.array([[255, 0, 0, 255], [0, 255, 0, 0], [0, 0, 255, 0], [9, 9, 9, 9]], np.uint8)
    np.testing.assert_array_equal(library.rgba2hue_ref(colours.reshape(-1)), [0, 60, 120, 0])
    np.testing.assert_array_equal(library.rgba2gray_ref(colours.reshape(-1)), [77, 149, 29, 9])
    a, b = np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4)
    flat = library.mm_ref(a.ravel(), b.ravel(), np.zeros(8, np.int64), (2, 3, 4))
    np.testing.assert_array_equal(flat.reshape(2, 4), a @ b)


@given(seed=st.integers(0, 99), column_major=st.booleans())
def test_blocks_come_back(seed: int, column_major: bool) -> None:
    matrix = np.random.default_rng(seed).integers(0, 99, (8, 12))
    flat = library.as_blocks(matrix, 4, 3, column_major)
    np.testing.assert_array_equal(library.from_blocks(flat, (8, 12), 4, 3, column_major), matrix)
    first = matrix[:4, :3].T if column_major else matrix[:4, :3]
    np.testing.assert_array_equal(flat[:12], first.reshape(-1))


@pytest.mark.parametrize("kernel", [library.softmax(64), library.mm(16, 16, 16)], ids=str)
def test_frames_fit_the_default_stack(kernel: LibraryKernel) -> None:
    assert frame_bytes(kernel) <= 1024


def test_the_names_of_upstream() -> None:
    assert set(aie.iron.kernels.factories()) == {each.__name__ for each in library.FACTORIES}
    assert aie.iron.kernels.mm().mac_dims == (4, 4, 4)
    assert aie.iron.kernels.mm(vectorized=False).mac_dims == (1, 1, 1)
    assert aie.iron.kernels.cascade_mm().mac_dims == (1, 1, 1)
    clear = aie.iron.kernels.mm(16, 16, 16).zero
    assert clear is not None
    assert (clear.name, clear.output_dtype) == ("zero_i32_256", np.int32)
    for factory in library.FACTORIES:
        reference = f"{factory.__name__.removesuffix('_sized').removesuffix('_eps')}_ref"
        same_as = {
            "zero_ref": "zero",
            "cascade_mm_ref": "mm_ref",
            "cascade_mm_put_ref": "mm_ref",
            "conv2dk1_i8_ref": "conv2dk1_ref",
        }
        assert hasattr(library, same_as.get(reference, reference)), reference
    with pytest.raises(
        ImportError, match=r"^aie\.iron\.kernels\.mha exists upstream, but not in the embedded IRON"
    ):
        from aie.iron.kernels import mha  # noqa: F401


def test_every_source_is_used() -> None:
    folder = Path(library.__file__).parent / "sources"
    used = {factory().source.path for factory in library.FACTORIES}
    assert used == set(folder.glob("*.cc"))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: library.relu(100),
            "relu(tile_size=100)\n"
            "  because: the kernel works on 16 elements at a time, without a rest\n"
            "  try: a positive multiple of 16",
        ),
        (
            lambda: library.scale(64, np.uint8),
            "scale of ui8\n  because: the kernel is written for i16, i32",
        ),
        (
            lambda: library.mm(10, 16, 16),
            "mm(dim_m=10)\n"
            "  because: the kernel works on 4 elements at a time, without a rest\n"
            "  try: a positive multiple of 4",
        ),
        (
            lambda: library.mm(use_chess=True),
            "mm(use_chess=True)\n  because: kernels are compiled for the host, by its own compiler",
        ),
        (
            lambda: library.mm(emulate_bf16_mmul_with_bfp16=True),
            "mm(emulate_bf16_mmul_with_bfp16=True)\n  because: block floating point is of npu2",
        ),
        (
            lambda: library.cascade_mm(role="take"),
            "cascade_mm(role='take')\n  because: it is put, get_put or get",
        ),
    ],
)
def test_what_no_kernel_is_written_for(make: object, message: str) -> None:
    with pytest.raises(DesignError) as caught:
        make()  # type: ignore[operator]
    assert str(caught.value).partition(": ")[2] == message
    assert str(caught.value).startswith("tests/iron_kernels/test_library_kernels.py:")


def test_contracts_that_are_wrong_cannot_be_written() -> None:
    with pytest.raises(ValueError, match=r"^argument 'x' has one end of a range$"):
        Param("x", Role.IN, lowest=1.0)
    with pytest.raises(ValueError, match=r"^a kernel of the library writes one array, not 2$"):
        KernelContract(
            params=(taken("x"), written("y"), written("z")),
            reference=lambda x: x,
            tolerance=library.add(64, np.int32).contract.tolerance,
        )
