"""A walk whose sizes are computed, as a library of operators does; transfers awaited one by one."""

import aie.iron as iron
import numpy as np
from aie.helpers.taplib import (
    TensorAccessPattern,
    TileGrid,
    is_sym,
    sceildiv,
    sint,
    smin,
    sprod,
    sselect,
)
from aie.iron import CallableDesign, In, ObjectFifo, Out, Program, Runtime, Task, Worker, require
from aie.iron.controlflow import range_, yield_
from aie.iron.kernel import Kernel, KernelObject
from aie.iron.runtime import IronRuntimeError

ROWS, COLS = 12, 32
N_TILES = sint(sceildiv(ROWS, 4))
TILE = smin(64, sprod([4, COLS]))
STEP = sselect(is_sym(ROWS), 1, 4)
require(ROWS % STEP == 0, "the rows do not split into tiles")

tile_ty = np.ndarray[(TILE,), np.dtype[np.int32]]
one_ty = np.ndarray[(1,), np.dtype[np.int32]]
matrix_ty = np.ndarray[(ROWS, COLS), np.dtype[np.int32]]
sums_ty = np.ndarray[(2 * N_TILES,), np.dtype[np.int32]]

# A kernel of an object that is merged before it is optimised; declared, and not called here.
merged = Kernel("spare", KernelObject("spare.ll", "merge"), [tile_ty])
assert merged.object_file_name == "spare.ll"


@iron.jit
def sums_of_tiles(x: In, y: Out):
    grid = TensorAccessPattern.full((ROWS, COLS)).tile((STEP, COLS // 2))
    assert isinstance(grid, TileGrid) and grid.num_steps == 2 * N_TILES
    of_in, of_out = ObjectFifo(tile_ty, name="in"), ObjectFifo(one_ty, name="out")

    def core(of_in, of_out):
        a, b = of_in.acquire(1), of_out.acquire(1)
        zero = a[0] - a[0]
        for i, so_far, result in range_(TILE, iter_args=[zero]):  # noqa: B007
            yield_([so_far + a[i]])
        b[0] = result
        of_in.release(1)
        of_out.release(1)

    def sequence(a, b, of_in, of_out):
        for number, tap in enumerate(grid):
            sent = of_in.fill(a, tap, managed=False)
            place = TensorAccessPattern((2 * N_TILES,), number, [1], [1])
            received = of_out.drain(b, place, wait=True, managed=False)
            assert isinstance(sent, Task) and sent.handle is not received.handle
            received.await_()
            sent.free()
            received.free()

    worker = Worker(core, [of_in.cons(), of_out.prod()])
    rt = Runtime(sequence, [matrix_ty, sums_ty, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[worker]).resolve_program()


assert isinstance(sums_of_tiles, CallableDesign) and issubclass(IronRuntimeError, Exception)
x = iron.arange(ROWS * COLS, dtype=np.int32)
y = iron.zeros(2 * N_TILES, dtype=np.int32)
sums_of_tiles(x, y)
tiles = x.numpy().reshape(N_TILES, STEP, 2, COLS // 2)
np.testing.assert_array_equal(y.numpy(), tiles.sum((1, 3)).reshape(-1))
