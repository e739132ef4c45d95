"""What the simulator and the designs cost, beside their limits: `make bench`.

`python -m tools.bench` measures the simulator (`tools/figures.py`), Whisper by stages
(`tools/whisper_budget.py`), then every case of every design (`tools/design_costs.py`) and the bars
among them; `python -m tools.bench softmax gelu` only those designs. Exit code 0 only if every limit
holds.
"""

import argparse
import json
from collections.abc import Iterable

from designs.catalog import CATALOG
from tools.design_costs import DesignCost, design_costs, headings, line
from tools.figures import Figure, figures
from tools.modelled_bars import bars_of
from tools.whisper_budget import WhisperBudget, budgets, limits_of


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 0 if every limit holds."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("design", nargs="*", help=f"only these, of {', '.join(CATALOG)}")
    parser.add_argument("--json", action="store_true", help="print one object instead of tables")
    options = parser.parse_args(arguments)
    for name in options.design:
        if name not in CATALOG:
            parser.error(f"there is no design {name!r}; there are {', '.join(CATALOG)}")

    told = [] if options.design else list(_told(figures(), quiet=options.json))
    whisper = [] if options.design else list(_budgeted(quiet=options.json))
    told += _told((limit for budget in whisper for limit in limits_of(budget)), quiet=options.json)
    costs = list(_tabled(options.design or CATALOG, quiet=options.json))
    bars = list(_told((bar for cost in costs for bar in bars_of(cost)), quiet=options.json))
    if options.json:
        described = {
            "figures": [figure.described() for figure in (*told, *bars)],
            "whisper": [budget.described() for budget in whisper],
            "designs": [cost.described() for cost in costs],
        }
        print(json.dumps(described, indent=1))
    return 0 if all(figure.holds for figure in (*told, *bars)) else 1


def _told(measured: Iterable[Figure], *, quiet: bool) -> Iterable[Figure]:
    for figure in measured:
        if not quiet:
            print(figure, flush=True)
        yield figure


def _budgeted(*, quiet: bool) -> Iterable[WhisperBudget]:
    for budget in budgets():
        if not quiet:
            print("\n".join(budget.lines()), flush=True)
        yield budget


def _tabled(names: Iterable[str], *, quiet: bool) -> Iterable[DesignCost]:
    if not quiet:
        print(headings(), flush=True)
    for name in names:
        for cost in design_costs(name, CATALOG[name]):
            if not quiet:
                print(line(cost), flush=True)
            yield cost


if __name__ == "__main__":
    raise SystemExit(main())
