"""A module while its author builds it: `mlir_mod_ctx()`, and `Module` with `InsertionPoint`.

The module is an xDSL module that prints as `aie-opt` prints and verifies as upstream's does.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, Region

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import parse_module, print_module, verify_module
from ironbird.ir.locations import location_of
from ironbird.iron.dialects.region import Built, building


class Module(ModuleOp):
    """A module under construction. `print(module)` gives its text."""

    @classmethod
    def empty(cls) -> "Module":
        """A module without operations, made at the author's line."""
        made = cls([])
        made.location = location_of(author_line())
        return made

    @classmethod
    def create(cls, *args: Any, **parts: Any) -> "Module":
        """Upstream's gives nothing; xDSL's own, which makes clones, gives parts."""
        return super().create(*args, **parts) if args or parts else cls.empty()

    @staticmethod
    def parse(asm: str, context: Any = None) -> ModuleOp:  # type: ignore[override]
        """The module of a text. Raises DesignError with line and column."""
        return parse_module(asm, filename="<text>")

    @property
    def operation(self) -> "ModuleOperation":
        """The module as upstream's bindings give it, with `verify()`."""
        return ModuleOperation(self)

    def __str__(self) -> str:
        return print_module(self).rstrip("\n")


class ModuleOperation:
    """`module.operation`: what programs ask of it is `verify()` and its text."""

    def __init__(self, module: ModuleOp) -> None:
        self.module = module

    def verify(self) -> bool:
        """True. Raises DesignError, at the line of the operation, where something is wrong."""
        verify_module(self.module)
        return True

    def get_asm(self, **options: Any) -> str:
        """The text. Refuses options: there is one form."""
        if options:
            raise DesignError(
                f"get_asm({', '.join(options)})",
                at=author_line(),
                because="the text is printed in one form, that of aie-opt",
                fix="str(module)",
            )
        return str(self.module)

    def __str__(self) -> str:
        return str(self.module)


class ModuleContext:
    """What `with mlir_mod_ctx() as ctx:` gives; `ctx.module` is being built."""

    def __init__(self, module: Module) -> None:
        self.module = module


@contextmanager
def mlir_mod_ctx(
    src: str | None = None, context: Any = None, allow_unregistered_dialects: bool = False
) -> Iterator[ModuleContext]:
    """Build a module: what the author makes inside goes into it. It is verified at the end."""
    if src is not None:
        raise DesignError(
            "mlir_mod_ctx(src=...)",
            at=author_line(),
            because="a module of text is complete",
            fix="python -m ironbird run FILE.mlir",
        )
    module = Module.empty()
    with building(module.body.block, "the module", author_line()):
        yield ModuleContext(module)
    verify_module(module)


class InsertionPoint:
    """`with InsertionPoint(block):` what is made inside goes to the end of the block."""

    def __init__(self, beforeOperation: Any) -> None:
        self._block = _block_of(beforeOperation)
        self._stack = ExitStack()

    @classmethod
    def at_block_begin(cls, block: Block) -> "InsertionPoint":
        """The start of a block, which must be empty."""
        if block.first_op is not None:
            raise DesignError(
                "InsertionPoint.at_block_begin of a block with operations",
                at=author_line(),
                because="operations are only added at the end of a block",
            )
        return cls(block)

    @property
    def block(self) -> Block:
        """The block that operations go into."""
        return self._block

    def __enter__(self) -> "InsertionPoint":
        at = author_line()
        self._stack.enter_context(building(self._block, _name_of(self._block), at))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)


class Context:
    """`with Context() as ctx, Location.unknown():`; holds `module` if one is made in it."""

    allow_unregistered_dialects = False

    def __enter__(self) -> "Context":
        return self

    def __exit__(self, *_error: object) -> None:
        return None


class Location:
    """Locations are the author's lines here; whatever is asked for, they are taken from there."""

    @classmethod
    def unknown(cls, context: Any = None) -> "Location":
        """The author's own lines."""
        return cls()

    @classmethod
    def file(cls, filename: str, line: int, col: int, context: Any = None) -> "Location":
        """The author's own lines; the place given is not used."""
        return cls()

    name = unknown

    def __enter__(self) -> "Location":
        return self

    def __exit__(self, *_error: object) -> None:
        return None


def _block_of(given: Any) -> Block:
    """The block that an author means by a block, or by a module or an operation of one."""
    if isinstance(given, Block):
        return given
    op = given.op if isinstance(given, Built) else given
    region = op.regions[0] if isinstance(op, Operation) and len(op.regions) == 1 else op
    if isinstance(region, Region) and len(region.blocks) == 1:
        return region.block
    raise DesignError(
        f"InsertionPoint({type(given).__name__})",
        at=author_line(),
        because="operations are only added at the end of a block",
        fix="InsertionPoint(module.body), or the block of a region",
    )


def _name_of(block: Block) -> str:
    owner = block.parent_op()
    return "a block" if owner is None else f"the {owner.name.removeprefix('aie.')}"
