"""`@iron.jit`: calls, what is remembered, and what is refused."""

import inspect
import re
from pathlib import Path
from typing import Any

import aie.iron as iron
import numpy as np
import pytest
from aie.iron import CompileTime, ExternalFunction, In, Out

from ironbird.base.errors import DesignError, UsageError
from ironbird.ir import print_module
from ironbird.session import compile as compile_module
from ironbird.session.jit import compile_context, compileconfig, get_compile_arg, jit
from ironbird.session.parameters import SignatureError
from ironbird.session.result import RunFailed, RunResult
from tests.session.programs import add_constant, add_generator, line_type, program


def tensors(elements: int = 16) -> tuple[Any, Any]:
    return iron.arange(elements, dtype=np.int32), iron.zeros(elements, dtype=np.int32)


def line_of(function: Any, text: str) -> int:
    """The number of the first line of `function` that holds `text`."""
    lines, first = inspect.getsourcelines(function)
    return first + next(number for number, line in enumerate(lines) if text in line)


def test_a_call_runs_and_writes_the_outputs() -> None:
    design = jit(add_generator)
    x, y = tensors()
    result = design(x, y)
    assert isinstance(result, RunResult)
    assert result.is_success()
    assert (y.numpy() == np.arange(16) + 1).all()
    design(x, y, constant=2)
    assert (y.numpy() == np.arange(16) + 2).all()


def test_numpy_arrays_are_tensors_too() -> None:
    x, y = np.arange(16, dtype=np.int32), np.zeros(16, np.int32)
    jit(add_generator)(x, y)
    assert (y == x + 1).all()


def test_tensors_may_be_given_by_name() -> None:
    design = jit(add_generator)
    x, y = tensors()
    design(x, constant=4, y=y)
    design(y=y, x=x, constant=4)
    assert (y.numpy() == np.arange(16) + 4).all()
    with pytest.raises(SignatureError) as caught:
        design(y=y)
    assert str(caught.value).partition(": ")[2] == (
        "jit design 'add_generator' was called with 1 tensor\n  because: it takes 2: x, y"
    )


def test_all_forms_of_the_decorator_bind_values() -> None:
    @iron.jit
    def plain(x: In, y: Out, *, constant: CompileTime[int] = 2) -> Any:
        return add_constant(x.size, constant)

    @iron.jit(constant=1, use_cache=True)
    def with_options(x: In, y: Out, *, constant: CompileTime[int]) -> Any:
        return add_constant(x.size, constant)

    for design, constant in (
        (plain, 2),
        (with_options, 1),
        (jit(add_generator, constant=2), 2),
        (plain.specialize(constant=1), 1),
    ):
        x, y = tensors(16)
        design(x, y)
        assert (y.numpy() == np.arange(16) + constant).all()


