# A portable script asks for what only a device, a driver or npu2 has, and is told what to do.
import re

import aie.iron as iron
import numpy as np
from aie.iron import ScratchpadParameter, sync_parameters
from aie.utils import DefaultNPURuntime
from aie.utils.config import peano_cxx_path, peano_install_dir, peano_linker_path
from aie.utils.hostruntime.hostruntime import HostRuntime
from aie.utils.hostruntime.tensor_class import Tensor
from aie.utils.hostruntime.xrtruntime.hostruntime import XRTHostRuntime
from aie.utils.hostruntime.xrtruntime.parameter_scratchpad import ParameterScratchpad
from aie.utils.hostruntime.xrtruntime.tensor import XRTTensor


def why_not(step, *arguments):
    try:
        step(*arguments)
    except Exception as refusal:
        return re.sub(r"^\S+:\d+: ", "", str(refusal))
    raise AssertionError(f"{step} was not refused")


for path in (peano_cxx_path, peano_install_dir, peano_linker_path):
    assert why_not(path) == (
        f"{path.__name__}(): Peano is not used\n"
        "  because: kernels are compiled for the host that simulates, by its own compiler\n"
        "  try: aie.utils.compile.utils.compile_cxx_core_function, or ExternalFunction"
    )

for runtime in (HostRuntime, XRTHostRuntime, type(DefaultNPURuntime)):
    for read in (runtime.read_insts, runtime.read_insts_binary):
        assert why_not(read, "insts.bin") == (
            "insts.bin holds no instructions\n"
            "  because: the simulator runs the design's sequence from the design's own file"
        )

assert why_not(XRTTensor((4,), np.int32).buffer_object) == (
    "this tensor has no buffer object of XRT\n"
    "  because: the embedded runtime simulates, in numpy's memory\n"
    "  try: tensor.numpy()"
)

npu2_only = (
    "\n  because: scratchpad parameters need the full-ELF flow of npu2"
    "\n  try: Buffer(..., use_write_rtp=True)"
)
assert why_not(ScratchpadParameter, "gain", np.int32) == "ScratchpadParameter('gain')" + npu2_only
assert why_not(ParameterScratchpad) == "ParameterScratchpad()" + npu2_only
assert why_not(sync_parameters) == "sync_parameters()" + npu2_only

x = iron.arange(8, dtype=np.int32)
try:
    import torch
except ImportError:
    for step in (x.to_torch, x.torch_view, lambda: Tensor.from_torch(x)):
        assert why_not(step).startswith("torch is not installed\n  because: ")
else:
    x.torch_view()[0] = 5
    assert x[0] == 5 and torch.equal(x.to_torch(), Tensor.from_torch(x.to_torch()).to_torch())
