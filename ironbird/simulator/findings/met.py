"""Defects met during a run, as findings: one function for each kind of record."""

import signal
from collections.abc import Callable

from ironbird.base.findings import Finding, FindingKind
from ironbird.base.source_line import SourceLine
from ironbird.simulator.findings.call_arguments import call_arguments
from ironbird.simulator.findings.core_defects import (
    out_of_bounds,
    read_past_buffer,
    undefined,
)
from ironbird.simulator.findings.names import Names
from ironbird.simulator.records import FindingRecord, Link, RecordKind


def finding_of(names: Names, record: FindingRecord) -> Finding:
    """The sentence for one record."""
    return _WRITERS[record.kind](names, record)


def _lines(*lines: SourceLine | None) -> tuple[SourceLine, ...]:
    return tuple(line for line in lines if line is not None)


def _write_past_buffer(names: Names, record: FindingRecord) -> Finding:
    plan = names.machine.plan
    buffer = plan.buffers[record.object]
    writer, called = _who_computed(names, record)
    before = record.first < 0
    distance = -record.first if before else record.first - buffer.byte_count
    place = "before its start" if before else "past its end"
    return Finding(
        kind=FindingKind.WRITE_PAST_BUFFER,
        what=f"{writer} writes outside {names.memory(record.object)}",
        at=names.line(record.agent, record.site) if record.agent >= 0 else buffer.at,
        because=f"{record.count} byte{'s' if record.count != 1 else ''} changed, the first "
        f"{distance} bytes {place}; the buffer has {buffer.byte_count} bytes",
        fix="a buffer as large as what is written, or fewer elements written",
        objects=(*called, *names.objects(record.object)),
        also_at=_lines(buffer.at),
    )


def _who_computed(names: Names, record: FindingRecord) -> tuple[str, tuple[str, ...]]:
    """`kernel 'f', called by worker 'w',` or the worker itself."""
    if record.agent < 0:
        return "a core", ()
    worker = names.agent(record.agent)
    if record.detail < 0:
        return worker, ()
    symbol = names.machine.plan.kernels[record.detail].symbol
    return f"kernel {symbol!r}, called by {worker},", (symbol,)


def _poison_read(names: Names, record: FindingRecord) -> Finding:
    at = names.line(record.agent, record.site)
    fix = "write the buffer before it is read, or give it initial values"
    if names.is_channel(record.agent):
        return _poison_sent(names, record, at)
    reader, called = _who_computed(names, record)
    if record.object < 0:
        return Finding(
            kind=FindingKind.POISON_READ,
            what=f"{reader} sends or returns what it read from memory that nobody wrote",
            at=at,
            fix=fix,
            objects=called,
        )
    buffer = names.memory(record.object)
    if record.detail < 0:
        return Finding(
            kind=FindingKind.POISON_READ,
            what=f"{reader} reads {buffer} where nobody wrote it",
            at=at,
            because=f"{record.count} bytes at byte {record.first} were never written",
            fix=fix,
            objects=names.objects(record.object),
            also_at=_lines(names.memory_line(record.object)),
        )
    return Finding(
        kind=FindingKind.POISON_READ,
        what=f"{reader} computes with memory that nobody wrote",
        at=at,
        because=f"{record.count} bytes of {buffer}, the first at byte {record.first}, come out "
        "different when the unwritten memory of its arguments holds something else",
        fix=fix,
        objects=(*called, *names.objects(record.object)),
        also_at=_lines(names.memory_line(record.object)),
    )


def _poison_sent(names: Names, record: FindingRecord, at: SourceLine | None) -> Finding:
    source = names.memory(record.object) if record.object >= 0 else "a core's stream"
    target = names.machine.plan.descriptors[record.other_site]
    argument = names.memory(~target.memory.argument)  # type: ignore[union-attr]
    return Finding(
        kind=FindingKind.POISON_READ,
        what=f"{names.agent(record.agent)} sends {source} to {argument} where nobody wrote it",
        at=at,
        because=f"{record.count} bytes from byte {record.first} of the transfer were never written",
        fix="a producer that writes whole objects, or a transfer of what is written",
        objects=names.objects(record.object) if record.object >= 0 else (),
        also_at=_lines(names.line(record.other_agent, record.other_site)),
    )


