"""The state of a core as kernels see it: the layout of include/ironbird/core.hpp, for ctypes."""

import ctypes

MAX_LOOPS = 64

SLOT_NAMES = (
    *("load", "load_a", "load_both", "store", "vector", "move", "convert", "scalar"),
    *("mac_integer", "mac_float", "alu_results"),
)

CASCADE_READ = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
CASCADE_WRITE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
STREAM_READ = ctypes.CFUNCTYPE(
    ctypes.c_uint32, ctypes.c_void_p, ctypes.c_int32, ctypes.POINTER(ctypes.c_bool)
)
STREAM_WRITE = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_int32, ctypes.c_uint32, ctypes.c_bool
)
LOCK_USE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int32, ctypes.c_int32)
EVENT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int32)
CYCLES = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p)
COMPLAIN = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)


class SlotCounts(ctypes.Structure):
    """Issue slots used, in operations."""

    _fields_ = [(name, ctypes.c_uint64) for name in SLOT_NAMES]


class LoopCounts(ctypes.Structure):
    """A loop that the kernel's author marked."""

    _fields_ = [
        ("file", ctypes.c_char_p),
        ("line", ctypes.c_int32),
        ("pipelined", ctypes.c_int32),
        ("entries", ctypes.c_uint64),
        ("iterations", ctypes.c_uint64),
        ("slots", SlotCounts),
    ]


class CoreState(ctypes.Structure):
    """One simulated core. A callback left out means that the kernel may not do that here."""

    _fields_ = [
        ("rounding", ctypes.c_int32),
        ("saturation", ctypes.c_int32),
        ("column", ctypes.c_int32),
        ("row", ctypes.c_int32),
        ("host", ctypes.c_void_p),
        ("cascade_read", CASCADE_READ),
        ("cascade_write", CASCADE_WRITE),
        ("stream_read", STREAM_READ),
        ("stream_write", STREAM_WRITE),
        ("lock_acquire", LOCK_USE),
        ("lock_release", LOCK_USE),
        ("event", EVENT),
        ("cycles", CYCLES),
        ("complain", COMPLAIN),
        ("slots", SlotCounts),
        ("loop_count", ctypes.c_int32),
        ("current_loop", ctypes.c_int32),
        ("loops", LoopCounts * MAX_LOOPS),
    ]


def slots_by_name(slots: SlotCounts) -> dict[str, int]:
    """The counts as plain numbers."""
    return {name: int(getattr(slots, name)) for name in SLOT_NAMES}
