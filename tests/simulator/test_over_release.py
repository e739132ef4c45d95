"""A release of an object that was not acquired is told, whichever branch the core took."""

import pytest
from simulator.building import interpreted

from ironbird.ir import parse_module, verify_module
from ironbird.session.lowering import lower_to_plan

DESIGN = """\
module {
  aie.device(npu1) {
    %shim = aie.tile(0, 0)
    %tile = aie.tile(0, 2)
    aie.objectfifo @x(%shim, {%tile}, 2 : i32) : !aie.objectfifo<memref<4xi32>>
    aie.core(%tile) {
      %acquires = arith.constant ACQUIRES
      scf.if %acquires {
        %x = aie.objectfifo.acquire @x(Consume, 1) : !aie.objectfifosubview<memref<4xi32>>
      }
      aie.objectfifo.release @x(Consume, 1)
      aie.end
    }
    aie.runtime_sequence(%a : memref<12xi32>) {
      %t = aiex.dma_configure_task_for @x {
        aie.dma_bd(%a : memref<12xi32> offset = 0 len = 12)
        aie.end
      }
      aiex.dma_start_task(%t)
    }
  }
}
"""
TOO_MANY = (
    "design.mlir:5:5: lock-overflow: ObjectFifo 'x' counts 3 objects on tile (0, 2); it has 2\n"
    "  because: at the end of the run there are 0 free, 3 full: something was released that was "
    "not acquired\n"
    "  try: an acquire for each release, on every way through the core"
)


@pytest.mark.parametrize("acquires", [True, False], ids=["acquired", "not acquired"])
def test_it_is_told_exactly_when_nothing_was_acquired(acquires: bool) -> None:
    text = DESIGN.replace("ACQUIRES", str(acquires).lower())
    module = parse_module(text, "design.mlir")
    verify_module(module)
    result, _ = interpreted(lower_to_plan(module))
    told = [str(finding) for finding in result.findings if finding.kind == "lock-overflow"]
    assert told == ([] if acquires else [TOO_MANY])
