"""Kept objects: served while everything that made them is as it was, compiled anew otherwise."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ironbird.base.errors import DesignError
from ironbird.simulator.compiler import Compiler, ObjectReport, find_compiler
from ironbird.simulator.kept_objects import KeptObjects

FLAGS = ("-O1", "-std=c++20", "-fPIC")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A kernel and its header, older than any compilation of this test."""
    (tmp_path / "factor.h").write_text("#define FACTOR 3\n")
    path = tmp_path / "scale.cc"
    path.write_text(
        '#include "factor.h"\nextern "C" int scale(int x) {\n  volatile int y = x;\n'
        "  return FACTOR * y;\n}\n"
    )
    for each in tmp_path.iterdir():
        os.utime(each, (1e9, 1e9))
    return path


@pytest.fixture
def store(tmp_path: Path) -> KeptObjects:
    return KeptObjects(tmp_path / "store")


@pytest.fixture
def compiled(
    source: Path, store: KeptObjects, tmp_path: Path
) -> Callable[..., tuple[ObjectReport, bytes]]:
    """Compile through the store: what was reported, and the object."""

    def compile_through(
        compiler: Compiler | None = None, flags: tuple[str, ...] = FLAGS
    ) -> tuple[ObjectReport, bytes]:
        made = tmp_path / "made.o"
        made.unlink(missing_ok=True)
        report = store.compile_object(compiler or find_compiler(), source, made, flags, [tmp_path])
        return report, made.read_bytes()

    return compile_through


WITHOUT_COMPILER = replace(find_compiler(), command=("/nonexistent/compiler",))


def test_the_second_compilation_needs_no_compiler(compiled, source: Path) -> None:
    report, object = compiled()
    assert source.with_name("factor.h") in report.dependencies
    assert [frame.function for frame in report.stack_frames] == ["scale"]
    assert compiled(WITHOUT_COMPILER) == (report, object)


def test_a_changed_header_is_compiled_again(compiled, source: Path) -> None:
    _, before = compiled()
    header = source.with_name("factor.h")
    header.write_text("#define FACTOR 5\n")
    os.utime(header, (1e9 + 1, 1e9 + 1))
    _, after = compiled()
    assert after != before
    assert compiled(WITHOUT_COMPILER)[1] == after


def test_flags_source_and_compiler_are_part_of_the_name(
    compiled, source: Path, store: KeptObjects
) -> None:
    compiled()
    compiled(flags=(*FLAGS, "-DUNUSED=1"))
    compiled(replace(find_compiler(), identity="another"))
    source.write_text(source.read_text() + "// more\n")
    os.utime(source, (1e9, 1e9))
    compiled()
    assert len(list(store.store.glob("kernel-*.o"))) == 4


@pytest.mark.parametrize("torn", [".o", ".json"])
@pytest.mark.parametrize("content", [b"", b"{}", None])
def test_a_torn_object_or_seal_is_compiled_again(
    compiled, store: KeptObjects, torn: str, content: bytes | None
) -> None:
    expected = compiled()
    (part,) = store.store.glob(f"kernel-*{torn}")
    if content is None:
        part.unlink()
    else:
        part.write_bytes(content)
    assert compiled() == expected
    assert compiled(WITHOUT_COMPILER) == expected


def test_what_does_not_compile_is_refused_and_not_kept(
    compiled, source: Path, store: KeptObjects
) -> None:
    source.write_text("int scale(\n")
    with pytest.raises(DesignError) as caught:
        compiled()
    assert caught.value.what == "kernel source scale.cc does not compile"
    assert not store.store.exists()


def test_a_header_that_changes_meanwhile_is_not_kept(
    compiled, source: Path, store: KeptObjects
) -> None:
    os.utime(source.with_name("factor.h"), (4e9, 4e9))
    compiled()
    assert not store.store.exists()
