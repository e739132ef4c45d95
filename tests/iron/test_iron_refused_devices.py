"""Refusals of devices and of what npu1 lacks, and resources placed by hand, with whole messages."""

import numpy as np
import pytest
from iron_programs import T, move, nothing, refused

from ironbird.base.errors import DesignError
from ironbird.iron import (
    Bd,
    Buffer,
    CascadeFlow,
    DmaChannel,
    Flow,
    Lock,
    PacketFlow,
    Program,
    Runtime,
    ScratchpadParameter,
    Worker,
    sync_parameters,
)
from ironbird.iron.device import NPU1, NPU2, Device, Tile, from_name


def test_other_devices_by_name():
    for call, name in ((NPU2, "npu2"), (lambda: from_name("npu2"), "npu2")):
        with pytest.raises(DesignError) as refusal:
            call()
        assert refusal.value.what == f"device {name!r} is not modelled"
        assert refusal.value.because == (
            "the simulator knows npu1, npu1_1col, npu1_2col, npu1_3col"
        )
    with refused(
        at="xcv",
        what="device 'xcvc1902' is not modelled",
        because="the simulator knows npu1, npu1_1col, npu1_2col, npu1_3col",
        fix="NPU1()",
    ):
        Device("xcvc1902")  # !xcv


def test_columns():
    assert from_name("npu1", n_cols=2).name == "npu1_2col"
    with refused(at="columns", what="npu1 has no variant of 5 columns", because="1 to 4 exist"):
        from_name("npu1", n_cols=5)  # !columns


def test_a_program_without_device_or_runtime():
    with refused(
        at="no_device",
        what="Program(None, ...) has no device",
        fix="Program(NPU1(), runtime, workers=[...])",
    ):
        Program(None, Runtime(nothing))  # !no_device
    with refused(
        at="no_runtime",
        what="Program(device, list) has no Runtime",
        fix="Program(device, Runtime(function, [...]), workers=[...])",
    ):
        Program(NPU1(), [])  # !no_runtime
    with refused(
        at="no_worker",
        what="a function among the workers of a Program",
        fix="Worker(function, [...])",
    ):
        Program(NPU1(), Runtime(nothing), workers=[move])  # !no_worker


def test_what_is_not_modelled():
    for call, what in (
        (lambda: ScratchpadParameter("p", np.int32), "ScratchpadParameter('p')"),
        (sync_parameters, "sync_parameters()"),
    ):
        with pytest.raises(DesignError) as refusal:
            call()
        assert refusal.value.what == what
        assert refusal.value.because == "scratchpad parameters need the full-ELF flow of npu2"


def test_resources_placed_by_hand():
    with refused(at="lock", what="Lock(init=64)", because="a lock holds 0 to 63"):
        Lock(Tile(0, 2), init=64)  # !lock
    with refused(
        at="bd",
        what="Bd(offset=8, length=16) of a buffer of 16xi32",
        because="the buffer has 16 elements",
    ):
        Bd(Buffer(T, tile=Tile(0, 2)), offset=8, length=16)  # !bd
    with refused(at="no_bds", what="a DmaChannel without descriptors"):
        DmaChannel("S2MM", 0, [])  # !no_bds
    stray = Bd(Buffer(T, tile=Tile(0, 2)), next=3)  # !stray_bd
    with refused(
        at="stray_bd",
        what="descriptor 0 of a DmaChannel goes on with number 3",
        because="the channel has descriptors 0 to 0",
    ):
        DmaChannel("S2MM", 0, [stray])
    with refused(
        at="symbol",
        what="a flow from Tile<CoreTile>(0, 2) to Tile<CoreTile>(0, 3) with shim_symbol='s'",
        because="neither end is on the shim",
    ):
        Flow(Tile(0, 2), Tile(0, 3), shim_symbol="s")  # !symbol
    with refused(at="id", what="PacketFlow(32)", because="an id has 5 bits: 0 to 31"):
        PacketFlow(32, Tile(0, 2), Tile(0, 3))  # !id
    west, east = Worker(None, tile=Tile(0, 2)), Worker(None, tile=Tile(1, 2))
    with refused(
        at="cascade",
        what="a cascade from Tile<CoreTile>(1, 2) to Tile<CoreTile>(0, 2)",
        because="a core's cascade goes to its neighbour in the south or in the east",
        fix="the other order, or tiles left open",
    ):
        CascadeFlow(east, west)  # !cascade