def _unwritten_output(names: Names, record: FindingRecord) -> Finding:
    argument = names.machine.plan.sequence.arguments[record.object]
    element_bytes = argument.element.bytes
    total = 1
    for size in argument.shape:
        total *= size
    return Finding(
        kind=FindingKind.UNWRITTEN_OUTPUT,
        what=f"{names.memory(~record.object)} is an output that is not wholly written",
        at=names.machine.plan.sequence.at,
        because=f"{-(-record.count // element_bytes)} of {total} elements were never written, "
        f"the first at index {record.first // element_bytes}",
        fix="transfers that cover the whole output",
        objects=names.objects(~record.object),
    )


def _lock_overflow(names: Names, record: FindingRecord) -> Finding:
    lock = names.machine.plan.locks[record.object]
    owner = f"ObjectFifo {lock.fifo!r}" if lock.fifo is not None else f"lock {lock.name!r}"
    return Finding(
        kind=FindingKind.LOCK_OVERFLOW,
        what=f"{names.agent(record.agent)} releases {owner} more often than a lock can count",
        at=names.line(record.agent, record.site),
        because=f"lock {lock.name!r} would be {record.count}; it holds at most 63 and stays there",
        fix="an acquire for each release",
        objects=(lock.fifo or lock.name,),
        also_at=_lines(lock.at),
    )


def _race(names: Names, record: FindingRecord) -> Finding:
    acts = {True: "writes", False: "reads"}
    mine, other = acts[bool(record.count)], acts[bool(record.first)]
    other_line = names.access_line(record.other_agent, record.other_site, write=bool(record.first))
    shown = f" ({other_line})" if other_line is not None else ""
    return Finding(
        kind=FindingKind.RACE,
        what=f"{names.agent(record.agent)} {mine} {names.memory(record.object)} while "
        f"{names.agent(record.other_agent)} {other} it",
        at=names.access_line(record.agent, record.site, write=bool(record.count)),
        because=f"no lock orders the two: {names.agent(record.other_agent)} {other} it{shown}, and "
        "which comes first depends on timing",
        fix="acquire the buffer's lock before the access and release it after",
        objects=names.objects(record.object),
        also_at=_lines(other_line),
    )


def _crashed_kernel(names: Names, record: FindingRecord) -> Finding:
    plan = names.machine.plan
    try:
        reason = signal.Signals(record.count).name
    except ValueError:
        reason = f"signal {record.count}"
    if record.object < 0:
        return Finding(
            kind=FindingKind.CRASHED_KERNEL,
            what=f"{names.agent(record.agent)} crashed with {reason} in its own code",
            at=names.line(record.agent, record.site),
            because="it stopped between this line and its next lock or kernel; the run is over",
            fix="indices inside the buffer",
            objects=(names.agent(record.agent),),
        )
    kernel = plan.kernels[record.object]
    arguments = call_arguments(names, record.agent, record.site, kernel.argument_types)
    return Finding(
        kind=FindingKind.CRASHED_KERNEL,
        what=f"kernel {kernel.symbol!r}, called by {names.agent(record.agent)}, "
        f"crashed with {reason}",
        at=names.line(record.agent, record.site),
        because=f"it was called with ({arguments}); this process lives on, the run does not",
        fix="compare the kernel's sizes with the buffers it is given",
        objects=(kernel.symbol,),
        also_at=_lines(kernel.at),
    )


