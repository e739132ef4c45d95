"""Ways for all nets at once: congestion is negotiated until no port carries two circuits.

Each net takes its cheapest tree while ports that others use cost more; ports that stay contested
get dearer from round to round, until one of the contenders goes another way (McMurchie and Ebeling,
"PathFinder", FPGA 1995). The order of nets and ports is fixed, so the result is too.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from ironbird.base.device import Tile
from ironbird.passes.route_flows.nets import Net
from ironbird.passes.route_flows.switch_fabric import SwitchFabric, SwitchPort

_ROUNDS = 60
_SHARING_COST = 3.0
_HISTORY_COST = 0.7


@dataclass
class Tree:
    """The way of one net: which input of a switch feeds each output that it uses."""

    net: Net
    feeder: dict[SwitchPort, SwitchPort] = field(default_factory=dict)

    def inputs(self, fabric: SwitchFabric) -> list[SwitchPort]:
        """The switch inputs that the tree has reached, its own source first."""
        reached = [self.net.slave]
        for output in self.feeder:
            if fabric.is_wire(output):
                across = fabric.across(output)
                assert across is not None
                reached.append(across)
        return reached


class Unroutable(Exception):
    """No way was found: for `net` alone, or for all nets at once.

    users: wires, by the output they start from, with the nets that would use them.
    """

    def __init__(self, net: Net | None, users: dict[SwitchPort, list[Net]]) -> None:
        super().__init__()
        self.net = net
        self.users = users


def find_trees(
    nets: list[Net], fabric: SwitchFabric, taken: frozenset[SwitchPort] = frozenset()
) -> list[Tree]:
    """A tree for each net, in their order, without the outputs in `taken`. Raises Unroutable."""
    search = _Search(fabric, taken)
    trees = [Tree(net) for net in nets]
    for round_number in range(_ROUNDS):
        for tree in trees:
            if round_number == 0 or search.crosses_others(tree):
                search.reroute(tree, dearness=1 + round_number)
        contested = search.contested()
        if not contested:
            return trees
        search.remember(contested)
    raise Unroutable(None, search.users)


@dataclass
class _Search:
    """Who uses which wire now, and how long each was contested."""

    fabric: SwitchFabric
    taken: frozenset[SwitchPort]
    users: dict[SwitchPort, list[Net]] = field(default_factory=dict)
    history: dict[SwitchPort, float] = field(default_factory=dict)

    def contested(self) -> dict[SwitchPort, list[Net]]:
        return {port: nets for port, nets in self.users.items() if is_contested(nets)}

    def crosses_others(self, tree: Tree) -> bool:
        return any(is_contested(self.users.get(port, [])) for port in tree.feeder)

    def remember(self, contested: Iterable[SwitchPort]) -> None:
        for port in contested:
            self.history[port] = self.history.get(port, 0.0) + _HISTORY_COST

    def reroute(self, tree: Tree, dearness: int) -> None:
        for port in self._wires(tree):
            self.users[port].remove(tree.net)
        tree.feeder = {}
        source = tree.net.slave.tile
        for master in sorted(
            tree.net.masters, key=lambda port: (_distance(source, port.tile), port)
        ):
            self._extend(tree, master, dearness)
        for port in self._wires(tree):
            self.users.setdefault(port, []).append(tree.net)

    def _wires(self, tree: Tree) -> list[SwitchPort]:
        """The outputs of a tree that lead on; who may end in the others was checked before."""
        return [port for port in tree.feeder if self.fabric.is_wire(port)]

    def _extend(self, tree: Tree, master: SwitchPort, dearness: int) -> None:
        """Lead the tree to `master` by the cheapest way from anywhere it already is (A*)."""
        goal = master.tile
        frontier: list[tuple[float, float, SwitchPort]] = []
        came: dict[SwitchPort, SwitchPort | None] = {}
        best: dict[SwitchPort, float] = {}
        for start in tree.inputs(self.fabric):
            best[start] = 0.0
            came[start] = None
            heapq.heappush(frontier, (float(_distance(start.tile, goal)), 0.0, start))
        while frontier:
            _, cost, slave = heapq.heappop(frontier)
            if cost > best[slave]:
                continue
            for output in self.fabric.fed_by(slave):
                if output == master:
                    self._add_way(tree, slave, master, came)
                    return
                if not self.fabric.is_wire(output) or output in tree.feeder:
                    continue
                if output in self.taken:
                    continue
                across = self.fabric.across(output)
                assert across is not None
                through = cost + self._price(output, tree.net, dearness)
                if through < best.get(across, float("inf")):
                    best[across] = through
                    came[across] = slave
                    estimate = through + _distance(across.tile, goal)
                    heapq.heappush(frontier, (estimate, through, across))
        raise Unroutable(tree.net, {})

    def _add_way(
        self,
        tree: Tree,
        last: SwitchPort,
        master: SwitchPort,
        came: dict[SwitchPort, SwitchPort | None],
    ) -> None:
        tree.feeder[master] = last
        slave = last
        before = came[slave]
        while before is not None:
            tree.feeder[self.fabric.output_into(slave)] = before
            slave, before = before, came[before]

    def _price(self, output: SwitchPort, net: Net, dearness: int) -> float:
        others = self.users.get(output, [])
        in_the_way = sum(1 for other in others if not _may_share(net, other))
        return 1.0 + self.history.get(output, 0.0) + _SHARING_COST * dearness * in_the_way


def is_contested(nets: list[Net]) -> bool:
    """Whether two of these users of one wire are in each other's way."""
    ids = [net.packet_id for net in nets]
    return len(nets) > 1 and (None in ids or len(set(ids)) < len(ids))


def _may_share(one: Net, other: Net) -> bool:
    """Packets may share a wire as long as the next switch can tell them apart by their ids."""
    return not is_contested([one, other])


def _distance(one: Tile, other: Tile) -> int:
    return abs(one.column - other.column) + abs(one.row - other.row)