def test_a_design_is_built_once_for_a_shape_and_values(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[tuple[int, int]] = []

    @jit
    def design(x: In, y: Out, *, constant: CompileTime[int] = 1) -> Any:
        built.append((x.size, constant))
        return add_constant(x.size, constant)

    for elements, constant in ((16, 1), (16, 1), (32, 1), (16, 2), (16, True), (16, 1)):
        design(*tensors(elements), constant=constant)
    assert built == [(16, 1), (32, 1), (16, 2), (16, True)]


def test_as_mlir_is_the_generators_module_and_compile_builds_it() -> None:
    @jit
    def design(x: In, y: Out, *, elements: CompileTime[int], constant: CompileTime[int] = 1) -> Any:
        return add_constant(elements, constant)

    text = design.specialize(elements=32).as_mlir(constant=9)
    assert text == print_module(add_constant(32, 9).resolve_program())
    kept = design.compilable.get_artifacts(elements=32)
    assert kept.library.is_file()
    assert kept.source.is_file()


def test_compilable_design_names_what_it_makes() -> None:
    @compileconfig(elements=16)
    def design(*, elements: CompileTime[int], constant: CompileTime[int] = 1) -> Any:
        return add_constant(elements, constant)

    other = design.specialize(constant=2)
    assert re.fullmatch(r"[0-9a-f]{24}", design.recipe_hash)
    assert design.recipe_hash == design.specialize().recipe_hash != other.recipe_hash
    assert design.artifact_hash == design.specialize(constant=1).artifact_hash
    assert design.artifact_hash != other.artifact_hash
    assert '"bound": {"elements": "16"}' in design.to_json()


def test_helpers_ask_for_compile_time_values() -> None:
    def helper() -> int:
        return get_compile_arg("constant") * get_compile_arg("twice", 2)

    @jit
    def design(x: In, y: Out, *, constant: CompileTime[int]) -> Any:
        return add_constant(x.size, helper())

    x, y = tensors(16)
    design(x, y, constant=1)
    assert (y.numpy() == np.arange(16) + 2).all()
    with compile_context(constant=1, twice=3):
        assert helper() == 3
    with pytest.raises(DesignError) as caught:
        helper()
    assert str(caught.value) == (
        f"tests/session/test_jit.py:{line_of(helper, 'get_compile_arg')}: "
        "there is no compile-time value 'constant'\n"
        "  because: no design is being compiled\n"
        "  try: pass constant=... to the design, or to compile_context"
    )


def test_a_placeholder_has_a_shape_and_no_values() -> None:
    seen: list[Any] = []

    @jit
    def design(x: In, y: Out) -> Any:
        seen.extend([x.shape, x.dtype, len(x), x.ndim, x.nbytes, x.numel(), x.element_size()])
        return add_constant(x.size + int(x[0]), 1)

    with pytest.raises(DesignError) as caught:
        design(*tensors(16))
    assert str(caught.value) == (
        f"tests/session/test_jit.py:{line_of(design.__wrapped__, 'int(x[0])')}: "
        "tensor 'x' has no values while the design is being built\n"
        "  because: the design is built once for every tensor of its shape and element type\n"
        "  try: use its shape and dtype; give a value that decides what is built as CompileTime"
    )
    assert seen == [(16,), np.int32, 16, 1, 64, 16, 4]


@pytest.mark.parametrize("returned", ["program", "module"])
def test_the_sources_of_kernels_come_with_the_program(returned: str) -> None:
    @jit
    def design(x: In, y: Out) -> Any:
        twice = ExternalFunction(
            "twice",
            source_string='extern "C" void twice(const int *x, int *y) {\n'
            "  for (int i = 0; i < 16; i++) y[i] = 2 * x[i];\n"
            "}\n",
            arg_types=[line_type(), line_type()],
        )
        made = program(lambda x, y, call: call(x, y), elements=x.size, kernel=twice)
        return made if returned == "program" else made.resolve_program()

    x, y = tensors(16)
    design(x, y)
    assert (y.numpy() == 2 * np.arange(16)).all()


def test_findings_are_raised() -> None:
    def writes_nothing(x_line: Any, y_line: Any) -> None:
        pass

    @jit
    def design(x: In, y: Out) -> Any:
        return program(writes_nothing, elements=x.size)

    with pytest.raises(RunFailed) as caught:
        design(*tensors(16))
    assert caught.value.findings
    assert str(caught.value) == "\n".join(map(str, caught.value.findings))


def refused_signatures() -> dict[str, tuple[Any, str]]:
    def a_default(x: In = None) -> Any: ...
    def not_keyword_only(n: CompileTime[int]) -> Any: ...
    def keyword_without_marker(x: In, *, n: int = 3) -> Any: ...
    def positional_number(x: In, n: int) -> Any: ...
    def open_ended(*tensors: In) -> Any: ...

    missing = "  try: mark a tensor In, Out or InOut, and a keyword-only value CompileTime[...]"
    return {
        "a_default": (
            a_default,
            "parameter 'x' of jit design 'a_default' is a tensor with a default\n"
            "  because: only CompileTime and DispatchTime values may have one\n"
            "  try: make it keyword-only: (..., *, x: CompileTime[...] = ...)",
        ),
        "not_keyword_only": (
            not_keyword_only,
            "parameter 'n' of jit design 'not_keyword_only' is not keyword-only\n"
            "  because: CompileTime and DispatchTime values are given by name\n"
            "  try: put it after a bare *: (..., *, n: ...)",
        ),
        "keyword_without_marker": (
            keyword_without_marker,
            f"parameter 'n' of jit design 'keyword_without_marker' has no marker\n{missing}",
        ),
        "positional_number": (
            positional_number,
            f"parameter 'n' of jit design 'positional_number' has no marker\n{missing}",
        ),
        "open_ended": (
            open_ended,
            "jit design 'open_ended' takes *tensors\n  try: name every parameter",
        ),
    }


@pytest.mark.parametrize("name", sorted(refused_signatures()))
def test_unclear_signatures_are_type_errors(name: str) -> None:
    generator, message = refused_signatures()[name]
    with pytest.raises(TypeError) as caught:
        jit(generator)
    line = generator.__code__.co_firstlineno
    assert str(caught.value) == f"tests/session/test_jit.py:{line}: {message}"


def test_unknown_and_missing_keywords_are_type_errors() -> None:
    line = add_generator.__code__.co_firstlineno
    with pytest.raises(SignatureError) as caught:
        jit(add_generator, optimise=3)
    assert str(caught.value) == (
        f"tests/session/programs.py:{line}: jit has no option 'optimise', "
        "nor has 'add_generator' such a keyword\n"
        "  because: the options are aiecc_flags, compile_flags, full_elf, include_paths, "
        "is_placed, numerics, object_files, source_files, trace_config, use_cache"
    )
    with pytest.raises(SignatureError) as caught:
        jit(add_generator)(*tensors(16), factor=3)
    assert str(caught.value) == (
        f"tests/session/programs.py:{line}: jit design 'add_generator' has no keyword 'factor'\n"
        "  because: its keywords are constant"
    )

    @jit
    def design(x: In, *, n: CompileTime[int]) -> Any: ...

    with pytest.raises(SignatureError) as caught:
        design(tensors(16)[0])
    line = design.__wrapped__.__code__.co_firstlineno
    assert str(caught.value) == (
        f"tests/session/test_jit.py:{line}: jit design 'design' needs n=\n"
        "  because: n is a compile time value without a default"
    )


def test_calls_with_other_than_the_tensors_are_refused() -> None:
    design = jit(add_generator)
    x, _ = tensors(16)
    with pytest.raises(SignatureError) as caught:
        design(x)
    line = line_of(test_calls_with_other_than_the_tensors_are_refused, "design(x)")
    assert str(caught.value) == (
        f"tests/session/test_jit.py:{line}: "
        "jit design 'add_generator' was called with 1 tensor\n  because: it takes 2: x, y"
    )
    with pytest.raises(SignatureError) as caught:
        design(x, 3)
    assert str(caught.value) == (
        f"tests/session/test_jit.py:{line + 7}: "
        "tensor 'y' of jit design 'add_generator' is a int\n"
        "  try: pass an iron.tensor or a numpy array; other values are keywords"
    )


def test_a_generator_must_return_a_program() -> None:
    @jit
    def design(x: In) -> Any:
        return None

    with pytest.raises(DesignError) as caught:
        design(tensors(16)[0])
    line = design.__wrapped__.__code__.co_firstlineno
    assert str(caught.value) == (
        f"tests/session/test_jit.py:{line}: jit design 'design' returned NoneType\n"
        "  try: return Program(...).resolve_program()"
    )


def test_what_only_the_chips_tools_make_is_refused(tmp_path: Path) -> None:
    machine_code = tmp_path / "mm.o"
    machine_code.write_bytes(b"\x7fELF")
    with pytest.raises(
        UsageError,
        match=r"^tests/session/test_jit\.py:\d+: object file .*mm\.o cannot be simulated\n"
        r"  because: it holds the chip's machine code\n"
        r"  try: name the C\+\+ it is made from in source_files$",
    ):
        jit(add_generator, object_files=[machine_code])
    with pytest.raises(
        UsageError, match=r"^tests/session/test_jit\.py:\d+: there is no object file gone\.o$"
    ):
        jit(add_generator, object_files=["gone.o"])
    with pytest.raises(
        UsageError,
        match=r"^tests/session/test_jit\.py:\d+: pdi_path=main\.pdi cannot be written\n"
        r"  because: the embedded back end simulates; mlir-aie makes files for the chip$",
    ):
        jit(add_generator).compile(pdi_path="main.pdi")


def test_options_reach_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    built_design = compile_module.built_design

    def recorded(*arguments: Any, **named: Any) -> Any:
        asked.update(named)
        return built_design(*arguments, **named | {"numerics": "silicon", "use_cache": True})

    monkeypatch.setattr(compile_module, "built_design", recorded)
    design = jit(add_generator, numerics="fast", use_cache=False, aiecc_flags=["--verbose"])
    result = design(*tensors(16))
    assert result.notes == ("aiecc_flags --verbose have no effect in a simulation",)
    assert asked == {"numerics": "fast", "title": "add_generator", "use_cache": False}
