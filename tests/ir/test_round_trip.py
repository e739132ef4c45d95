"""What is printed reads back as the same module, for modules drawn at random."""

from hypothesis import given
from xdsl.dialects.builtin import ModuleOp

from ironbird.ir import parse_module, print_generic, print_module
from tests.ir.modules import modules


@given(module=modules())
def test_parse_of_print_is_the_module(module: ModuleOp) -> None:
    text = print_module(module)
    again = parse_module(text)
    assert print_module(again) == text
    assert again.is_structurally_equivalent(module)


@given(module=modules())
def test_parse_of_the_generic_form_is_the_module(module: ModuleOp) -> None:
    assert parse_module(print_generic(module)).is_structurally_equivalent(module)


@given(module=modules())
def test_printing_changes_nothing(module: ModuleOp) -> None:
    before = module.clone()
    first = print_module(module)
    assert print_module(module) == first
    assert module.is_structurally_equivalent(before)
