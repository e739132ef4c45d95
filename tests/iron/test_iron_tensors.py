"""Tensors, element types by name, markers, devices, verification, and the embedded `aie`."""

# ruff: noqa: E501 (lines of MLIR are quoted whole)

import importlib
import subprocess
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from aie.utils.hostruntime.xrtruntime.tensor import XRTTensor
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from iron_programs import array, refused, text_of, through_one_core

from ironbird import iron
from ironbird.base.errors import UsageError
from ironbird.base.kernel_source import KernelSource
from ironbird.iron import device, markers, verify
from ironbird.iron.tensor import ALIGNMENT_BYTES

shapes = st.lists(st.integers(1, 9), min_size=1, max_size=3).map(tuple)


@given(shape=shapes, dtype=st.sampled_from([np.int8, np.int32, np.float32, ml_dtypes.bfloat16]))
def test_factories(shape, dtype):
    for made, value in (
        (iron.zeros(shape, dtype=dtype), 0),
        (iron.zeros(*shape, dtype=dtype), 0),
        (iron.ones(shape, dtype=dtype), 1),
        (iron.full(shape, 3, dtype=dtype), 3),
        (iron.zeros_like(iron.ones(shape, dtype=dtype)), 0),
    ):
        assert made.shape == shape
        assert made.dtype == np.dtype(dtype)
        assert made.device == "npu"
        assert made.data.ctypes.data % ALIGNMENT_BYTES == 0
        assert (made.numpy() == np.dtype(dtype).type(value)).all()
        assert made.nbytes == made.numel() * made.element_size()


@given(values=hnp.arrays(np.int16, shapes))
def test_a_tensor_holds_a_copy(values):
    made = iron.tensor(values)
    assert np.array_equal(np.asarray(made), values)
    assert made.dtype == np.int16
    made[...] = 1
    assert made.fill_(2)[0].max() == 2
    assert len(made) == len(values)


def test_random_and_counted_tensors():
    drawn = iron.randint(-3, 4, (100,), dtype=np.int32)
    assert drawn.dtype == np.int32
    assert drawn.data.min() >= -3
    assert drawn.data.max() < 4
    assert 0 <= iron.rand(100).data.min() <= iron.rand(100).data.max() < 1
    assert iron.arange(3, 9, 2).data.tolist() == [3, 5, 7]
    assert iron.arange(3, dtype=np.float32).data.tolist() == [0, 1, 2]
    out = iron.zeros(3, dtype=np.int32)
    assert iron.ones(3, out=out) is out
    assert out.data.tolist() == [1, 1, 1]
    assert iron.NpuTensor.zeros(2, dtype=np.int8).shape == (2,)


def test_subviews_share_memory():
    whole = iron.arange(64, dtype=np.int32)
    part = whole.subview(16, (2, 8))
    part[0, 0] = -1
    assert whole[16] == -1
    assert whole.subview(32, (4,), np.int16).dtype == np.int16
    assert whole.to("cpu").device == "cpu"


@pytest.mark.parametrize(
    ("call", "what", "because"),
    [
        (
            lambda: iron.zeros(4, device="gpu"),
            "Unsupported device: gpu",
            "'cpu' and 'npu' exist",
        ),
        (
            lambda: iron.tensor(np.zeros(4, np.int8), dtype=np.int16),
            "tensor(dtype=int16) of an array of int8",
            "the two disagree",
        ),
        (
            lambda: iron.zeros(64, dtype=np.int32).subview(3, (4,)),
            "a subview cannot start at element 3",
            "byte 12 is not a multiple of 64",
        ),
        (
            lambda: iron.zeros(64, dtype=np.int32).subview(48, (32,)),
            "a subview of 128 bytes from byte 192 leaves the tensor",
            "the tensor has 256 bytes",
        ),
        (
            lambda: iron.ones(3, out=iron.zeros(4)),
            "out= has (4,) float32, not (3,) float32",
            None,
        ),
        (
            lambda: iron.set_tensor_class(np.ndarray),
            "'ndarray' cannot be the tensor class",
            "the simulator takes NpuTensor and its subclasses",
        ),
    ],
)
def test_refused_tensors(call, what, because):
    with pytest.raises(UsageError) as refusal:
        call()
    assert (refusal.value.what, refusal.value.because) == (what, because)


