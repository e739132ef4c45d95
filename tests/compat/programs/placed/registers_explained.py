# What a sequence of register writes says, register by register.
import contextlib
import io
import sys
import tempfile
from pathlib import Path

import numpy as np
from aie.dialects.aie import AIEDevice, device, tile
from aie.dialects.aiex import npu_maskwrite32, npu_write32, runtime_sequence
from aie.extras.context import mlir_mod_ctx
from aie.utils.regdb import AIEAddressDecoder, MLIRModuleAnnotator, main, parse_address_arg

line = np.ndarray[(16,), np.dtype[np.int32]]
decoder = AIEAddressDecoder()
queue = decoder.encode_address(0, 0, "DMA_S2MM_0_Task_Queue")
assert queue == parse_address_arg("0x1D204")
assert decoder.encode_address(1, 2, "Core_Control") == 1 << 25 | 2 << 20 | 0x32000
assert decoder.encode_address(1, 2, "Core_Control", module_name="memory") is None
assert (
    decoder.encode_address(9, 0, "Core_Control") is None and decoder.parse_address(9 << 25) is None
)

found = decoder.parse_address(queue)
assert (found["column"], found["row"], found["module"]) == (0, 0, "shim")
modules = decoder.load_database()
assert found["register"] == decoder.find_register_by_offset(modules["shim"], 0x1D204)
assert decoder.find_memory_region("shim", 0) is None
assert decoder.find_memory_region("memory_tile", 0x7FFFC)["size"] == 0x80000
assert decoder.parse_address(2 << 20 | 0x400)["region"]["name"] == "data memory"
text = decoder.format_result(found, include_delimiters=True, show_bit_fields=True)
assert text.splitlines()[1:-1] == [
    "0x0001D204: tile (0, 0), shim, 0x1D204: DMA_S2MM_0_Task_Queue",
    "  31: token",
    "  23:16: repeat_count",
    "  5:0: descriptor",
]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def design():
        tile(0, 0)

        @runtime_sequence(line)
        def sequence(a):
            npu_write32(queue, 1 << 31 | 3 << 16 | 5)
            npu_write32(0x400, 7, column=0, row=2)
            npu_maskwrite32(0x32000, 1, 1, column=0, row=2)
            npu_write32(0x77777, 0, column=0, row=0)


folder = Path(tempfile.mkdtemp())
(folder / "design.mlir").write_text(str(ctx.module))
annotator = MLIRModuleAnnotator()
assert annotator.annotate_module(ctx.module) == 3
assert annotator.annotate_file(folder / "design.mlir", folder / "explained.mlir") == 3
explained = (folder / "explained.mlir").read_text()
comments = [part.split('"')[0] for part in explained.split('comment = "')[1:]]
assert comments == [
    "(0, 0) DMA_S2MM_0_Task_Queue: token=1, repeat_count=3, descriptor=5",
    "(0, 2) data memory",
    "(0, 2) Core_Control: enable=1",
], comments
assert annotator.decode_bit_field_value(0xABCD0000, "31:16") == 0xABCD
fields = [{"name": "low", "bit_range": "3:0"}, {"name": "top", "bit_range": "31"}]
assert annotator.format_bit_fields(0x80000005, fields) == ["low=5", "top=1"]
assert annotator.format_bit_fields(0x80000005, fields, mask=0xF) == ["low=5"]
assert annotator.generate_comment(found) == "(0, 0) DMA_S2MM_0_Task_Queue"

sys.argv = ["regdb.py", "0x1D204", "0x7FFFFFFF"]
with contextlib.redirect_stdout(io.StringIO()) as printed:
    main()
assert printed.getvalue().splitlines() == [
    *text.splitlines()[1:-1],
    "0x7FFFFFFF: nothing that is known of npu1",
]
