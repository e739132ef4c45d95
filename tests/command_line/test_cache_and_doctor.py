"""`python -m ironbird cache` and `doctor`."""

import re
from pathlib import Path

import pytest

from ironbird.__main__ import main
from ironbird.session.cache import Cache
from tests.command_line.conftest import Command


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """Three entries of 1 MiB, the second damaged."""
    cache = Cache(tmp_path / "cache")
    monkeypatch.setenv("IRONBIRD_CACHE_HOME", str(cache.root))
    for number in range(3):
        with cache.scratch() as scratch:
            private = Path(scratch) / "entry"
            private.mkdir()
            (private / "design.so").write_bytes(bytes(2**20))
            entry = cache.publish(
                str(number) * 64, private, title=f"design {number}", dependencies={}
            )
        if number == 1:
            (entry / "design.so").write_bytes(b"")
    return cache


def test_list_verify_and_prune(cache: Cache, capsys: pytest.CaptureFixture[str]) -> None:
    headers = cache.entries()[0].directory.name[:12]
    first, second, third = (
        f"{str(number) * 12}/{headers}  {size} MiB  0.0 days  design {number}"
        for number, size in ((0, "1.0"), (1, "0.0"), (2, "1.0"))
    )
    damaged = f"{second}  damaged: design.so was changed"

    assert main(["cache", "list"]) == 0
    listed = f"{first}\n{damaged}\n{third}\n3 entries, 2.0 MiB in {cache.root}\n"
    assert capsys.readouterr().out == listed
    assert main(["cache", "verify"]) == 1
    assert capsys.readouterr().out == f"{damaged}\n3 entries verified, 1 damaged\n"
    assert main(["cache", "prune"]) == 0
    assert capsys.readouterr().out == f"{damaged}\n1 entry removed, 0.0 MiB\n"
    assert main(["cache", "verify"]) == 0
    assert capsys.readouterr().out == "2 entries verified, 0 damaged\n"
    assert main(["cache", "prune", "--keep", "1.5"]) == 0
    assert capsys.readouterr().out == f"{first}\n1 entry removed, 1.0 MiB\n"
    assert main(["cache", "prune", "--older-than", "0"]) == 0
    assert capsys.readouterr().out == f"{third}\n1 entry removed, 1.0 MiB\n"


def test_bad_limits_are_refused(cache: Cache, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache", "prune", "--older-than", "-1"]) == 1
    assert capsys.readouterr().err == "--older-than is -1\n  because: the least is 0\n"


def test_doctor_tells_what_was_found(command: Command, tmp_path: Path) -> None:
    done = command("ironbird", "doctor", IRONBIRD_CACHE_HOME=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stdout + done.stderr
    told = dict(re.findall(r"^(\S+)\s+(.*)$", done.stdout, re.MULTILINE))
    assert told["aie"] == "embedded: mlir-aie is not installed"
    assert told["C++20"] == "a program compiles and links"
    assert told["cache"] == f"{tmp_path / 'cache'}: 0 entries, 0 bytes"
    assert re.fullmatch(r"0\.1\.0 in .*ironbird", told["ironbird"])


def test_doctor_fails_where_nothing_can_be_built(command: Command) -> None:
    done = command("ironbird", "doctor", CXX="no-such-compiler")
    assert done.returncode == 1
    assert (
        "compiler      $CXX: not taken, CXX=no-such-compiler is not a program on PATH"
        in done.stdout.splitlines()
    )
    assert (
        "C++20         the compiler that $CXX names cannot be used\n"
        "                because: CXX=no-such-compiler is not a program on PATH\n"
        "                try: name a C++20 compiler in CXX, or unset it\n"
    ) in done.stdout
