"""One design in all five styles: modules that do the same, and results that are the same."""

from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp, StringAttr

from ironbird.ir import parse_module
from ironbird.ir.aie import CoreOp, LockOp, tile_of
from ironbird.passes.pipeline import lower
from ironbird.session.lowering import lower_to_plan
from tests.compat.corpus import program_file, run_itself, run_module
from tests.passes.core_trace import trace_of
from tests.passes.equivalence import devices_in, differences
from tests.passes.plan_signature import plan_differences

STYLES = ("d1", "d2", "d3", "d4", "placed")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """What each program has printed, by style."""
    return {}


@pytest.fixture(autouse=True)
def printed(texts: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    for style in STYLES:
        if style not in texts:
            capsys.readouterr()
            run_itself(program_file(style, "one_program"))
            texts[style] = capsys.readouterr().out


def cores_of(module: ModuleOp) -> dict[str, object]:
    """What each core does, by its tile; the only lock without a name is the barrier's."""
    for op in module.walk():
        if isinstance(op, LockOp) and op.sym_name is None:
            op.sym_name = StringAttr("barrier")
    return {str(tile_of(op.tile)): trace_of(op) for op in module.walk() if isinstance(op, CoreOp)}


@pytest.mark.parametrize("style", STYLES[1:])
def test_one_program_lowers_to_one_design(style: str, texts: dict[str, str]) -> None:
    first, other = parse_module(texts["d1"], "d1"), parse_module(texts[style], style)
    assert plan_differences(lower_to_plan(first), lower_to_plan(other)) == []
    lowered, lowered_other = lower(first), lower(other)
    (device,), (device_other,) = devices_in(lowered), devices_in(lowered_other)
    assert differences(device, device_other) == []
    assert cores_of(lowered) == cores_of(lowered_other)


def test_the_iron_styles_print_one_text(texts: dict[str, str]) -> None:
    assert len({texts[style] for style in STYLES if style != "placed"}) == 1
    assert texts["placed"] != texts["d1"]


@pytest.mark.parametrize("style", STYLES)
def test_one_program_runs_alike(style: str, texts: dict[str, str], tmp_path: Path) -> None:
    module = tmp_path / f"{style}.mlir"
    module.write_text(texts[style])
    x = np.random.default_rng(3).integers(-1000, 1000, (4, 2, 16)).astype(np.int32)
    run_module(module, [x, np.zeros_like(x)], {1: x * np.array([[3], [-5]], np.int32)})
