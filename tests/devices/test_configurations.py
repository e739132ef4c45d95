"""Devices of one module that are loaded in turn: what runs, on what, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from lowering_samples import APRIL, AUGUST, read_sample, sample_text

from ironbird.__main__ import main
from ironbird.base.errors import DesignError
from ironbird.ir import parse_module
from ironbird.session.array_files import load_array, save_array
from ironbird.session.compile import compile
from ironbird.session.lowering import lower_to_plans
from ironbird.session.run import RunOptions, run

NOTE = (
    "{} configurations were loaded in turn; the time of loading is not modelled, and each load is "
    "assumed to reset the whole array"
)

# A device that moves 16 words from one argument to another, through its memory tile.
COPY = """\
  aie.device(npu1_1col) @{name} {{
    %s = aie.tile(0, 0)
    %m = aie.tile(0, 1)
    aie.objectfifo @up(%s, {{%m}}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @down(%m, {{%s}}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo.link [@up] -> [@down]([] [])
    aie.runtime_sequence @copy(%a: memref<32xi32>, %b: memref<32xi32>) {{
      %0 = aiex.dma_configure_task_for @up {{
        aie.dma_bd(%a : memref<32xi32> offset = {at} len = 16)
        aie.end
      }}
      aiex.dma_start_task(%0)
      %1 = aiex.dma_configure_task_for @down {{
        aie.dma_bd(%b : memref<32xi32> offset = {at} len = 16)
        aie.end
      }} {{issue_token = true}}
      aiex.dma_start_task(%1)
      aiex.dma_await_task(%1)
    }}
  }}
"""
BOTH = COPY.format(name="low", at=0) + COPY.format(name="high", at=16)
ENTRY = """\
module {{
{devices}  aie.device(npu1_1col) {{
    aie.runtime_sequence @all(%x: memref<32xi32>, %y: memref<32xi32>) {{
      {body}
    }}
  }}
}}
"""
RUN = "aiex.run @copy(%x, %y) : (memref<32xi32>, memref<32xi32>)"
HALVES = f"aiex.configure @low {{ {RUN} }} aiex.configure @high {{ {RUN} }}"


def module(body: str, devices: str = BOTH) -> str:
    return ENTRY.format(devices=devices, body=body)


@pytest.mark.parametrize(
    ("version", "file", "backend"),
    [
        *((AUGUST, file, "native") for file in ("in", "lowered", "npu")),
        *((version, "npu", "interpreter") for version in (APRIL, AUGUST)),
    ],
)
def test_the_sample_runs_its_sequence_twice(version: str, file: str, backend: str) -> None:
    executable = compile(read_sample(version, "32_configure_run", f"{file}.mlir"))
    assert executable.following == ()
    x, y = np.arange(64, dtype=np.int32), np.zeros(64, np.int32)
    result = run(executable, x, y, options=RunOptions(backend=backend))
    assert (result.findings, result.notes) == ((), ())
    np.testing.assert_array_equal(x, np.arange(64))
    np.testing.assert_array_equal(y, x)


def test_configurations_run_in_turn_on_the_same_tensors() -> None:
    executable = compile(parse_module(module(HALVES), "in.mlir"))
    assert len(executable.stages) == 2
    assert [(each.read, each.written) for each in executable.arguments] == [
        (True, False),
        (False, True),
    ]
    x, y = np.arange(32, dtype=np.int32), np.full(32, -1, np.int32)
    results = [run(executable, x, y, options=RunOptions(backend=each)) for each in BACKENDS]
    for result in results:
        # Neither is told that its half of the output is not all of it.
        assert result.findings == ()
        assert result.notes == (NOTE.format(2),)
    np.testing.assert_array_equal(y, x)
    assert results[0].cycles == results[1].cycles
    alone = compile(parse_module(module(f"aiex.configure @low {{ {RUN} }}"), "in.mlir"))
    assert alone.arguments[1].written
    assert results[0].cycles == 2 * executable.native.run([x, y], SIMULATION).cycles


BACKENDS = ("native", "interpreter")
SIMULATION = RunOptions().simulation


@pytest.mark.parametrize(
    "body", ["aiex.npu.load_pdi {device_ref = @low}", "aiex.configure @low {}"]
)
def test_a_configuration_that_nothing_runs_on(body: str) -> None:
    [plan] = lower_to_plans(parse_module(module(body), "in.mlir"))
    assert plan.sequence.steps == ()


OWN_LOCK = """\
module {{
{devices}  aie.device(npu1_1col) {{
    %t = aie.tile(0, 3)
    %go = aie.lock(%t, 0) {{init = 0 : i32}}
    aie.runtime_sequence @all(%x: memref<32xi32>, %y: memref<32xi32>) {{
      {body}
    }}
  }}
}}
"""


def test_the_entry_device_runs_before_it_loads_another() -> None:
    body = f"aiex.set_lock(%go, 1) aiex.configure @low {{ {RUN} }}"
    text = OWN_LOCK.format(devices=BOTH, body=body)
    own, low = lower_to_plans(parse_module(text, "in.mlir"))
    assert [len(own.sequence.steps), len(own.locks)] == [1, 1]
    assert len(low.sequence.steps) == 3
    body = f"aiex.configure @low {{ aiex.set_lock(%go, 1) {RUN} }}"
    text = OWN_LOCK.format(devices=BOTH, body=body)
    with pytest.raises(DesignError) as caught:
        lower_to_plans(parse_module(text, "in.mlir"))
    assert str(caught.value) == (
        "in.mlir:46:29: aiex.set_lock uses aie.lock of another device\n"
        "  because: the array holds what is loaded, and nothing of the other device\n"
        "  try: a sequence of the loaded device, and aiex.run"
    )


def test_a_sequence_with_register_writes_runs_on_the_loaded_device() -> None:
    text = sample_text(AUGUST, "32_configure_run", "npu.mlir")
    start = text.index("aie.runtime_sequence @copy")
    inner = text[text.index("{\n", start) + 2 : text.index("\n    }\n", start)]
    globals_ = [line for line in text.splitlines() if "memref.global" in line]
    entry = (
        "  aie.device(npu1) {\n    aie.runtime_sequence @all(%arg0: memref<64xi32>, "
        "%arg1: memref<64xi32>) {\n      aiex.npu.load_pdi {device_ref = @stage}\n"
        f"{inner}\n    }}\n" + "\n".join(globals_) + "\n  }\n}\n"
    )
    whole = text[: text.index("  aie.device(npu1) {\n")] + entry
    plans = lower_to_plans(parse_module(whole, "in.mlir"))
    assert [len(plan.sequence.steps) for plan in plans] == [3]


def test_a_tensor_that_a_later_configuration_reads_needs_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    back = RUN.replace("(%x, %y)", "(%y, %x)", 1)
    file = tmp_path / "twice.mlir"
    file.write_text(module(f"{HALVES} aiex.configure @low {{ {back} }}"))
    save_array(tmp_path / "x.npy", np.arange(32, dtype=np.int32))
    out = tmp_path / "out.npy"
    assert main(["run", str(file), "--arg", f"0={tmp_path / 'x.npy'}", "--out", f"1={out}"]) == 0
    assert capsys.readouterr().out.endswith(f"  note    {NOTE.format(3)}\n")
    found = load_array(out, np.dtype(np.int32))
    np.testing.assert_array_equal(found, np.arange(32))


TWO_SEQUENCES = (
    "module {\n"
    + BOTH
    + "  aie.device(npu1_1col) {\n"
    + "".join(
        f"""\
    aie.runtime_sequence @{name}(%x: memref<32xi32>, %y: memref<32xi32>) {{
      aiex.configure @{device} {{ {RUN} }}
    }}
"""
        for name, device in (("first", "low"), ("second", "high"))
    )
    + "  }\n}\n"
)

REFUSED = {
    "behind a configuration": (
        module(
            f"{HALVES} aiex.npu.sync {{channel = 0 : i32, column = 0 : i32, column_num = 1 : "
            "i32, direction = 0 : i32, row = 0 : i32, row_num = 1 : i32}"
        ),
        "in.mlir:44:",
        "aiex.npu.sync behind the configuration of @high, outside of it\n"
        "  because: which device the array is configured as there is not said\n"
        "  try: inside an aiex.configure",
    ),
    "one inside another": (
        module(f"aiex.configure @low {{ aiex.configure @high {{ {RUN} }} }}"),
        "in.mlir:44:",
        "aiex.configure inside a configuration\n"
        "  because: the whole device is configured at once\n"
        "  try: one behind the other",
    ),
    "a part of a tensor": (
        module(
            "%part = memref.subview %x[0][32][1] : memref<32xi32> to memref<32xi32>\n"
            f"aiex.configure @low {{ {RUN.replace('(%x,', '(%part,')} }}"
        ),
        "in.mlir:45:",
        "argument 0 of @copy is no argument of the entry sequence\n"
        "  because: a part of a tensor cannot be handed on here\n"
        "  try: the whole tensor, and an offset in the transfer",
    ),
    "control packets": (
        module(f"aiex.configure @low {{ {RUN} }} {{expand_mode = 2 : i32}}"),
        "in.mlir:44:",
        "@low is to be configured by control packets\n"
        "  because: the simulator loads a configuration whole; it has no control packet overlay\n"
        "  try: no expand_mode, or expand_mode = 1",
    ),
    "a PDI that is not here": (
        module("aiex.npu.load_pdi {id = 3 : i32, size = 64 : i32, address = 0 : ui64}"),
        "in.mlir:44:",
        "aiex.npu.load_pdi loads a PDI that is not here\n"
        "  because: the simulator can only load devices of the module, not files for the chip\n"
        "  try: device_ref = @NAME",
    ),
    "several sequences": (
        TWO_SEQUENCES,
        "in.mlir:46:",
        "device @main has 2 runtime sequences; one is run\n"
        "  because: they are @first, @second\n"
        "  try: --sequence first, or another of them",
    ),
}


@pytest.mark.parametrize("title", REFUSED)
def test_what_cannot_be_loaded(title: str) -> None:
    text, at, message = REFUSED[title]
    with pytest.raises(DesignError) as caught:
        lower_to_plans(parse_module(text, "in.mlir"))
    where, _, rest = str(caught.value).partition(": ")
    assert where.startswith(at)
    assert rest == message


def test_one_of_several_sequences_is_chosen_by_name() -> None:
    parsed = parse_module(TWO_SEQUENCES, "in.mlir")
    [plan] = lower_to_plans(parsed, sequence="second")
    assert plan.sequence.name == "second"
    assert [descriptor.pattern.offset for descriptor in plan.descriptors][-2:] == [16, 16]
    [alone] = lower_to_plans(parsed, entry="low")
    assert alone.sequence.name == "copy"


def test_several_devices_without_an_entry_are_listed() -> None:
    text = "module {\n" + BOTH + "}\n"
    with pytest.raises(DesignError) as caught:
        lower_to_plans(parse_module(text, "in.mlir"))
    assert str(caught.value) == (
        "in.mlir:22:3: the module has 2 devices; a plan is made of one\n"
        "  because: they are @low, @high\n"
        "  try: --entry low, or another of them"
    )


def test_a_defect_of_one_configuration_stops_the_rest() -> None:
    text = module(HALVES).replace("aiex.dma_start_task(%0)", "", 1)
    executable = compile(parse_module(text, "in.mlir"))
    x, y = np.arange(32, dtype=np.int32), np.zeros(32, np.int32)
    result = run(executable, x, y)
    assert len(result.findings) == 1
    assert not y.any()
