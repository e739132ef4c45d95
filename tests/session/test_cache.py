"""The cache: an entry appears whole or not at all, and is never served damaged."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.session.cache import (
    ABANDONED_SECONDS,
    MANIFEST,
    SHARED,
    Cache,
    cache_key,
    checksum_of,
)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "store")


def publish(
    cache: Cache, recipe: str = "r", content: bytes = b"code", **dependencies: Path
) -> Path:
    with cache.scratch() as scratch:
        private = Path(scratch) / "entry"
        private.mkdir()
        (private / "design.so").write_bytes(content)
        checksums = {path: checksum_of(path) for path in dependencies.values()}
        return cache.publish(recipe, private, title="test", dependencies=checksums)


@given(st.dictionaries(st.text(), st.binary()), st.dictionaries(st.text(), st.binary()))
def test_key_tells_different_inputs_apart(first: dict, second: dict) -> None:
    assert (cache_key(first) == cache_key(second)) == (first == second)


def test_key_does_not_run_fields_together() -> None:
    assert cache_key({"a": b"bc"}) != cache_key({"ab": b"c"})
    assert cache_key({"a": b"", "b": b""}) != cache_key({"a": b"\0\0\0\0\0\0\0\1b"})


def test_serves_what_was_published(cache: Cache) -> None:
    assert cache.find("r") is None
    entry = publish(cache)
    assert cache.find("r") == entry
    assert (entry / "design.so").read_bytes() == b"code"
    assert cache.find("other") is None


def test_an_edited_header_is_a_miss_and_its_return_a_hit(cache: Cache, tmp_path: Path) -> None:
    header = tmp_path / "width.h"
    header.write_text("8")
    first = publish(cache, header=header)
    header.write_text("16")
    assert cache.find("r") is None
    second = publish(cache, header=header)
    assert cache.find("r") == second
    header.write_text("8")
    assert cache.find("r") == first
    header.unlink()
    assert cache.find("r") is None


def tear(entry: Path) -> None:
    (entry / "design.so").write_bytes(b"co")


def edit(entry: Path) -> None:
    (entry / "design.so").write_bytes(b"edoc")


def lose(entry: Path) -> None:
    (entry / "design.so").unlink()


def add(entry: Path) -> None:
    (entry / "more.so").write_bytes(b"")


def unseal(entry: Path) -> None:
    (entry / MANIFEST).unlink()


def garble(entry: Path) -> None:
    (entry / MANIFEST).write_text("{")


def forge(entry: Path) -> None:
    manifest = json.loads((entry / MANIFEST).read_text())
    manifest["dependencies"] = {"/new/header.h": "0"}
    (entry / MANIFEST).write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (tear, "design.so was changed"),
        (edit, "design.so was changed"),
        (lose, "design.so is missing"),
        (add, "more.so does not belong to it"),
        (unseal, "manifest.json is missing or unreadable"),
        (garble, "manifest.json is missing or unreadable"),
        (forge, "manifest.json was changed"),
    ],
)
def test_a_damaged_entry_is_removed_and_never_served(cache: Cache, damage, said: str) -> None:
    entry = publish(cache)
    damage(entry)
    assert [found.defect for found in cache.entries()] == [said]
    discarded: list[str] = []
    assert cache.find("r", discarded) is None
    assert discarded == [said]
    assert cache.entries() == ()
    assert publish(cache) == entry
    assert cache.find("r") == entry


RACER = """
import sys, time
from pathlib import Path
from ironbird.session.cache import Cache
cache, start, content = Cache(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3]
with cache.scratch() as scratch:
    private = Path(scratch) / "entry"
    private.mkdir()
    (private / "design.so").write_bytes(content.encode() * 100_000)
    print("ready", flush=True)
    while not start.exists():
        time.sleep(0.001)
    print(cache.publish("r", private, title=content, dependencies={}))
"""


def test_of_racing_processes_one_wins_and_one_entry_is_left(cache: Cache, tmp_path: Path) -> None:
    start = tmp_path / "start"
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(cache.root), str(start), name],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for name in "abc"
    ]
    try:
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        start.touch()
        published = {racer.communicate(timeout=60)[0].strip() for racer in racers}
    finally:
        for racer in racers:
            racer.kill()
            racer.wait()
    assert [racer.returncode for racer in racers] == [0, 0, 0]
    (entry,) = cache.entries()
    assert entry.defect is None
    assert published == {str(entry.directory)}
    assert (entry.directory / "design.so").read_bytes() == entry.title.encode() * 100_000
    assert [path.name for path in cache.root.iterdir()] == ["r"]


def test_an_interrupted_build_leaves_nothing(cache: Cache) -> None:
    def build() -> None:
        with cache.scratch() as scratch:
            (Path(scratch) / "half").write_bytes(b"...")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build()
    assert list(cache.root.iterdir()) == []


def test_prune_by_age_and_size_and_damage(cache: Cache) -> None:
    names = [publish(cache, recipe=f"r{number}", content=bytes(1000)) for number in range(4)]
    edit(names[2])
    assert [entry.directory for entry in cache.prune()] == [names[2]]
    oldest, middle, newest = cache.entries()
    assert [entry.directory for entry in cache.prune(max_bytes=2500)] == [oldest.directory]
    assert cache.prune(max_age_seconds=3600) == ()
    assert {entry.directory for entry in cache.prune(max_age_seconds=0)} == {
        middle.directory,
        newest.directory,
    }
    assert cache.entries() == ()


def test_prune_takes_old_shared_parts(cache: Cache) -> None:
    (cache.root / SHARED).mkdir(parents=True)
    for name, age_seconds in (("new.o", 10), ("old.o", 1000)):
        part = cache.root / SHARED / name
        part.write_bytes(b"")
        os.utime(part, (time.time() - age_seconds,) * 2)
    cache.prune()
    cache.prune(max_age_seconds=100)
    assert [path.name for path in (cache.root / SHARED).iterdir()] == ["new.o"]


def test_prune_takes_away_what_killed_builds_left(cache: Cache) -> None:
    publish(cache)
    living, dead = cache.root / ".building-new", cache.root / ".building-old"
    for path in (living, dead):
        path.mkdir()
    long_ago = time.time() - ABANDONED_SECONDS - 60
    os.utime(dead, (long_ago, long_ago))
    assert cache.prune() == ()
    assert living.is_dir()
    assert not dead.exists()
    assert len(cache.entries()) == 1
