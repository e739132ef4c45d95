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
        f"  because: looked for scale.cc, scale.cpp, scale in {first}, {second}\n"
        "  try: put scale.cc into one of them, or name its folder (--kernels DIR, search=[DIR])"
    )


def test_a_kernel_without_object_file_and_source_is_refused() -> None:
    with pytest.raises(DesignError) as caught:
        find_kernel_sources([NAMELESS])
    assert str(caught.value) == (
        "/author/design.py:12: kernel 'scale' names no object file, and no source was given\n"
        "  because: only link_with, or a source given with the program, says where its C++ is\n"
        '  try: declare it with link_with = "scale.o"'
    )