# What the core does, why that cannot be, and what would make it possible.
_LINKS = {
    Link.CASCADE_IN: (
        "reads a cascade",
        "no cascade ends at tile {tile}, so no word ever comes",
        "CascadeFlow(neighbour, worker)",
    ),
    Link.CASCADE_OUT: (
        "writes to a cascade",
        "no cascade starts at tile {tile}, so nobody takes its words",
        "CascadeFlow(worker, neighbour)",
    ),
    Link.STREAM_IN: (
        "reads stream port {number}",
        "no flow ends at that port of tile {tile}, so no word ever comes",
        'Flow(source, tile, dst_port="Core", dst_channel={number})',
    ),
    Link.STREAM_OUT: (
        "writes to stream port {number}",
        "no flow starts at that port of tile {tile}, so nobody takes its words",
        'Flow(tile, destination, src_port="Core", src_channel={number})',
    ),
    Link.LOCK: (
        "uses lock {number}",
        "the design makes no lock that tile {tile} sees by that number",
        "a Lock on the tile that the number stands for: from 0 south, 16 west, 32 north, 48 own",
    ),
}


def _missing_link(names: Names, record: FindingRecord) -> Finding:
    plan = names.machine.plan
    worker = names.agent(record.agent)
    kernel = plan.kernels[record.object] if record.object >= 0 else None
    who = f"kernel {kernel.symbol!r}, called by {worker}," if kernel is not None else worker
    tile = plan.cores[record.agent].tile
    acts, reason, remedy = (
        part.format(number=record.count, tile=tile) for part in _LINKS[Link(record.detail)]
    )
    return Finding(
        kind=FindingKind.CRASHED_KERNEL,
        what=f"{who} {acts} that it does not have",
        at=names.line(record.agent, record.site),
        because=reason,
        fix=remedy,
        objects=(kernel.symbol,) if kernel is not None else (worker,),
        also_at=_lines(kernel.at if kernel is not None else None),
    )


def _unawaited_output(names: Names, record: FindingRecord) -> Finding:
    descriptor = names.machine.plan.descriptors[record.site]
    fifo = names.stream_fifo(descriptor)
    return Finding(
        kind=FindingKind.UNAWAITED_OUTPUT,
        what=f"{names.memory(~record.object)} is still written after the sequence has ended",
        at=names.line(record.agent, record.site),
        because=f"the sequence ended at cycle {record.first} without waiting for this transfer, "
        f"{names.agent(record.agent)} was at it until cycle {record.count}",
        fix=f"{fifo}.drain(..., wait=True)" if fifo is not None else "wait=True for the transfer",
        objects=(*((fifo,) if fifo is not None else ()), *names.objects(~record.object)),
    )


def _interrupted(names: Names, record: FindingRecord) -> Finding:
    return Finding(
        kind=FindingKind.INTERRUPTED,
        what="the run was interrupted",
        because=f"a signal came at cycle {record.count}" if record.agent < 0 else "a signal came",
    )


def _cycle_limit(names: Names, record: FindingRecord) -> Finding:
    return Finding(
        kind=FindingKind.CYCLE_LIMIT,
        what="the run takes longer than its limit",
        because=f"it is not finished after {record.count} cycles",
        fix="a larger cycle_limit, or a loop that ends",
    )


_WRITERS: dict[RecordKind, Callable[[Names, FindingRecord], Finding]] = {
    RecordKind.WRITE_PAST_BUFFER: _write_past_buffer,
    RecordKind.POISON_READ: _poison_read,
    RecordKind.UNWRITTEN_OUTPUT: _unwritten_output,
    RecordKind.LOCK_OVERFLOW: _lock_overflow,
    RecordKind.RACE: _race,
    RecordKind.CRASHED_KERNEL: _crashed_kernel,
    RecordKind.INTERRUPTED: _interrupted,
    RecordKind.CYCLE_LIMIT: _cycle_limit,
    RecordKind.MISSING_LINK: _missing_link,
    RecordKind.UNAWAITED_OUTPUT: _unawaited_output,
    RecordKind.OUT_OF_BOUNDS: out_of_bounds,
    RecordKind.UNDEFINED: undefined,
    RecordKind.READ_PAST_BUFFER: read_past_buffer,
}
