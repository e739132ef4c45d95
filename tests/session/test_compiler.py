"""The compiler: what it reports, what it refuses, and where it is looked for."""

import ctypes
import os
import re
from pathlib import Path

import pytest

from ironbird.base.errors import DesignError, ToolError
from ironbird.base.source_line import SourceLine
from ironbird.simulator import compiler_search
from ironbird.simulator.compiler import KERNEL_FLAGS, Compiler, find_compiler
from ironbird.simulator.compiler_search import chosen_compiler, search_compilers


@pytest.fixture
def compiler() -> Compiler:
    return find_compiler()


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_reports_headers_and_frames_and_links(compiler: Compiler, tmp_path: Path) -> None:
    header = write(tmp_path / "width.h", "#define WIDTH 512\n")
    source = write(
        tmp_path / "scores.cc",
        '#include "width.h"\n'
        'extern "C" int scores(const int *x, int n) {\n'
        "  volatile int local[WIDTH];\n"
        "  for (int i = 0; i < n; i++) local[i] = x[i];\n"
        "  return local[n - 1];\n"
        "}\n",
    )
    report = compiler.compile_object(source, tmp_path / "scores.o")
    assert report.dependencies[0] == source
    assert header in report.dependencies
    (frame,) = [frame for frame in report.stack_frames if frame.function == "scores"]
    assert frame.bytes >= 2048
    assert (frame.file, frame.line) == (str(source), 2)

    compiler.link_shared([tmp_path / "scores.o"], tmp_path / "scores.so")
    library = ctypes.CDLL(str(tmp_path / "scores.so"))
    assert library.scores((ctypes.c_int * 3)(4, 5, 6), 3) == 6


def test_include_directories_and_paths_with_spaces(compiler: Compiler, tmp_path: Path) -> None:
    folder = tmp_path / "my headers"
    folder.mkdir()
    header = write(folder / "one.h", "inline int one() { return 1; }\n")
    source = write(tmp_path / "k.cc", "#include <one.h>\nint two() { return one() + one(); }\n")
    report = compiler.compile_object(source, tmp_path / "k.o", KERNEL_FLAGS, [folder])
    assert header in report.dependencies


def test_refuses_what_does_not_compile_in_the_authors_file(
    compiler: Compiler, tmp_path: Path
) -> None:
    source = write(
        tmp_path / "copy.cc",
        '#line 40 "/author/design.py"\nextern "C" void copy(int *y) {\n  y[0] = x[0];\n}\n',
    )
    with pytest.raises(DesignError) as caught:
        compiler.compile_object(source, tmp_path / "copy.o")
    assert caught.value.at == SourceLine("/author/design.py", 41, 10)
    assert re.match(
        r"^/author/design\.py:41:10: kernel source copy\.cc does not compile\n"
        r"  because: /author/design\.py:41:10: error: .*'x'.*",
        str(caught.value),
    )


def test_a_scratch_path_is_shown_by_the_name_the_author_knows(
    compiler: Compiler, tmp_path: Path
) -> None:
    source = write(tmp_path / "generated.cc", "#error not yet\n")
    with pytest.raises(DesignError) as caught:
        compiler.compile_object(
            source, tmp_path / "generated.o", shown_as={str(source): "the text of 'scale'"}
        )
    assert str(tmp_path) not in str(caught.value)
    assert caught.value.what == "the text of 'scale' does not compile"


def test_refuses_an_unknown_flag_by_name(compiler: Compiler, tmp_path: Path) -> None:
    source = write(tmp_path / "k.cc", "int k;\n")
    with pytest.raises(
        DesignError,
        match=r"^/author/design\.py:3: kernel source k\.cc is compiled with -funroll-everything, "
        r"an unknown flag\n  try: take the flag out of the kernel's compile flags$",
    ):
        compiler.compile_object(
            source,
            tmp_path / "k.o",
            [*KERNEL_FLAGS, "-funroll-everything"],
            at=SourceLine("/author/design.py", 3),
        )


def test_refuses_a_symbol_that_nothing_defines(compiler: Compiler, tmp_path: Path) -> None:
    source = write(tmp_path / "k.cc", 'extern "C" void scale(); extern "C" void k() { scale(); }\n')
    compiler.compile_object(source, tmp_path / "k.o")
    with pytest.raises(
        DesignError,
        match=r"^scale is called and not defined in k\.o\n"
        r"  because: a core is linked with the object files of the kernels it calls, and no other\n"
        r"  try: define it there, or include the source that does$",
    ):
        compiler.link_shared([tmp_path / "k.o"], tmp_path / "k.so")


def test_refuses_a_symbol_defined_twice(compiler: Compiler, tmp_path: Path) -> None:
    objects = [tmp_path / "left.o", tmp_path / "right.o"]
    for each in objects:
        source = write(each.with_suffix(".cc"), 'extern "C" void scale() {}\n')
        compiler.compile_object(source, each)
    with pytest.raises(
        DesignError,
        match=r"^scale is defined more than once among left\.o, the right one\n"
        r"  because: one core calls kernels of all of them, and so is linked with all of them\n"
        r"  try: one object file for the kernels of one source, or `static` helpers$",
    ):
        compiler.link_shared(
            objects, tmp_path / "both.so", shown_as={str(objects[1]): "the right one"}
        )


def test_identity_holds_no_path(compiler: Compiler) -> None:
    assert "/" not in compiler.identity
    assert re.fullmatch(r"\S.* \d+\.\d+\.\d+; \w+-\w+; cpu [0-9a-f]{16}", compiler.identity)


def fake_compiler(folder: Path, name: str, version_line: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{version_line}'\n")
    path.chmod(0o755)


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/nowhere")
    monkeypatch.delenv("CXX", raising=False)
    return folder


def test_every_place_says_why_it_was_taken_or_not(
    empty_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_compiler(empty_path, "g++", "g++ (Debian 11.2.0-1) 11.2.0")
    fake_compiler(empty_path, "clang++", "Debian clang version 19.1.7 (3)")
    monkeypatch.setenv("PATH", f"{empty_path}{os.pathsep}/bin")
    assert [str(candidate) for candidate in search_compilers()] == [
        "$CXX: not taken, it is not set",
        "g++: not taken, it is g++ 11.2.0; C++20 as our headers use it needs 12",
        "clang++: taken, it is clang++ 19.1.7",
        "ziglang: not taken, clang++ comes first",
    ]


def test_no_compiler_names_every_place(empty_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler_search.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        ToolError,
        match=r"^no C\+\+20 compiler was found\n"
        r"  because: \$CXX: it is not set; g\+\+: it is not on PATH; clang\+\+: it is not on PATH; "
        r"ziglang: the wheel is not installed\n"
        r"  try: pip install ziglang$",
    ):
        chosen_compiler()


def test_a_named_compiler_that_is_not_there_is_refused_and_not_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler -v")
    with pytest.raises(
        ToolError,
        match=r"^the compiler that \$CXX names cannot be used\n"
        r"  because: CXX=no-such-compiler -v is not a program on PATH\n"
        r"  try: name a C\+\+20 compiler in CXX, or unset it$",
    ):
        chosen_compiler()
