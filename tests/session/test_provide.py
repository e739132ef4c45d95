"""Which `aie` a program gets, and that it is told."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ironbird import provide
from ironbird.base.errors import UsageError
from ironbird.embedded.absent_modules import ABSENT_MODULES


@pytest.fixture(autouse=True)
def no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IRONBIRD_IRON", raising=False)


def test_embedded_without_mlir_aie() -> None:
    assert provide.choose() == provide.Choice("embedded", "mlir-aie is not installed")


def test_embedded_with_mlir_aie_but_no_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aie" / "iron").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path)
    assert provide.choose() == provide.Choice("embedded", "mlir-aie is installed, but pyxrt is not")
    (tmp_path / "pyxrt.py").write_text("def device(number): raise OSError('No such device')\n")
    assert provide.choose() == provide.Choice(
        "embedded", "mlir-aie is installed, but pyxrt opens no device: No such device"
    )


def test_upstream_with_mlir_aie_and_a_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aie" / "iron").mkdir(parents=True)
    (tmp_path / "pyxrt.py").write_text("def device(number): return number\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pyxrt", raising=False)
    assert provide.choose() == provide.Choice(
        "upstream", "mlir-aie is installed and pyxrt opens a device"
    )
    monkeypatch.setenv("IRONBIRD_IRON", "embedded")
    assert provide.choose() == provide.Choice("embedded", "IRONBIRD_IRON=embedded")
    sys.modules.pop("pyxrt", None)


def test_a_folder_called_aie_is_not_mlir_aie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aie").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert provide.choose() == provide.Choice("embedded", "mlir-aie is not installed")


def test_a_bad_override_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRONBIRD_IRON", "real")
    with pytest.raises(
        UsageError,
        match=r"^IRONBIRD_IRON is 'real'\n"
        r"  because: it is embedded or upstream\n"
        r"  try: unset it to let Ironbird choose$",
    ):
        provide.choose()


def test_upstream_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRONBIRD_IRON", "upstream")
    with pytest.raises(
        UsageError,
        match=r"^IRONBIRD_IRON is 'upstream', but there is no mlir-aie to import\n"
        r"  because: no package `aie` is installed\n"
        r"  try: install the mlir-aie wheel, or unset IRONBIRD_IRON$",
    ):
        provide.choose()


def finds(folder: Path, program: str) -> str:
    completed = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["", *sys.path])},
    )
    assert completed.returncode == 0, completed.stderr
    return completed.stdout.strip()


def test_the_embedded_aie_is_found_before_another_that_was_not_chosen(tmp_path: Path) -> None:
    (tmp_path / "aie").mkdir()
    (tmp_path / "aie" / "__init__.py").write_text("")
    found = finds(
        tmp_path,
        "import ironbird.provide, importlib.util; print(importlib.util.find_spec('aie').origin)",
    )
    assert found == str(provide.EMBEDDED_AIE / "__init__.py")


def test_the_finder_stands_last_where_nothing_competes(tmp_path: Path) -> None:
    program = "import sys, ironbird.provide; print(type(sys.meta_path[-1]).__name__)"
    assert finds(tmp_path, program) == "EmbeddedAieFinder"


def test_an_aie_that_was_imported_before_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = type(sys)("aie")
    stranger.__file__ = "/site-packages/aie/__init__.py"
    monkeypatch.setitem(sys.modules, "aie", stranger)
    with pytest.raises(
        UsageError,
        match=r"^an `aie` that is not the embedded one is imported already\n"
        r"  because: it comes from /site-packages/aie/__init__\.py\n"
        r"  try: import ironbird\.provide before aie, or set IRONBIRD_IRON=upstream$",
    ):
        provide.register(provide.Choice("embedded", "because"))


@pytest.mark.parametrize("module", ABSENT_MODULES)
def test_a_module_that_only_upstream_has_says_so(module: str) -> None:
    told = f"{module} exists upstream, but not in the embedded IRON of ironbird"
    with pytest.raises(ImportError) as refusal:
        importlib.import_module(module)
    assert str(refusal.value) == f"{told}: {ABSENT_MODULES[module]}"
    package, _, name = module.rpartition(".")
    with pytest.raises(ImportError) as refusal:
        exec(f"from {package} import {name}")
    assert str(refusal.value).startswith(told)
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'aie\.iron\.nonsense'$"):
        importlib.import_module("aie.iron.nonsense")
