"""Cycles from a timeline's file: between the marks of a kernel, and in vector operations."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN_MARK, END_MARK = "INSTR_EVENT_0", "INSTR_EVENT_1"


def get_cycles(trace_path: str | Path) -> float:
    """Cycles from the first event0() to the first event1() after it; infinity without both."""
    for _, cycles in get_cycles_summary(trace_path):
        if cycles:
            return float(cycles[0])
    return float("inf")


def get_cycles_summary(trace_path: str | Path) -> list[list[Any]]:
    """For each unit with marks its name, and the cycles from each event0() to the next event1().

    unknown: whether upstream's inner lists hold the cycles flat; here they are one list.
    """
    events = json.loads(Path(trace_path).read_text(encoding="utf-8"))
    names = {
        event["pid"]: event["args"]["name"]
        for event in events
        if event.get("name") == "process_name"
    }
    found = []
    for pid, name in names.items():
        begun = _begins(events, pid, BEGIN_MARK)
        ended = _begins(events, pid, END_MARK)
        if begun or ended:
            found.append([name, _deltas(begun, ended)])
    return found


def get_vector_time(trace: Sequence[Mapping[str, Any]]) -> int:
    """Cycles in which some core issued vector operations, summed over a timeline's events."""
    total = 0
    for event in trace:
        if event.get("name") == "INSTR_VECTOR" and event["ph"] in "BE":
            total += event["ts"] if event["ph"] == "E" else -event["ts"]
    return total


def print_summary(trace_path: str | Path) -> None:
    """Say how often the marked part ran, and how long it took."""
    summary = get_cycles_summary(trace_path)
    if not summary:
        print(f"{trace_path} holds no {BEGIN_MARK} and {END_MARK}")
    for name, cycles in summary:
        print(f"{name}: {len(cycles)} runs between {BEGIN_MARK} and {END_MARK}")
        if cycles:
            mean = sum(cycles) / len(cycles)
            print(
                f"  first/min/avg/max cycles: {cycles[0]} / {min(cycles)} / {mean:.1f} / "
                f"{max(cycles)}"
            )


def _begins(events: Sequence[Mapping[str, Any]], pid: int, name: str) -> list[int]:
    return [
        event["ts"]
        for event in events
        if event["ph"] == "B" and event["pid"] == pid and event["name"] == name
    ]


def _deltas(begun: Sequence[int], ended: Sequence[int]) -> list[int]:
    """From each begin to the first end behind it, before the next begin."""
    deltas = []
    for number, start in enumerate(begun):
        following = begun[number + 1] if number + 1 < len(begun) else None
        stop = next((end for end in ended if end >= start), None)
        if stop is not None and (following is None or stop <= following):
            deltas.append(stop - start)
    return deltas
