"""Text that mlir-aie 1.4.1 printed, in both forms, is read, verified and printed as it stands."""

from pathlib import Path

import pytest

from ironbird.ir import parse_module, print_generic, print_module, verify_module

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.mlir"))


def body_of(text: str) -> str:
    """The text without the remark in its first line."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("//"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_verifies_and_prints_back_as_it_stands(sample: Path) -> None:
    text = sample.read_text()
    module = parse_module(text, str(sample))
    verify_module(module)
    assert print_module(module) == body_of(text)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_the_generic_form_is_the_same_module(sample: Path) -> None:
    compact = parse_module(sample.read_text(), str(sample))
    generic = parse_module((sample.parent / "generic" / sample.name).read_text(), "generic.mlir")
    verify_module(generic)
    assert compact.is_structurally_equivalent(generic)
    assert print_module(generic) == print_module(compact)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_the_generic_form_is_printed_as_it_stands(sample: Path) -> None:
    module = parse_module(sample.read_text(), str(sample))
    text = (sample.parent / "generic" / sample.name).read_text()
    assert print_generic(module) == body_of(text)


def test_the_samples_are_all_there() -> None:
    print(f"samples of August parsed, verified and printed back: {len(SAMPLES)}")
    assert len(SAMPLES) == 62
