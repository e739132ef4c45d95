"""How commands end: exit codes, and messages without tracebacks."""

from typing import NoReturn

import pytest

from ironbird.base.errors import UsageError
from ironbird.base.findings import Finding, FindingKind
from ironbird.session.ending import exit_code_for, exit_code_of
from ironbird.session.result import RunFailed

INTERRUPTED = Finding(kind=FindingKind.INTERRUPTED, what="the run was interrupted")
DEADLOCK = Finding(kind=FindingKind.DEADLOCK, what="nobody moves", because="all wait")


def raises(failure: BaseException) -> NoReturn:
    raise failure


@pytest.fixture(autouse=True)
def no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IRONBIRD_TRACEBACK", raising=False)


@pytest.mark.parametrize(
    ("failure", "code", "told"),
    [
        (UsageError("wrong", fix="right"), 1, "wrong\n  try: right\n"),
        (RunFailed((DEADLOCK,)), 1, "deadlock: nobody moves\n  because: all wait\n"),
        (RunFailed((INTERRUPTED,)), 130, "interrupted: the run was interrupted\n"),
        (
            RunFailed((DEADLOCK, INTERRUPTED)),
            130,
            "deadlock: nobody moves\n  because: all wait\ninterrupted: the run was interrupted\n",
        ),
        (KeyboardInterrupt(), 130, "interrupted\n"),
    ],
)
def test_failures_end_with_their_message(
    capsys: pytest.CaptureFixture[str], failure: BaseException, code: int, told: str
) -> None:
    assert exit_code_of(lambda: raises(failure)) == code
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("failure", [UsageError("wrong"), KeyboardInterrupt()])
def test_a_traceback_on_demand(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    monkeypatch.setenv("IRONBIRD_TRACEBACK", "1")
    with pytest.raises(type(failure)):
        exit_code_of(lambda: raises(failure))


def test_our_own_defects_are_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_code_of(lambda: 1 // 0)


def test_exit_codes() -> None:
    assert exit_code_of(lambda: 7) == 7
    assert exit_code_for(()) == 1
    assert exit_code_for((DEADLOCK,)) == 1
    assert exit_code_for((INTERRUPTED,)) == 130
