"""The kernel author's guide, followed: its kernel is added to a copy of the kernels and designs."""

import shutil
from pathlib import Path

import pytest

from tests.readme.documents import Document, Session, assert_prints

ROOT = Path(__file__).parents[2]
GUIDE = Document(ROOT / "aie_kernels" / "README.md")

COPIED = ("aie_kernels", "designs", "tests/kernels/library.py", "tests/conftest.py")
COPIED += ("tests/strategies.py", "pyproject.toml")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the guide's reader has, with the guide's files added."""
    copy = tmp_path_factory.mktemp("repository")
    (copy / "ironbird").symlink_to(ROOT / "ironbird")
    for name in COPIED:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, copy / name)
    GUIDE.write_files(copy)
    return copy


def test_the_guide_adds_a_kernel_a_test_and_a_design() -> None:
    assert set(GUIDE.files()) == {
        "aie_kernels/relu.cc",
        "aie_kernels/relu_contracts.py",
        "tests/kernels/test_relu.py",
        "designs/relu.py",
    }
    assert len(GUIDE.sessions()) == 3


@pytest.mark.full
@pytest.mark.parametrize("session", GUIDE.sessions(), ids=lambda session: session.command)
def test_a_command_prints_what_the_guide_shows(session: Session, repository: Path) -> None:
    assert_prints(session, repository, PYTHONPATH=str(repository))
