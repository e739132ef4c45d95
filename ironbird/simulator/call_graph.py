"""The stack that a function and whatever it calls need, from the call graph that g++ writes.

`-fcallgraph-info=su` gives a file of nodes with their frames and edges between them. clang writes
none: a function's need is then that of its own frame. A call through a pointer, and a recursion
beyond its first turn, are not followed: the sum is a lower bound. What the headers of the AIE API
and the system define is not counted: on the chip it is instructions, or another function.
"""

import re
from pathlib import Path

_NODE = re.compile(
    r'node: \{ title: "(?P<title>[^"]*)" '
    r'label: "[^"]*?\\n(?P<place>(?P<file>[^"\\]+):\d+:\d+)\\n(?P<bytes>\d+) bytes'
)
_NOT_THE_AUTHORS = (str(Path(__file__).parent / "include"), "/usr/")
_EDGE = re.compile(r'edge: \{ sourcename: "(?P<caller>[^"]*)" targetname: "(?P<callee>[^"]*)"')


def stack_by_place(graph_file: Path) -> dict[str, int]:
    """Bytes of the deepest way from each function, by `file:line:column` of the function.

    Empty if the compiler wrote no graph.
    """
    if not graph_file.exists():
        return {}
    text = graph_file.read_text(encoding="utf-8", errors="replace")
    nodes = [node for node in _NODE.finditer(text) if not node["file"].startswith(_NOT_THE_AUTHORS)]
    frames = {node["title"]: int(node["bytes"]) for node in nodes}
    callees: dict[str, set[str]] = {}
    for edge in _EDGE.finditer(text):
        callees.setdefault(edge["caller"], set()).add(edge["callee"])
    known: dict[str, int] = {}
    return {
        node["place"]: _deepest(node["title"], frames, callees, known, frozenset())
        for node in nodes
    }


def _deepest(
    function: str,
    frames: dict[str, int],
    callees: dict[str, set[str]],
    known: dict[str, int],
    above: frozenset[str],
) -> int:
    if function in known:
        return known[function]
    inside = above | {function}
    below = [
        _deepest(callee, frames, callees, known, inside)
        for callee in callees.get(function, ())
        if callee not in inside
    ]
    known[function] = frames.get(function, 0) + max(below, default=0)
    return known[function]