def test_short_names_of_element_types():
    for name in ("bf16", "i8", "i16", "f32", "i32"):
        assert iron.dtype_to_str(iron.str_to_dtype(name)) == name
    with refused(
        at="no_such", what="Unrecognized dtype: i7", because="the names are bf16, f32, i16, i32, i8"
    ):
        iron.str_to_dtype("i7")  # !no_such
    with refused(
        at="no_name",
        what="Unrecognized dtype: complex64",
        because="the dtypes are bfloat16, float32, int16, int32, int8",
    ):
        iron.dtype_to_str(np.complex64)  # !no_name


def test_markers():
    assert markers.is_compile_time(iron.CompileTime[int])
    assert markers.is_dispatch_time(iron.DispatchTime[np.int32])
    assert not markers.is_compile_time(iron.In)
    with refused(
        at="dispatch",
        what="DispatchTime[float32] is not a numpy integer type",
        fix="DispatchTime[np.int32]",
    ):
        iron.DispatchTime[np.float32]  # !dispatch


def test_the_current_device():
    before = iron.set_current_device(None)
    try:
        assert iron.get_current_device().name == "npu1"
        narrow = device.NPU1Col2()
        assert iron.set_current_device(narrow) is None
        assert iron.get_current_device() is narrow
        assert iron.ensure_current_device() is narrow
        assert iron.set_current_device(None) is narrow
    finally:
        iron.set_current_device(before)


def test_devices_know_their_grid():
    npu = device.NPU1()
    assert (npu.cols, npu.rows) == (4, 6)
    assert [len(tiles) for tiles in (npu.get_shim_tiles(), npu.get_mem_tiles())] == [4, 4]
    assert len(npu.get_compute_tiles()) == 16
    assert len(list(npu.tile_iterator())) == 24
    assert npu.get_tile_type(0, 1) == "MemTile"
    core, west, east = device.Tile(1, 3), device.Tile(0, 3), device.Tile(2, 3)
    assert npu.is_mem_accessible(core, [core, west])
    assert not npu.is_mem_accessible(core, [east])
    assert npu.get_num_source_switchbox_connections(device.Tile(0, 1)) == 6
    assert device.Tile(1, 2) != device.Tile(1, 2)
    assert repr(device.AnyComputeTile.copy()) == "Tile<CoreTile>(?, ?)"


def test_verification():
    exact = verify.Tolerance.exact()
    assert verify.compare([1, 2], [1, 2], exact)
    assert not verify.compare([1, 3], [1, 2], exact)
    assert verify.compare(np.float32([1.1]), np.float32([1.0]))
    assert verify.nearly_equal(1.0, 1.1)
    assert verify.count_mismatches([1.0, 2.0, np.nan], [1.1, 4.0, np.nan]) == 2
    assert verify.bf16_ulp_distance(np.float32([1.0]), np.float32([1.0078125])).tolist() == [1]
    assert verify.compare([5, 7], [5, 8], verify.Tolerance.lsb(1))
    with pytest.raises(AssertionError, match=r"^outside tolerance \(exact\): 1 of 2 elements"):
        verify.assert_pass([1, 3], [1, 2])


KERNEL_TEXT = 'extern "C" void k(int *x) {}'


