"""Arbiters, selects and rules for the packet nets of one switch.

A packet that a rule of an input recognises goes to a select (arbiter, msel); every output that
lists the select sends it. One output listens to one arbiter, so sets of outputs that overlap share
an arbiter and differ in msel (AM020 ch2: 6 arbiters of 4 msels, 4 rules at an input).
"""

from dataclasses import dataclass, field

from ironbird.base.device import Tile
from ironbird.base.errors import DesignError
from ironbird.passes.route_flows.nets import Net
from ironbird.passes.route_flows.switch_fabric import SwitchPort

ARBITERS = 6
MSELS = 4
RULES_PER_INPUT = 4
_EXACT = 31
# mlir-aie gives the way of control packets the last select, which no other net takes here.
_PRIORITY_SELECT = (ARBITERS - 1, MSELS - 1)

Select = tuple[int, int]
"""An arbiter and one of its msels."""


@dataclass(frozen=True)
class Rule:
    """Packets whose id masked by `mask` is `value` go to `select`."""

    mask: int
    value: int
    select: Select


@dataclass
class PacketSwitch:
    """The packet side of one switch.

    selects: the outputs each select stands for.   rules: by input.   keeps: outputs with headers.
    """

    selects: dict[Select, frozenset[SwitchPort]] = field(default_factory=dict)
    rules: dict[SwitchPort, list[Rule]] = field(default_factory=dict)
    keeps: set[SwitchPort] = field(default_factory=set)
    overlay: set[SwitchPort] = field(default_factory=set)
    nets: dict[SwitchPort, list[Net]] = field(default_factory=dict)


def switch_packets(
    tile: Tile, ways: list[tuple[Net, SwitchPort, frozenset[SwitchPort]]]
) -> PacketSwitch:
    """The configuration of the switch of `tile` for nets that go from an input to some outputs."""
    switch = PacketSwitch()
    select_of = _assign_selects(tile, ways)
    for net, slave, outputs in ways:
        select = select_of[outputs, net.priority]
        switch.selects[select] = outputs
        switch.nets.setdefault(slave, []).append(net)
        assert net.packet_id is not None
        rules = switch.rules.setdefault(slave, [])
        rules.append(Rule(_EXACT, net.packet_id, select))
        if net.keep_header:
            switch.keeps |= outputs & set(net.masters)
        if net.priority:
            switch.overlay |= {slave, *outputs}
    for slave, rules in switch.rules.items():
        switch.rules[slave] = _within_limit(slave, rules, switch.nets[slave])
    return switch


def _assign_selects(
    tile: Tile, ways: list[tuple[Net, SwitchPort, frozenset[SwitchPort]]]
) -> dict[tuple[frozenset[SwitchPort], bool], Select]:
    """A select for each set of outputs; sets that share an output share an arbiter."""
    wanted = dict.fromkeys((outputs, net.priority) for net, _, outputs in ways)
    groups: list[list[frozenset[SwitchPort]]] = []
    for outputs, priority in wanted:
        if priority:
            continue
        touching = [group for group in groups if any(outputs & other for other in group)]
        merged = [other for group in touching for other in group] + [outputs]
        groups = [group for group in groups if group not in touching] + [merged]
    selects: dict[tuple[frozenset[SwitchPort], bool], Select] = {}
    arbiters = [n for n in range(ARBITERS) if not (n == ARBITERS - 1 and _has_priority(wanted))]
    if len(groups) > len(arbiters):
        raise DesignError(
            f"the switch of tile {tile} has too few arbiters for its packet flows",
            at=ways[0][0].at,
            because=f"{len(groups)} sets of outputs; {len(arbiters)} arbiters",
            fix="fewer packet flows through that tile",
        )
    for arbiter, group in zip(arbiters, groups, strict=False):
        if len(group) > MSELS:
            raise DesignError(
                f"an arbiter of the switch of tile {tile} has too few selects",
                at=ways[0][0].at,
                because=f"{len(group)} sets of outputs that overlap; {MSELS} selects",
                fix="fewer packet flows that share a destination on that tile",
            )
        for msel, outputs in enumerate(group):
            selects[outputs, False] = (arbiter, msel)
    for outputs, priority in wanted:
        if priority:
            selects[outputs, True] = _PRIORITY_SELECT
    return selects


def _has_priority(wanted: dict[tuple[frozenset[SwitchPort], bool], None]) -> bool:
    return any(priority for _, priority in wanted)


def _within_limit(slave: SwitchPort, rules: list[Rule], nets: list[Net]) -> list[Rule]:
    """`rules`, or fewer that do the same to the ids that arrive at `slave`."""
    if len(rules) <= RULES_PER_INPUT:
        return rules
    merged = list(rules)
    while len(merged) > RULES_PER_INPUT:
        pair = _mergeable(merged, rules)
        if pair is None:
            raise DesignError(
                f"too many packet flows enter the switch of tile {slave.tile} by one port",
                at=nets[0].at,
                because=f"{len(merged)} rules at {slave}; an input has {RULES_PER_INPUT}",
                fix="ids that differ in few bits for flows that go the same way",
            )
        one, other = pair
        mask = one.mask & other.mask & ~(one.value ^ other.value)
        merged = [rule for rule in merged if rule not in pair]
        merged.append(Rule(mask, one.value & mask, one.select))
    return merged


def _mergeable(merged: list[Rule], exact: list[Rule]) -> tuple[Rule, Rule] | None:
    """Two rules to the same select whose union catches no id that goes elsewhere."""
    for position, one in enumerate(merged):
        for other in merged[position + 1 :]:
            mask = one.mask & other.mask & ~(one.value ^ other.value)
            value = one.value & mask
            strangers = (rule for rule in exact if rule.select != one.select)
            if one.select == other.select and not any(
                rule.value & mask == value for rule in strangers
            ):
                return one, other
    return None
