"""Register names by address, and the comments that name what a sequence writes."""

import argparse
import sys
from pathlib import Path

import pytest

from ironbird.base.device import Tile, TileKind
from ironbird.base.npu1 import NPU1
from ironbird.base.npu1_registers import REGISTER_MAPS, OtherRegister, TileMemory, address_of
from ironbird.base.register_names import MODULES, decode_address, registers
from ironbird.ir import parse_module, verify_module
from ironbird.iron.address_decoder import AIEAddressDecoder, bits_of
from ironbird.iron.register_comments import MLIRModuleAnnotator, main, parse_address_arg

WRITES = """
aie.device(npu1_1col) {
  %tile = aie.tile(0, 2)
  %x = aie.buffer(%tile) {sym_name = "x"} : memref<4xi32>
  memref.global "private" constant @words : memref<1xi32> = dense<7>
  aie.runtime_sequence(%a: memref<4xi32>) {
    %words = memref.get_global @words : memref<1xi32>
    aiex.npu.blockwrite(%words) {address = 118784 : ui32} : memref<1xi32>
    %address = arith.constant 119300 : i32
    %five = arith.constant 5 : i32
    %sum = arith.addi %address, %five : i32
    aiex.npu.write32(%address, %five) : i32, i32
    aiex.npu.write32(%sum, %five) : i32, i32
    aiex.npu.write32(%address, %sum) : i32, i32
    aiex.npu.write32(%five, %five) {buffer = @x} : i32, i32
  }
}
"""
COMMENTS = [
    "(0, 0) DMA_BD0_0",
    "(0, 0) DMA_S2MM_0_Task_Queue: token=0, repeat_count=0, descriptor=5",
    "(0, 0) DMA_S2MM_0_Task_Queue",
]


@pytest.mark.parametrize("module", MODULES)
def test_every_register_has_one_name_and_one_address(module: str) -> None:
    decoder = AIEAddressDecoder()
    tile = NPU1.tiles(MODULES[module])[-1]
    for register in registers(module):
        address = decoder.encode_address(*tile, register.name, module)
        assert address == address_of(tile, register.offset)
        found = decode_address(address)
        assert found is not None
        assert (found.tile, found.module, found.register) == (tile, module, register)
        known = REGISTER_MAPS[MODULES[module]].register_at(register.offset)
        assert known is not None
        assert not isinstance(known, TileMemory)
        assert not (register.fields and isinstance(known, OtherRegister))


def test_addresses_of_memories_and_of_nothing() -> None:
    found = decode_address(address_of(Tile(1, 3), 0x20010))
    assert found is not None
    assert found.region is not None
    assert (found.module, found.region.name, found.register) == ("core", "program memory", None)
    assert decode_address(address_of(Tile(4, 0), 0)) is None
    nothing = address_of(NPU1.tiles(TileKind.SHIM)[0], 0x77777)
    assert AIEAddressDecoder().parse_address(nothing) is None


def test_what_is_written_to_the_array_is_commented() -> None:
    module = parse_module(WRITES)
    assert MLIRModuleAnnotator().annotate_module(module) == len(COMMENTS)
    found = [op.attributes["comment"].data for op in module.walk() if "comment" in op.attributes]
    assert found == COMMENTS


def test_a_commented_module_is_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "writes.mlir").write_text(WRITES)
    monkeypatch.setattr(sys, "argv", ["regdb", "--annotate", str(tmp_path / "writes.mlir")])
    main()
    again = parse_module(capsys.readouterr().out)
    verify_module(again)
    assert MLIRModuleAnnotator().annotate_module(again) == len(COMMENTS)


def test_what_is_no_address_and_no_bits() -> None:
    assert parse_address_arg("119300") == 0x1D204
    with pytest.raises(
        argparse.ArgumentTypeError, match=r"^'queue' is no address, such as 0x1D204$"
    ):
        parse_address_arg("queue")
    with pytest.raises(
        ValueError, match=r"^'3:8' are no bits of a word: 31 to 0, the highest first$"
    ):
        bits_of("3:8")


def test_operations_without_an_address() -> None:
    annotator = MLIRModuleAnnotator()
    operations = list(parse_module(WRITES).walk())
    *_, to_register, computed, with_sum, to_buffer = (
        op for op in operations if op.name == "aiex.npu.write32"
    )
    assert annotator.get_address_from_op(to_register) == (0x1D204, 5, None, None, None)
    assert annotator.get_address_from_op(with_sum) == (0x1D204, None, None, None, None)
    with pytest.raises(ValueError, match=r"^the address of aiex\.npu\.write32 is computed$"):
        annotator.get_address_from_op(computed)
    with pytest.raises(
        ValueError, match=r"^aiex\.npu\.write32 does not write to an address of the array$"
    ):
        annotator.get_address_from_op(to_buffer)
