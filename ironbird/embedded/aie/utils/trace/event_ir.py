"""`aie.utils.trace.event_ir`: the steps that it shares with `aie.utils.trace.parse`.

Its other ones drive `hwfrontend` of Vitis, and read the event IR which that writes.
"""

from collections.abc import Iterable
from typing import Any

from ironbird.iron.upstream_names import absent
from ironbird.session.trace_reading import units
from ironbird.session.trace_reading.timeline import (
    convert_commands_to_json,
    flatten_repeat_command,
    lookupEventNameInStr,
    make_event_lists,
    process_name_metadata,
    setup_trace_metadata,
    thread_name_metadata,
)
from ironbird.session.trace_reading.units import NUM_EVENTS, lookup_event_name_by_type

rowoffset = 1
eventIRFile = "eventIR.txt"
tmpTraceDirName = "tmpTrace"


def parse_mlir_trace_events(lines: str | Iterable[str]) -> Any:
    """The event numbers of every unit, from the lines of the module that was run, or its text."""
    return units.parse_mlir_trace_events(lines if isinstance(lines, str) else "\n".join(lines))


__getattr__ = absent(
    __name__,
    {
        **dict.fromkeys(
            [
                "convert_eventIR_to_json",
                "create_target",
                "fix_raw_trace_data",
                "parse_args",
                "print_config_json",
                "run_hwfrontend",
            ],
            "aie.utils.trace.parse, which does not need hwfrontend of Vitis",
        ),
        "deactivate": "deactivate_events of aie.utils.trace.parse, which is told where ends go",
    },
)

__all__ = [
    "NUM_EVENTS",
    "convert_commands_to_json",
    "eventIRFile",
    "flatten_repeat_command",
    "lookupEventNameInStr",
    "lookup_event_name_by_type",
    "make_event_lists",
    "parse_mlir_trace_events",
    "process_name_metadata",
    "rowoffset",
    "setup_trace_metadata",
    "thread_name_metadata",
    "tmpTraceDirName",
]
