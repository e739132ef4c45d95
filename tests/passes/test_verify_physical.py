"""Each rule of the hardware: silent on a module that keeps it, and the whole message where one
breaks it. The broken modules differ from the sound one in one place."""

import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module
from ironbird.ir.aie import DeviceOp
from ironbird.passes.verify_physical import RULES
from tests.passes.broken_modules import BROKEN, SOUND


def device_of(text: str) -> DeviceOp:
    """The device of a module, as the text has it."""
    (device,) = [
        op for op in parse_module(text, "sound.mlir").body.block.ops if isinstance(op, DeviceOp)
    ]
    return device


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_sound_module_breaks_no_rule(rule) -> None:
    device = device_of(SOUND)
    rule(device, device.model)


@pytest.mark.parametrize(
    ("rule", "sound", "broken", "message"),
    BROKEN,
    ids=[f"{rule.__name__}-{number}" for number, (rule, *_) in enumerate(BROKEN)],
)
def test_a_broken_rule_is_named_with_its_numbers(rule, sound: str, broken: str, message) -> None:
    assert sound in SOUND
    device = device_of(SOUND.replace(sound, broken, 1))
    if message is None:
        rule(device, device.model)
        return
    with pytest.raises(DesignError) as refusal:
        rule(device, device.model)
    assert refusal.value.at is not None
    assert str(refusal.value) == f"{refusal.value.at}: {message}"
    assert refusal.value.at.file == "sound.mlir"


def test_every_rule_is_broken_by_a_test() -> None:
    assert {rule for rule, *_ in BROKEN} == set(RULES)
