"""The words of a trace unit: every command by hand, and everything there and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.trace_stream import (
    FILLER,
    PACKET_WORDS,
    SYNC_CYCLES,
    ActiveRun,
    Command,
    bytes_of,
    commands_in,
    commands_of,
    header_of,
    header_word,
    packets_of,
    runs_in,
)

# Each field at its bits, as mlir-aie's parser takes them apart.
BY_HAND = [
    (Command("Start", timer=0x0102030405), "f000000102030405"),
    (Command("Single0", (5,), 9), "59"),
    (Command("Single1", (3,), 0x2A5), "8ea5"),
    (Command("Single2", (7,), 0x2ABCD), "beabcd"),
    (Command("Multiple0", (0, 7), 4), "c814"),
    (Command("Multiple1", (1, 2), 0x155), "d15506"),
    (Command("Multiple2", (0, 1, 2, 3, 4, 5, 6, 7), 0x3FFFF), "d7ffffff"),
    (Command("Repeat0", repeats=13), "ed"),
    (Command("Repeat1", repeats=0x201), "da01"),
    (Command("Skip"), "dc000000"),
    (Command("Event_Sync"), "ff"),
]


@pytest.mark.parametrize(("command", "digits"), BY_HAND, ids=lambda each: str(each)[:30])
def test_a_command_and_its_bytes(command: Command, digits: str) -> None:
    assert bytes_of(command).hex() == digits
    assert commands_in(bytes.fromhex(digits)) == [command]


def test_an_unknown_command_is_no_bytes() -> None:
    with pytest.raises(ValueError, match=r"^there is no trace command 'Single3'$"):
        bytes_of(Command("Single3"))


def test_fillers_are_passed_over_and_a_command_cut_off_is_left_out() -> None:
    stream = bytes([FILLER, 0x10, 0xFD, FILLER, 0x8E])
    assert commands_in(stream) == [Command("Single0", (1,), 0)]


@pytest.mark.parametrize(
    ("runs", "kinds"),
    [
        ([(0, 1, 1)], ["Start", "Single0"]),
        ([(20, 21, 2)], ["Start", "Single1"]),
        ([(5000, 5001, 3)], ["Start", "Multiple2"]),
        ([(0, 16, 1)], ["Start", "Single0", "Repeat0"]),
        ([(9, 2000, 1)], ["Start", "Single0", "Single0", "Repeat1", "Repeat1"]),
        ([(SYNC_CYCLES, SYNC_CYCLES + 1, 1)], ["Start", "Single2"]),
        ([(SYNC_CYCLES + 1, SYNC_CYCLES + 2, 1)], ["Start", "Event_Sync", "Single0"]),
    ],
)
def test_the_shortest_commands_are_taken(
    runs: list[tuple[int, int, int]], kinds: list[str]
) -> None:
    made = [command.kind for command, _ in commands_of(ActiveRun(*run) for run in runs)]
    assert made == kinds


def test_a_command_is_known_at_its_last_cycle() -> None:
    cycles = [cycle for _, cycle in commands_of([ActiveRun(7, 2000, 1)])]
    assert cycles == [0, 7, 8, 1031, 1999]


@st.composite
def active_runs(draw: st.DrawFn) -> list[ActiveRun]:
    """Runs in order; where two touch, other slots are active."""
    runs: list[ActiveRun] = []
    at = 0
    gaps = st.one_of(st.integers(0, 40), st.integers(0, 3 * SYNC_CYCLES))
    lengths = st.one_of(st.integers(1, 3), st.integers(1, 5000))
    for _ in range(draw(st.integers(0, 20))):
        at += draw(gaps)
        mask = draw(st.integers(1, 255))
        if runs and runs[-1].end == at and runs[-1].mask == mask:
            at += 1
        runs.append(ActiveRun(at, at + draw(lengths), mask))
        at = runs[-1].end
    return runs


@given(runs=active_runs())
def test_runs_become_commands_bytes_packets_and_runs_again(runs: list[ActiveRun]) -> None:
    commands = [command for command, _ in commands_of(runs)]
    assert commands_in(b"".join(map(bytes_of, commands))) == commands
    assert runs_in(commands) == runs
    header = header_word(column=1, row=2, packet_type=0, packet_id=3)
    packets = list(packets_of(commands_of(runs), header))
    assert all(len(words) == PACKET_WORDS and words[0] == header for _, words in packets)
    assert [cycle for cycle, _ in packets] == sorted(cycle for cycle, _ in packets)
    payload = b"".join(word.to_bytes(4, "big") for _, words in packets for word in words[1:])
    assert runs_in(commands_in(payload)) == runs


@given(
    column=st.integers(0, 127),
    row=st.integers(0, 31),
    packet_type=st.integers(0, 3),
    packet_id=st.integers(0, 31),
)
def test_a_header_names_its_source_with_odd_parity(
    column: int, row: int, packet_type: int, packet_id: int
) -> None:
    word = header_word(column=column, row=row, packet_type=packet_type, packet_id=packet_id)
    assert word.bit_count() % 2 == 1
    found = header_of(word)
    assert found.is_valid
    assert (found.column, found.row) == (column, row)
    assert (found.packet_type, found.packet_id) == (packet_type, packet_id)
    assert not header_of(word ^ 1).is_valid
