"""Where the source of a kernel's object file comes from."""

from pathlib import Path

import pytest

from ironbird.base.errors import DesignError
from ironbird.base.kernel_source import KernelSource
from ironbird.base.source_line import SourceLine
from ironbird.plan import Kernel
from ironbird.session import kernel_search
from ironbird.session.kernel_search import find_kernel_sources

SCALE = Kernel(
    symbol="scale",
    argument_types=(),
    object_file="scale.o",
    at=SourceLine("/author/design.py", 12),
)
NAMELESS = Kernel(symbol="scale", argument_types=(), at=SourceLine("/author/design.py", 12))


@pytest.fixture(autouse=True)
def without_our_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_search, "our_kernels", lambda: None)


def folder_with(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_text("")
    return folder


@pytest.mark.parametrize(
    ("present", "taken"),
    [
        (("scale.cc", "scale.cpp", "scale"), "scale.cc"),
        (("scale.cpp", "scale"), "scale.cpp"),
        (("scale",), "scale"),
    ],
)
def test_names_in_order(tmp_path: Path, present: tuple[str, ...], taken: str) -> None:
    folder = folder_with(tmp_path / "kernels", *present)
    (source,) = find_kernel_sources([SCALE], directories=[folder], flags=["-DN=4"])
    assert source == KernelSource(object_file="scale.o", path=folder / taken, flags=("-DN=4",))


def test_an_object_file_may_keep_its_source_suffix(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "kernels", "scale.cc")
    kernel = Kernel(symbol="scale", argument_types=(), object_file="scale.cc.o")
    (source,) = find_kernel_sources([kernel], directories=[folder])
    assert source.path == folder / "scale.cc"


def test_given_sources_come_before_folders_and_folders_in_order(tmp_path: Path) -> None:
    first = folder_with(tmp_path / "first", "scale.cc")
    second = folder_with(tmp_path / "second", "scale.cc")
    given = KernelSource(object_file="scale.o", text="int x;")
    assert find_kernel_sources([SCALE], given=[given], directories=[first]) == (given,)
    (source,) = find_kernel_sources([SCALE], directories=[first, second])
    assert source.path == first / "scale.cc"


def test_kernels_of_one_object_file_share_its_source(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "kernels", "scale.cc")
    other = Kernel(symbol="scale_by_two", argument_types=(), object_file="scale.o")
    assert len(find_kernel_sources([SCALE, other], directories=[folder])) == 1


def test_a_kernel_without_an_object_file_is_linked_with_all_that_was_given() -> None:
    given = [KernelSource(object_file=name, text="int x;") for name in ("a.o", "b.o")]
    assert find_kernel_sources([NAMELESS], given=given) == tuple(given)


def test_our_kernels_come_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = folder_with(tmp_path / "ours", "scale.cc")
    monkeypatch.setattr(kernel_search, "our_kernels", lambda: ours)
    (source,) = find_kernel_sources([SCALE])
    assert source.path == ours / "scale.cc"
    theirs = folder_with(tmp_path / "theirs", "scale.cc")
    (source,) = find_kernel_sources([SCALE], directories=[theirs])
    assert source.path == theirs / "scale.cc"


def test_a_missing_source_is_refused_with_every_place_looked_at(tmp_path: Path) -> None:
    first, second = folder_with(tmp_path / "first"), folder_with(tmp_path / "second", "scale.c")
    with pytest.raises(DesignError) as caught:
        find_kernel_sources([SCALE], directories=[first, second, first])
    assert str(caught.value) == (
        "/author/design.py:12: kernel 'scale' is linked with 'scale.o', "
        "and there is no source for it\n"
        "  because: looked for scale.cc, scale.cpp, scale, and for a definition of 'scale', in "
        f"{first}, {second}\n"
        "  try: put scale.cc into one of them, or name its folder (--kernels DIR, search=[DIR])"
    )


def test_a_kernel_without_object_file_and_source_is_refused() -> None:
    with pytest.raises(DesignError) as caught:
        find_kernel_sources([NAMELESS])
    assert str(caught.value) == (
        "/author/design.py:12: kernel 'scale' names no object file, and there is no source for it\n"
        "  because: looked for scale.cc, scale.cpp, scale, and for a definition of 'scale', in no "
        "folder: none was named\n"
        '  try: declare it with link_with = "scale.o", and name the folder of its source '
        "(--kernels DIR, search=[DIR])"
    )


SCALE_TEXT = """// scale(x) { is only spoken of here
extern "C" void scale(int *x) { *x *= 3; }
"""
TWICE_TEXT = 'extern "C" void twice(int *x) { *x *= 2; }\n'


@pytest.fixture
def defining(tmp_path: Path) -> Path:
    """A folder whose sources are not called after what links with them."""
    folder = folder_with(tmp_path / "defining")
    (folder / "kernels.cc").write_text(SCALE_TEXT)
    (folder / "others.cpp").write_text(TWICE_TEXT)
    (folder / "calls.cc").write_text("void caller(int *x) { scale(x); }\n")
    return folder


def kernel(symbol: str, object_file: str | None) -> Kernel:
    return Kernel(symbol=symbol, argument_types=(), object_file=object_file)


def test_a_source_that_defines_the_kernel_is_taken(defining: Path) -> None:
    folders = [defining / "absent", defining]
    (source,) = find_kernel_sources([kernel("scale", "all_64.o")], directories=folders)
    assert source == KernelSource(object_file="all_64.o", path=defining / "kernels.cc")


def test_an_archive_is_made_of_the_sources_that_define_its_kernels(defining: Path) -> None:
    kernels = [kernel("scale", "all.a"), kernel("twice", "all.a")]
    (source,) = find_kernel_sources(kernels, directories=[defining])
    assert source == KernelSource(
        object_file="all.a",
        text=f'#include "{defining / "kernels.cc"}"\n#include "{defining / "others.cpp"}"\n',
    )


def test_a_kernel_that_names_no_object_is_found_by_its_definition(defining: Path) -> None:
    kernels = [kernel("scale", None), kernel("twice", None)]
    found = find_kernel_sources(kernels, directories=[defining])
    assert [(each.object_file, each.path) for each in found] == [
        ("kernels.o", defining / "kernels.cc"),
        ("others.o", defining / "others.cpp"),
    ]


def test_two_definitions_are_refused(defining: Path) -> None:
    (defining / "more.cc").write_text(SCALE_TEXT)
    with pytest.raises(DesignError) as caught:
        find_kernel_sources([kernel("scale", "all.o")], directories=[defining])
    assert str(caught.value) == (
        "kernel 'scale' is defined in 2 sources\n"
        f"  because: {defining / 'kernels.cc'}, {defining / 'more.cc'} define it, and none is "
        "named after 'all.o'\n"
        "  try: call one of them all.cc"
    )


@pytest.mark.parametrize("object_file", ["bf0c6a52_scale.o", "scale.o", "bf0c6a52_kernels.o"])
def test_a_hashed_symbol_is_given_to_its_source(defining: Path, object_file: str) -> None:
    (defining / "scale.cc").write_text(SCALE_TEXT)
    (defining / "kernels.cc").write_text(SCALE_TEXT)
    (source,) = find_kernel_sources(
        [kernel("bf0c6a52_scale", object_file)], directories=[defining], flags=["-DN=4"]
    )
    expected = "kernels.cc" if "kernels" in object_file else "scale.cc"
    assert source == KernelSource(
        object_file=object_file,
        path=defining / expected,
        flags=("-DN=4", "-Dscale=bf0c6a52_scale"),
    )


def test_a_source_that_knows_the_whole_name_is_left_alone(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "hashed")
    (folder / "scale.cc").write_text('extern "C" void cafe1234_scale(int *x) { *x = 1; }\n')
    (source,) = find_kernel_sources([kernel("cafe1234_scale", "scale.o")], directories=[folder])
    assert source.flags == ()


def test_a_symbol_that_begins_with_a_digit_is_an_alias(defining: Path) -> None:
    """C++ cannot spell it; tests/command_line runs one."""
    (source,) = find_kernel_sources([kernel("1f0c6a52_scale", "k.o")], directories=[defining])
    assert source == KernelSource(
        object_file="k.o",
        text=f'#include "{defining / "kernels.cc"}"\n'
        '__asm__(".globl \\"1f0c6a52_scale\\"\\n.set \\"1f0c6a52_scale\\", _1f0c6a52_scale\\n");'
        "\n",
        flags=("-Dscale=_1f0c6a52_scale",),
    )
