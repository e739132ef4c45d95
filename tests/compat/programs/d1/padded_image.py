"""A memory tile puts a border of zeros round each tile of an image."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.dataflow import ObjectFifoLink
from aie.iron.device import NPU1Col1, Tile
from aie.iron.placers import SequentialPlacer

tile_ty = np.ndarray[(6, 6), np.dtype[np.int32]]
padded_ty = np.ndarray[(8, 8), np.dtype[np.int32]]
image_ty = np.ndarray[(4, 6, 6), np.dtype[np.int32]]
result_ty = np.ndarray[(4, 8, 8), np.dtype[np.int32]]

of_image = ObjectFifo(tile_ty, name="image")
of_padded = ObjectFifo(
    padded_ty, name="padded", dims_to_stream=[(6, 6), (6, 1)], pad_dimensions=[(1, 1), (1, 1)]
)
of_out = ObjectFifo(padded_ty, name="out")
ObjectFifoLink(of_image.cons(), of_padded.prod(), placement=Tile(0, 1))


def body(source, sink):
    a, b = source.acquire(1), sink.acquire(1)
    for r in range_(8):
        for c in range_(8):
            b[r, c] = a[r, c] + 100
    source.release(1)
    sink.release(1)


worker = Worker(body, [of_padded.cons(), of_out.prod()])
rt = Runtime()
with rt.sequence(image_ty, result_ty) as (image, result):
    rt.start(worker)
    rt.fill(of_image.prod(), image)
    rt.drain(of_out.cons(), result, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
