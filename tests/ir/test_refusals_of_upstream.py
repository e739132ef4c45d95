"""200 invalid modules and what becomes of each, from its text to the plan.

A file of `invalid/` is the module, then what aie-opt of April 2026 does with it, then the whole
message that Ironbird refuses it with, or why it is accepted. Files have numbers; `b` behind one
marks the same mistake in a design that is complete, `august` what only that version looks at.
"""

import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module, verify_module
from ironbird.session.lowering import lower_to_plan

FILES = sorted((Path(__file__).parent / "invalid").glob("*.mlir"))
LONGEST_SECONDS = 10


@dataclass(frozen=True)
class Entry:
    """One file. `refusal` is the whole message; None where the module is accepted.

    upstream: what aie-opt does with it, such as `rejected by parser / verifier`.
    """

    module: str
    upstream: str
    refusal: str | None

    @classmethod
    def read(cls, file: Path) -> "Entry":
        module, _, rest = file.read_text().partition("// aie-opt: ")
        upstream, verdict, *message = rest.splitlines()
        if verdict == "// refused:":
            return cls(module, upstream, "\n".join(line.removeprefix("// ") for line in message))
        assert verdict.startswith("// accepted: "), f"{file.name} gives no reason"
        assert not message
        return cls(module, upstream, None)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_becomes_of_an_invalid_module(file: Path) -> None:
    entry = Entry.read(file)
    with time_limit(LONGEST_SECONDS):
        assert refusal_of(entry.module) == entry.refusal


def test_every_refusal_names_a_line_of_the_module() -> None:
    for file in FILES:
        entry = Entry.read(file)
        if entry.refusal is not None:
            at = re.match(r"in\.mlir:(\d+):\d+: ", entry.refusal)
            assert at is not None, file.name
            assert 1 <= int(at[1]) <= entry.module.count("\n"), file.name


def test_the_counts() -> None:
    """Printed with `pytest -s`: how many of those that aie-opt rejects are refused here."""
    entries = [Entry.read(file) for file in FILES if re.fullmatch(r"\d{3}_.*", file.stem)]
    refused: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for entry in entries:
        outcome = entry.upstream.split(" by ")[0]
        total[outcome] += 1
        refused[outcome] += entry.refusal is not None
    print()
    for outcome, count in total.most_common():
        print(f"aie-opt: {outcome}: {refused[outcome]} of {count} refused here")
    assert len(entries) == 200
    assert (refused["rejected"], total["rejected"]) == (REFUSED, 146)


# Of the rejected, 147, 149, 169 and 191 are accepted by mlir-aie 1.4 as well; 170, 179 and 183 are
# carried out here as they are written.
REFUSED = 139


def refusal_of(text: str) -> str | None:
    """The message with which a module is refused on its way to a plan; None if it gets there."""
    try:
        module = parse_module(text, "in.mlir")
        verify_module(module)
        lower_to_plan(module)
    except DesignError as error:
        return str(error)
    return None


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in what takes longer."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
