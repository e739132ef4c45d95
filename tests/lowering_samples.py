"""Reads `mlir_aie_samples/`: designs before and after the passes of mlir-aie, April and August."""

from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from ironbird.ir import parse_module
from ironbird.passes.lower_sequence.bind_scalars import bind_scalars

SAMPLES = Path(__file__).parent / "mlir_aie_samples"
APRIL, AUGUST = "april", "august"


def folders(version: str) -> tuple[str, ...]:
    """The names of the designs of a version, in order."""
    return tuple(sorted(path.name for path in (SAMPLES / version).iterdir()))


def sample_text(version: str, folder: str, file: str) -> str:
    """One module as text."""
    return (SAMPLES / version / folder / file).read_text()


SCALARS = {"42_dynamic_sequence": {2: 16}}
"""What sequences that take numbers as arguments are given: 42 then moves all of its tensors."""


def read_sample(version: str, folder: str, file: str) -> ModuleOp:
    """One module, its `SCALARS` filled in; lines are named `<folder>/<file>`."""
    module = parse_module(sample_text(version, folder, file), f"{folder}/{file}")
    return bind_scalars(module, SCALARS.get(folder, {}))


def files(version: str, folder: str) -> tuple[str, ...]:
    """What the version's passes made of a design, in the order of their names."""
    names = sorted(path.name for path in (SAMPLES / version / folder).iterdir())
    return tuple(name for name in names if name != "in.mlir")


EVERY_SAMPLE = tuple(
    (version, folder, file)
    for version in (APRIL, AUGUST)
    for folder in folders(version)
    for file in files(version, folder)
)
"""Everything that mlir-aie made of a design: (version, folder, file)."""

NO_PLAN: dict[str, str] = {
    "40_scratchpad_parameter": "in.mlir:14:12: aiex.read_scratchpad_parameter cannot run in a core",
}
"""Designs that are refused, and the first line that says so."""