def test_sources_of_kernels(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "k2.cc").write_text(KERNEL_TEXT)
    (tmp_path / "include").mkdir()
    tensor = array(16)
    inline = iron.ExternalFunction(
        "k", source_string=KERNEL_TEXT, arg_types=[tensor], compile_flags=["-DN=3"]
    )
    filed = iron.ExternalFunction(
        "k2", "shared.o", source_file="k2.cc", arg_types=[tensor], include_dirs=["include"]
    )
    merged = iron.ExternalFunction("k3", source_string="", arg_types=[tensor], inline=True)
    bare = iron.Kernel("k4", iron.KernelObject("four.ll", "merge"), [tensor])
    unused = iron.ExternalFunction("k5", source_string="", arg_types=[tensor])

    def core(source, sink, *functions):
        a, b = source.acquire(1), sink.acquire(1)
        for function in functions[:4]:
            function(a)
            function(b)
        source.release(1)
        sink.release(1)

    resolved = through_one_core(core, [inline, filed, merged, bare, unused]).resolve()
    assert resolved.kernel_sources == (
        KernelSource(object_file="k.o", text=KERNEL_TEXT, flags=("-DN=3",)),
        KernelSource(
            object_file="shared.o",
            path=tmp_path / "k2.cc",
            include_directories=(tmp_path / "include",),
        ),
        KernelSource(object_file="k3.ll", text=""),
    )
    assert resolved.search_directories == (Path(__file__).parent,)
    text = text_of(through_one_core(core, [inline, filed, merged, bare, unused]))
    assert [line.strip() for line in text.splitlines() if "func.func" in line] == [
        'func.func private @k(memref<16xi32>) attributes {link_with = "k.o"}',
        'func.func private @k2(memref<16xi32>) attributes {link_with = "shared.o"}',
        'func.func private @k3(memref<16xi32>) attributes {link_with = "k3.ll", link_with_mode = "merge"}',
        'func.func private @k4(memref<16xi32>) attributes {link_with = "four.ll", link_with_mode = "merge"}',
    ]


def test_a_kernel_takes_buffers_numbers_and_flat_views_of_several_axes():
    flat, square = array(64), array(8, 8)
    kernel = iron.Kernel("k", "k.o", [flat, square, np.int32, np.float32])

    def core(source, sink, fn, store):
        a, b = source.acquire(1), sink.acquire(1)
        fn(a, b, a[0, 0], 2)
        for i in iron.range_(3):
            fn(store, b, i, 0.5)
        source.release(1)
        sink.release(1)

    store = iron.Buffer(square, name="store")
    text = text_of(through_one_core(core, [kernel, store], shape=(8, 8)))
    assert text.count("memref.collapse_shape") == 2
    assert text.count("arith.index_cast") == 1
    assert kernel.arg_types() == [flat, square, np.int32, np.float32]
    assert (kernel.tile_size(), kernel.arg_shape(1)) == (64, (8, 8))
    assert kernel.arg_dtype(3) == np.float32


MODULES = sorted(
    ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    for root in [Path(iron.__file__).parents[1] / "embedded"]
    for path in (root / "aie").rglob("*.py")
)


@pytest.mark.parametrize("name", MODULES)
def test_every_embedded_module_gives_what_it_lists(name):
    module = importlib.import_module(name)
    for listed in getattr(module, "__all__", ()):
        assert getattr(module, listed) is not None


def test_names_that_are_not_there():
    with pytest.raises(
        ImportError,
        match=r"^aie\.iron\.ObjectFifoPool exists upstream, but not in the embedded IRON of ironbird: "
        r"known upstream as an operation only; ObjectFifos of one type do the same$",
    ):
        from aie.iron import ObjectFifoPool  # noqa: F401
    with pytest.raises(ImportError, match=r"^cannot import name 'nonsense' from 'aie\.iron' \("):
        from aie.iron import nonsense  # noqa: F401
    assert not hasattr(importlib.import_module("aie.iron"), "nonsense")


def test_importing_the_front_end_does_not_import_the_session():
    script = (
        "import ironbird.provide, sys, aie.iron, aie.helpers.taplib\n"
        "assert not [name for name in sys.modules if name.startswith('ironbird.session')]"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        timeout=60,
        cwd=Path(iron.__file__).parents[2],
    )


def test_factories_make_their_own_class_with_its_options() -> None:
    made = [
        XRTTensor.zeros(3, group_id=4),
        XRTTensor.arange(3, group_id=4),
        XRTTensor.zeros_like(np.zeros(3, np.float32), group_id=4),
        XRTTensor.randint(0, 9, (3,), group_id=4),
    ]
    assert [(type(each), each.group_id, each.shape) for each in made] == [(XRTTensor, 4, (3,))] * 4
    with pytest.raises(
        TypeError,
        match=r"^NpuTensor\.__init__\(\) got an unexpected keyword argument 'group_id'$",
    ):
        iron.zeros(3, group_id=4)
