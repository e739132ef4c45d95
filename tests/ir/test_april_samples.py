"""Text that mlir-aie printed in April 2026 is read, verified, and printed as August prints it."""

from pathlib import Path

import pytest

from ironbird.ir import parse_module, print_module, verify_module
from tests.ir.test_samples import body_of

AUGUST = Path(__file__).parent / "samples"
SAMPLES = sorted((AUGUST / "april").glob("*.mlir"))
# What August has no text for, so that its samples leave it out.
WITHOUT_COUNTERPART = {
    "18_objectfifo_register": """\
    func.func @work(%arg0: !aie.objectfifosubview<memref<16xi32>>) {
      return
    }
    %cst = arith.constant dense<1> : tensor<1xi32>
    %cst_0 = arith.constant dense<1> : tensor<1xi32>
    %c12 = arith.constant 12 : index
    aie.objectfifo.register_process @inbound(Consume, %cst : tensor<1xi32>, %cst_0 : tensor<1xi32>, @work, %c12)
""",  # noqa: E501
    "26_memtile_dma": " {pad_value = 7 : i32}",
}
# April wrote the default size of a stack out in the generic form, and only there.
DEFAULT_STACK = (", stack_size = 1024 : i32", "stack_size = 1024 : i32")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_of_april_verifies_and_prints_as_augusts(sample: Path) -> None:
    module = parse_module(sample.read_text(), str(sample))
    verify_module(module)
    text = print_module(module)
    left_out = WITHOUT_COUNTERPART.get(sample.stem, "")
    assert left_out in text
    assert text.replace(left_out, "") == body_of((AUGUST / sample.name).read_text())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_what_is_printed_of_april_reads_back_as_the_same_module(sample: Path) -> None:
    module = parse_module(sample.read_text(), str(sample))
    again = parse_module(print_module(module), "again.mlir")
    assert again.is_structurally_equivalent(module)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_aprils_generic_form_is_the_same_module(sample: Path) -> None:
    compact = parse_module(sample.read_text(), str(sample))
    text = (sample.parent / "generic" / sample.name).read_text()
    for words in DEFAULT_STACK:
        text = text.replace(words, "")
    generic = parse_module(text, "generic.mlir")
    verify_module(generic)
    assert compact.is_structurally_equivalent(generic)
    assert print_module(generic) == print_module(compact)


def test_the_samples_of_april_are_all_there() -> None:
    print(f"samples of April parsed, verified and printed in August's form: {len(SAMPLES)}")
    assert len(SAMPLES) == 53
