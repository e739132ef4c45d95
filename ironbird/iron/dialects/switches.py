"""Stream switches configured by hand: `@switchbox(tile)` round `connect(...)`."""

from collections.abc import Callable, Sequence
from typing import Any

from xdsl.ir import Operation

from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.flows import port_of
from ironbird.iron.dialects.region import (
    Built,
    RegionKind,
    building,
    end_of,
    located,
    region_of,
    value_of,
)

Body = Callable[[], Any]


@builder
def switchbox(tile: Any, *, loc: Any = None, ip: Any = None) -> Callable[[Body], Built]:
    """`@switchbox(tile)`: the function makes the connections of the tile's stream switch."""
    region_of("switchbox", RegionKind.DEVICE)
    return _built(aie.SwitchboxOp(value_of(tile, "the tile of switchbox")), "a switchbox")


@builder
def shim_mux(tile: Any, *, loc: Any = None, ip: Any = None) -> Callable[[Body], Built]:
    """`@shim_mux(tile)`: the function makes those between the shim's DMA and its switch."""
    region_of("shim_mux", RegionKind.DEVICE)
    return _built(aie.ShimMuxOp(value_of(tile, "the tile of shim_mux")), "a shim_mux")


@builder
def packet_rules(
    source_bundle: Any, source_channel: int, *, loc: Any = None, ip: Any = None
) -> Callable[[Body], Built]:
    """`@packet_rules(bundle, channel)`: the function makes the rules of a slave port."""
    region_of("packet_rules", RegionKind.SWITCH)
    return _built(aie.PacketRulesOp(port_of(source_bundle, source_channel)), "packet rules")


@builder
def connect(
    source_bundle: Any,
    source_channel: int,
    dest_bundle: Any,
    dest_channel: int,
    *,
    loc: Any = None,
    ip: Any = None,
) -> Built:
    """A circuit inside a switch."""
    trace = region_of("connect", RegionKind.SWITCH)
    made = aie.ConnectOp(port_of(source_bundle, source_channel), port_of(dest_bundle, dest_channel))
    return Built(trace.emit(made))


@builder
def amsel(arbiter_id: int, msel: int, *, loc: Any = None, ip: Any = None) -> Built:
    """One of the pairs of arbiter and master select that packets go through."""
    return Built(region_of("amsel", RegionKind.SWITCH).emit(aie.AmselOp(arbiter_id, msel)))


@builder
def masterset(
    dest_bundle: Any,
    dest_channel: int,
    amsels: Sequence[Any],
    *,
    keep_pkt_header: bool | None = None,
    loc: Any = None,
    ip: Any = None,
) -> Built:
    """A master port that sends what its selects choose."""
    trace = region_of("masterset", RegionKind.SWITCH)
    values = [value_of(each, "a select of masterset") for each in amsels]
    made = aie.MastersetOp(
        port_of(dest_bundle, dest_channel), values, keep_pkt_header=keep_pkt_header
    )
    return Built(trace.emit(made))


@builder
def rule(mask: int, value: int, amsel: Any, *, loc: Any = None, ip: Any = None) -> Built:
    """Packets whose id masked by `mask` is `value` go through `amsel`."""
    trace = region_of("rule", RegionKind.SWITCH)
    return Built(trace.emit(aie.RuleOp(mask, value, value_of(amsel, "the select of rule"))))


def _built(made: Operation, what: str) -> Callable[[Body], Built]:
    """A decorator whose function builds the connections of `made`, which stands here."""
    trace = region_of(what, RegionKind.DEVICE, RegionKind.SWITCH)
    at = author_line()
    block = made.regions[0].block
    end = block.last_op
    assert end is not None
    block.erase_op(end)
    located([made], at)
    trace.emit(made)

    def build(body: Body) -> Built:
        with building(block, what, at):
            body()
        end_of(block, at)
        return Built(made)

    return build
