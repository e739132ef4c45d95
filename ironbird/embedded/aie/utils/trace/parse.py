"""`aie.utils.trace.parse`: a trace buffer as Chrome trace events."""

import argparse
import json
import sys
from pathlib import Path

from ironbird.session.trace_reading.config import TraceConfig
from ironbird.session.trace_reading.packets import (
    convert_to_byte_stream,
    convert_to_commands,
    hex_words,
    trace_pkts_de_interleave,
    trim_trace_pkts,
)
from ironbird.session.trace_reading.timeline import (
    activate_event,
    convert_commands_to_json,
    deactivate_events,
    flatten_repeat_command,
    lookupEventNameInStr,
    make_event_lists,
    parse_trace,
    process_name_metadata,
    setup_trace_metadata,
    thread_name_metadata,
)
from ironbird.session.trace_reading.units import (
    NUM_EVENTS,
    align_column_start_index,
    check_for_valid_trace,
    lookup_event_name_by_type,
    parse_mlir_trace_events,
)

__all__ = [
    "NUM_EVENTS",
    "activate_event",
    "align_column_start_index",
    "check_for_valid_trace",
    "convert_commands_to_json",
    "convert_to_byte_stream",
    "convert_to_commands",
    "deactivate_events",
    "flatten_repeat_command",
    "lookupEventNameInStr",
    "lookup_event_name_by_type",
    "main",
    "make_event_lists",
    "parse_args",
    "parse_mlir_trace_events",
    "parse_trace",
    "process_name_metadata",
    "setup_trace_metadata",
    "thread_name_metadata",
    "trace_pkts_de_interleave",
    "trim_trace_pkts",
]


def parse_args() -> argparse.Namespace:
    """The command line: the trace file, the module, and where the timeline goes."""
    parser = argparse.ArgumentParser(description="a trace file as Chrome trace events")
    parser.add_argument("--input", required=True, help="words of 8 digits, one a line")
    parser.add_argument("--mlir", required=True, help="the module that was run")
    parser.add_argument("--output", required=True, help="the timeline, as JSON")
    parser.add_argument("--colshift", type=int, default=None, help="columns of the device's start")
    return parser.parse_args()


def main() -> None:
    """Read the trace file, write the timeline."""
    options = parse_args()
    words = TraceConfig(4, trace_file=options.input).read_trace()
    if not check_for_valid_trace(options.input, hex_words(words)):
        sys.exit(1)
    module = Path(options.mlir).read_text(encoding="utf-8")
    events = parse_trace(words, module, options.colshift)
    Path(options.output).write_text(json.dumps(events), encoding="utf-8")
