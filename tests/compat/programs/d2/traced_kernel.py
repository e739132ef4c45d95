# A kernel that marks its start and end; port and DMA events of its tile; a host with TraceConfig.
import json
import tempfile
from pathlib import Path

import aie.iron as iron
import numpy as np
from aie.dialects.aie import WireBundle
from aie.iron import ExternalFunction, ObjectFifo, Program, Runtime, Worker
from aie.iron.device import NPU1Col1
from aie.utils.trace import PortEvent, TraceConfig, get_cycles_summary
from aie.utils.trace.events import CoreEvent, MemEvent

N, TILES = 256, 5
tile_ty = np.ndarray[(N,), np.dtype[np.int16]]
all_ty = np.ndarray[(N * TILES,), np.dtype[np.int16]]
SOURCE = """
#include <aie_api/aie.hpp>
extern "C" void negate(int16_t *x, int16_t *y) {
  event0();
  for (int i = 0; i < 256; i += 32) aie::store_v(y + i, aie::neg(aie::load_v<32>(x + i)));
  event1();
}
"""
folder = Path(tempfile.mkdtemp())
config = TraceConfig(4096, trace_file=str(folder / "trace.txt"))


@iron.jit(trace_config=config)
def negated(x, y):
    negate = ExternalFunction("negate", source_string=SOURCE, arg_types=[tile_ty, tile_ty])
    of_in, of_out = ObjectFifo(tile_ty, name="in"), ObjectFifo(tile_ty, name="out")

    def core(of_in, of_out, negate):
        a, b = of_in.acquire(1), of_out.acquire(1)
        negate(a, b)
        of_in.release(1)
        of_out.release(1)

    worker = Worker(core, [of_in.cons(), of_out.prod(), negate])
    rt = Runtime()
    with rt.sequence(all_ty, all_ty) as (a, b):
        rt.enable_trace(
            config.trace_size,
            workers=[worker],
            coretile_events=[
                CoreEvent.INSTR_EVENT_0,
                CoreEvent.INSTR_EVENT_1,
                CoreEvent.INSTR_VECTOR,
                PortEvent(CoreEvent.PORT_RUNNING_0, WireBundle.DMA, 0, master=False),
            ],
            coremem_events=[MemEvent.DMA_S2MM_0_FINISHED_BD],
        )
        rt.start(worker)
        rt.fill(of_in.prod(), a)
        rt.drain(of_out.cons(), b, wait=True)
    return Program(NPU1Col1(), rt).resolve_program()


x = iron.arange(N * TILES, dtype=np.int16)
y = iron.zeros(N * TILES, dtype=np.int16)
negated(x, y)
np.testing.assert_array_equal(y.numpy(), -x.numpy())

(folder / "design.mlir").write_text(str(negated.as_mlir(x, y)))
config.trace_to_json(str(folder / "design.mlir"), str(folder / "trace.json"))
((name, cycles),) = get_cycles_summary(folder / "trace.json")
assert name.startswith("core_trace") and len(cycles) == TILES and min(cycles) > 0
begun = [e["name"] for e in json.loads((folder / "trace.json").read_text()) if e["ph"] == "B"]
assert begun.count("DMA_S2MM_0_FINISHED_BD") == TILES
