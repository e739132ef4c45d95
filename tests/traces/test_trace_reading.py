"""Trace files read back, by upstream's names."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from aie.utils.trace import TraceConfig, get_cycles_summary, parse_trace
from aie.utils.trace.get_trace_summary import main as summary_main
from aie.utils.trace.parse import (
    align_column_start_index,
    check_for_valid_trace,
    convert_commands_to_json,
    flatten_repeat_command,
    make_event_lists,
    parse_mlir_trace_events,
    setup_trace_metadata,
)
from aie.utils.trace.parse import main as parse_main
from aie.utils.trace.utils import (
    check_odd_word_parity,
    convert_to_byte_stream,
    convert_to_commands,
    create_ctrl_pkt,
    extract_tile,
    get_cycles,
    get_vector_time,
    pack4bytes,
    parity,
    parse_pkt_hdr_in_stream,
    split_trace_segments,
    trace_pkts_de_interleave,
    trim_trace_pkts,
)
from lowering_samples import AUGUST, sample_text

from ironbird.base.errors import UsageError
from ironbird.iron.tensor import tensor
from ironbird.session.result import RunResult
from ironbird.session.trace_reading.host import (
    extract_trace_from_args,
    keep_trace,
    prepare_args_for_trace,
    process_trace,
)

# Row 2, column 1, core, id 1: INSTR_EVENT_0 (slot 0) 3 cycles after the start, for 3 cycles;
# INSTR_EVENT_1 (slot 1) 17 cycles later with LOCK_STALL (slot 2); fillers.
HEADER = "00220001"
PACKET = [HEADER, "f0000000", "00000000", "0300e1d0", "1106fefe", *["fefefefe"] * 3]
EXPECTED = [
    ("INSTR_EVENT_0", "B", 4),
    ("INSTR_EVENT_0", "E", 7),
    ("INSTR_EVENT_1", "B", 24),
    ("LOCK_STALL", "B", 24),
    ("INSTR_EVENT_1", "E", 25),
    ("LOCK_STALL", "E", 25),
]


def words(packet: list[str]) -> np.ndarray:
    return np.array([int(word, 16) for word in packet], np.uint32)


def test_a_packet_by_hand() -> None:
    module = sample_text(AUGUST, "27_trace", "in.mlir")
    events = parse_trace(np.concatenate([words(PACKET), np.zeros(8, np.uint32)]), module)
    assert [(each["name"], each["ph"], each["ts"]) for each in events if "ts" in each] == EXPECTED
    named = [each["args"]["name"] for each in events if each["ph"] == "M"]
    assert named == [
        *("core_trace for tile2,1", "INSTR_EVENT_0", "INSTR_EVENT_1", "LOCK_STALL"),
        *("PORT_RUNNING_0", "NONE", "NONE", "NONE", "NONE"),
    ]


def test_the_steps_between() -> None:
    assert trim_trace_pkts([*PACKET, *["00000000"] * 16]) == PACKET
    tokens = trace_pkts_de_interleave(PACKET)
    assert tokens == [{"2,1": PACKET[1:]}, {}, {}, {}]
    commands = convert_to_commands(convert_to_byte_stream(tokens))
    assert commands[0]["2,1"] == [
        {"type": "Start", "timer_value": 0},
        {"type": "Single0", "event": 0, "cycles": 3},
        {"type": "Single0", "event": 0, "cycles": 0},
        {"type": "Repeat0", "repeats": 1},
        {"type": "Multiple1", "cycles": 17, "event1": 1, "event2": 2},
    ]
    assert make_event_lists(commands)[0]["2,1"] == [[0], [0], [1, 2]]
    flat = flatten_repeat_command(commands[0]["2,1"])
    assert [each["type"] for each in flat] == ["Start", *["Single0"] * 3, "Multiple1"]
    units = parse_mlir_trace_events(sample_text(AUGUST, "27_trace", "npu.mlir"))
    assert units == [{"2,0": [33, 34, 26, 75, 0, 0, 0, 0]}, {}, {}, {}]
    assert align_column_start_index(units, commands)[0].keys() == {"2,1"}
    assert align_column_start_index(units, [{}, {}, {}, {}]) == units
    assert parse_mlir_trace_events(sample_text(AUGUST, "27_trace", "in.mlir"), colshift=1)[
        0
    ].keys() == {"2,1"}


def test_a_repeat_of_a_record_with_a_gap_repeats_the_gap() -> None:
    commands = [
        {"type": "Start"},
        {"type": "Single0", "event": 1, "cycles": 4},
        {"type": "Repeat0", "repeats": 2},
        {"type": "Event_Sync"},
        {"type": "Single0", "event": 0, "cycles": 0},
    ]
    units = [{"2,0": [33, 34, 0, 0, 0, 0, 0, 0]}, {}, {}, {}]
    events: list[dict[str, object]] = []
    setup_trace_metadata(events, units)
    assert units[0]["2,0"][-1] == 0
    convert_commands_to_json(events, [{"2,0": commands}, {}, {}, {}], units)
    begun = [(each["name"], each["ts"]) for each in events if each["ph"] == "B"]
    assert begun == [
        ("INSTR_EVENT_1", 5),
        ("INSTR_EVENT_1", 10),
        ("INSTR_EVENT_1", 15),
        ("INSTR_EVENT_0", 15 + 2**18 - 1 + 1),
    ]


def test_packets_of_a_unit_that_the_module_does_not_have() -> None:
    module = sample_text(AUGUST, "27_trace", "in.mlir")
    stranger = ["80250001", *PACKET[1:]]
    assert check_odd_word_parity(int(stranger[0], 16))
    with pytest.raises(
        ValueError,
        match=r"^the trace holds packets of the core_trace unit of tile 5,1, and the module "
        r"configures none there \(but 2,1\)$",
    ):
        parse_trace(words(stranger), module)
    with pytest.raises(
        ValueError,
        match=r"^word 0 of the trace, 0x00220003, is no packet header: the number of its ones is "
        r"even$",
    ):
        parse_trace(words(["00220003", *PACKET[1:]]), module)


def test_words_and_headers() -> None:
    assert parse_pkt_hdr_in_stream(HEADER) == {
        "valid": True,
        "col": 1,
        "row": 2,
        "type": 0,
        "id": 1,
    }
    assert parse_pkt_hdr_in_stream(0x00220003)["valid"] is False
    assert extract_tile(0x00223005) == (1, 2, 3, 5)
    assert pack4bytes(1, 2, 3, 4) == 0x01020304
    assert [parity(word) for word in (0, 1, 3, 0xFF, 0x80000000)] == [0, 1, 0, 0, 1]
    header = create_ctrl_pkt(1, 0, 0x340D0)
    assert header & 0x7FFFFFFF == 28 << 24 | 1 << 22 | 0x340D0
    assert check_odd_word_parity(header)


def test_segments_are_parted_by_zeros() -> None:
    zeros = ["00000000"] * 8
    assert split_trace_segments([*PACKET, *zeros, *zeros, *PACKET]) == [PACKET, PACKET]
    assert split_trace_segments([*PACKET, *zeros, *PACKET], min_gap=16) == [[*PACKET, *PACKET]]


def test_a_trace_without_packets_is_not_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_for_valid_trace("t.txt", PACKET)
    assert not check_for_valid_trace("t.txt", ["00000000"] * 8)
    assert not check_for_valid_trace("t.txt", ["00220003"])
    assert capsys.readouterr().out == (
        "t.txt holds no trace: it is empty, or all zeros\n"
        "t.txt does not begin with a packet header: 0x00220003\n"
    )


def test_files_by_the_command_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = TraceConfig(32, trace_file=str(tmp_path / "trace.txt"))
    config.write_trace(words(PACKET).view(np.int8))
    assert Path(config.trace_file).read_text().split() == PACKET
    np.testing.assert_array_equal(config.read_trace(), words(PACKET))
    mlir, timeline = tmp_path / "design.mlir", tmp_path / "trace.json"
    mlir.write_text(sample_text(AUGUST, "27_trace", "in.mlir"))
    config.trace_to_json(str(mlir), str(timeline))
    whole = timeline.read_text()
    line = ["parse", "--input", config.trace_file, "--mlir", str(mlir), "--output", str(timeline)]
    monkeypatch.setattr(sys, "argv", line)
    parse_main()
    assert timeline.read_text() == whole
    assert get_cycles_summary(timeline) == [["core_trace for tile2,1", [20]]]
    assert get_cycles(timeline) == 20
    monkeypatch.setattr(sys, "argv", ["summary", "--input", str(timeline)])
    summary_main()
    assert capsys.readouterr().out == (
        "core_trace for tile2,1: 1 runs between INSTR_EVENT_0 and INSTR_EVENT_1\n"
        "  first/min/avg/max cycles: 20 / 20 / 20.0 / 20\n"
    )


def test_a_timeline_without_marks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "trace.json"
    vector = [("B", 10), ("E", 14), ("B", 20), ("E", 21)]
    events = [{"name": "INSTR_VECTOR", "ph": ph, "ts": ts, "pid": 0} for ph, ts in vector]
    path.write_text(json.dumps(events))
    assert get_vector_time(events) == 5
    assert get_cycles(path) == float("inf")
    assert get_cycles_summary(path) == []


def test_files_that_are_no_traces(tmp_path: Path) -> None:
    config = TraceConfig(32, trace_file=str(tmp_path / "trace.txt"))
    with pytest.raises(UsageError) as missing:
        config.read_trace()
    assert str(missing.value) == (
        f"there is no trace file {config.trace_file}\n"
        "  try: write_trace() after the run that traces"
    )
    Path(config.trace_file).write_text("0022000g\n")
    with pytest.raises(UsageError) as other:
        config.read_trace()
    assert str(other.value) == (
        f"{config.trace_file} is no trace file\n"
        "  because: its lines are words of 8 digits: invalid literal for int() with base 16: "
        "'0022000g'"
    )


def test_configurations_that_are_refused() -> None:
    with pytest.raises(
        UsageError,
        match=r"^tests/traces/test_trace_reading\.py:\d+: TraceConfig\(enable_ctrl_pkts=True\)\n"
        r"  because: tiles answer no control packets in the simulator\n"
        r"  try: leave it out$",
    ):
        TraceConfig(32, enable_ctrl_pkts=True)
    with pytest.raises(
        UsageError,
        match=r"^tests/traces/test_trace_reading\.py:\d+: TraceConfig\(trace_size=0\)\n"
        r"  because: it is a number of bytes above 0$",
    ):
        TraceConfig(0)


def test_room_for_a_trace_among_the_hosts_tensors(tmp_path: Path) -> None:
    x, y = tensor(np.arange(4, dtype=np.int32)), tensor(np.ones((2, 4), np.int16))
    apart = TraceConfig(64, trace_file=str(tmp_path / "trace.txt"))
    args = prepare_args_for_trace([x, y], apart)
    assert [each.nbytes for each in args] == [16, 16, 64]
    trace, answers = extract_trace_from_args(args, apart)
    assert (trace.nbytes, answers, len(args)) == (64, None, 2)
    behind = TraceConfig(64, trace_file=str(tmp_path / "trace.txt"), ddr_id=-1)
    args = prepare_args_for_trace([x, y], behind)
    assert [each.nbytes for each in args] == [16, 80]
    np.asarray(args[-1])[8:] = words(PACKET * 2).view(np.int16)
    trace, _ = extract_trace_from_args(args, behind)
    np.testing.assert_array_equal(np.asarray(args[-1]), np.ones((2, 4), np.int16))
    process_trace(trace, None, behind)
    assert Path(behind.trace_file).read_text().split() == PACKET * 2
    with pytest.raises(
        UsageError,
        match=r"^tests/traces/test_trace_reading\.py:\d+: process_trace\(\) with answers to "
        r"control packets\n  because: tiles answer none in the simulator\n  try: None$",
    ):
        process_trace(trace, trace, behind)


def test_a_trace_that_was_asked_for_and_not_recorded() -> None:
    result = RunResult(
        outputs=(), where="", cycles=0, modelled_us=0, clock="", wall_seconds=0, cached=False
    )
    keep_trace(result, None)
    with pytest.raises(
        UsageError,
        match=r"^tests/traces/test_trace_reading\.py:\d+: a trace was asked for, and the design "
        r"configures no trace unit\n"
        r"  because: trace_config names t\.txt, and nothing was recorded\n"
        r"  try: Program\.enable_trace\(trace_size\)$",
    ):
        keep_trace(result, TraceConfig(32, trace_file="t.txt"))
