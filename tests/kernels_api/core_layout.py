"""The layout of ironbird/core.hpp for ctypes."""

import ctypes

from kernel_build import Kernels


class SlotCounts(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_uint64)
        for name in (
            *("load", "load_a", "load_both", "store", "vector", "move", "convert", "scalar"),
            *("mac_integer", "mac_float", "alu_results"),
        )
    ]


class LoopCounts(ctypes.Structure):
    _fields_ = [
        ("file", ctypes.c_char_p),
        ("line", ctypes.c_int32),
        ("pipelined", ctypes.c_int32),
        ("entries", ctypes.c_uint64),
        ("iterations", ctypes.c_uint64),
        ("slots", SlotCounts),
    ]


class CoreState(ctypes.Structure):
    """The layout of ironbird/core.hpp."""

    _fields_ = [
        *((name, ctypes.c_int32) for name in ("rounding", "saturation", "column", "row")),
        *(
            (name, ctypes.c_void_p)
            for name in (
                *("host", "cascade_read", "cascade_write", "stream_read", "stream_write"),
                *("lock_acquire", "lock_release", "event", "cycles", "complain"),
            )
        ),
        ("slots", SlotCounts),
        ("loop_count", ctypes.c_int32),
        ("current_loop", ctypes.c_int32),
        ("loops", LoopCounts * 64),
    ]


def bound_core(kernels: Kernels) -> CoreState:
    """A core of the test's own, bound to the library."""
    kernels.library.ironbird_core_state_bytes.restype = ctypes.c_uint64
    assert kernels.library.ironbird_core_state_bytes() == ctypes.sizeof(CoreState)
    core = CoreState(current_loop=-1)
    kernels.library.ironbird_bind_core(ctypes.byref(core))
    return core
