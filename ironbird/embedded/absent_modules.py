"""Modules of upstream that the embedded `aie` has not, and what a program does without them."""

ABSENT_MODULES = {
    "aie.helpers.taplib.layout": "TensorAccessPattern.tile, permute and group",
    "aie.helpers.taplib.pipeline": "TaskGroup.pipelined",
    "aie.iron.kernels.flm_gemma4": "kernels for npu2",
    "aie.iron.kernels.fused": "the kernels one by one, each on a core of its own",
    "aie.iron.kernels.sample": "numpy on the host",
    "aie.utils.compile.remarks": "remarks are Peano's; the kernels here are compiled for the host",
    "aie.utils.hostruntime.hrxruntime": "HRX drives a device; DefaultNPURuntime simulates one",
    "aie.utils.hostruntime.hsaruntime": "HSA drives a device; DefaultNPURuntime simulates one",
    "aie.utils.txn_trace": "`--stop-after` of `python -m ironbird run`, which prints the sequence",
}
