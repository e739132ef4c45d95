"""`aie.utils.trace.utils`: packets, commands, cycles."""

from ironbird.iron.upstream_names import absent
from ironbird.session.trace_reading.packets import (
    check_odd_word_parity,
    convert_to_byte_stream,
    convert_to_commands,
    create_ctrl_pkt,
    extract_tile,
    pack4bytes,
    parity,
    parse_pkt_hdr_in_stream,
    split_trace_segments,
    trace_pkts_de_interleave,
    trim_trace_pkts,
)
from ironbird.session.trace_reading.summary import (
    get_cycles,
    get_cycles_summary,
    get_vector_time,
)

# They read the task descriptions of a benchmark of language models.
__getattr__ = absent(
    __name__,
    ["extract_buffers", "get_kernel_code"],
    instead="parse_trace, configure_trace and start_trace of aie.utils.trace",
)

__all__ = [
    "check_odd_word_parity",
    "convert_to_byte_stream",
    "convert_to_commands",
    "create_ctrl_pkt",
    "extract_tile",
    "get_cycles",
    "get_cycles_summary",
    "get_vector_time",
    "pack4bytes",
    "parity",
    "parse_pkt_hdr_in_stream",
    "split_trace_segments",
    "trace_pkts_de_interleave",
    "trim_trace_pkts",
]
