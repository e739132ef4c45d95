"""What leaves a core: cascade, streams, locks, events, by callbacks of the core's state."""

import ctypes
import subprocess
import sys

import numpy as np
from core_layout import CoreState, bound_core
from kernel_build import aligned, compile_library, copied

SOURCE = """
extern "C" void relay(int *seen) {
  event0();
  const v16acc64 in = get_scd_v16acc64();
  put_mcd(add(in, ups_to_v16acc64(broadcast_to_v16int32(1), 0)));
  bool last = false;
  seen[0] = get_ss(last), seen[1] = last;
  put_ms(seen[0] + 1, 1);
  acquire_greater_equal(48, 2);
  acquire_equal(3, 1);
  release(48, 1);
  seen[2] = static_cast<int>(get_cycles());
  const auto tile = aie::tile::current().global_id();
  seen[3] = tile.col, seen[4] = tile.row;
  event1();
}
"""

Cascade = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
StreamRead = ctypes.CFUNCTYPE(
    ctypes.c_uint32, ctypes.c_void_p, ctypes.c_int32, ctypes.POINTER(ctypes.c_bool)
)
StreamWrite = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_int32, ctypes.c_uint32, ctypes.c_bool
)
Lock = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int32, ctypes.c_int32)
Event = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int32)
Cycles = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p)


def test_every_port_reaches_its_callback_in_program_order(compile_kernels):
    kernels = compile_kernels(SOURCE)
    core: CoreState = bound_core(kernels)
    core.column, core.row, core.host = 2, 4, 1234
    heard: list[object] = []
    words = [bytes(copied(np.arange(8, dtype=np.int64) + 8 * half)) for half in (0, 1)]

    def read_cascade(host: int, place: int) -> None:
        heard.append(("cascade in", host))
        ctypes.memmove(place, words.pop(0), 64)

    def write_cascade(_: int, place: int) -> None:
        heard.append(("cascade out", np.frombuffer(ctypes.string_at(place, 64), np.int64).tolist()))

    def read_stream(_: int, port: int, last: "ctypes._Pointer[ctypes.c_bool]") -> int:
        heard.append(("stream in", port))
        last[0] = True
        return 41

    callbacks = {
        "cascade_read": Cascade(read_cascade),
        "cascade_write": Cascade(write_cascade),
        "stream_read": StreamRead(read_stream),
        "stream_write": StreamWrite(lambda _, *word: heard.append(("stream out", *word))),
        "lock_acquire": Lock(lambda _, *lock: heard.append(("acquire", *lock))),
        "lock_release": Lock(lambda _, *lock: heard.append(("release", *lock))),
        "event": Event(lambda _, number: heard.append(("event", number))),
        "cycles": Cycles(lambda _: 99),
    }
    for name, callback in callbacks.items():
        setattr(core, name, ctypes.cast(callback, ctypes.c_void_p))
    seen = aligned(5, np.int32)
    kernels("relay", seen)
    kernels.library.ironbird_bind_core(None)
    assert heard == [
        *(("event", 0), ("cascade in", 1234), ("cascade in", 1234)),
        *(("cascade out", [*range(1, 9)]), ("cascade out", [*range(9, 17)])),
        *(("stream in", 0), ("stream out", 0, 42, True)),
        *(("acquire", 48, -2), ("acquire", 3, 1), ("release", 48, 1), ("event", 1)),
    ]
    assert seen.tolist() == [41, 1, 99, 2, 4]


def test_a_kernel_without_its_port_says_which_intrinsic_asked(tmp_path):
    library = compile_library(tmp_path, SOURCE)
    program = f"import ctypes; ctypes.CDLL({str(library)!r}).relay(bytes(64))"
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert finished.returncode != 0
    assert finished.stderr.splitlines()[0] == (
        "ironbird: get_scd needs a core with that port; none is bound to this kernel"
    )
