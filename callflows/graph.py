"""Faults of a flow's ways: nodes that cannot be reached, that no call leaves, or that go round in silence.

They are looked for in the joined flow, with what it calls in its place, and told where they are written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from callflows.faults import Fault
from callflows.folder import Joined
from callflows.nodes import CallNode, HangupNode, ReturnNode


def faults_of_ways(joined: Joined) -> Iterator[Fault]:
    """Unreachable nodes, nodes from which no call can end, and loops that a silent caller would never leave."""
    flow = joined.flow
    ways = {name: set(node.exits().values()) for name, node in flow.nodes.items()}

    def fault(sentence: str, name: str) -> Fault:
        reading, written = joined.origins[name]
        return reading.fault(sentence, "nodes", written)

    readings = {reading.file: reading for reading, _ in joined.origins.values()}
    broken = any(reading.broken for reading in readings.values())
    calls = [name for name, node in flow.nodes.items() if isinstance(node, CallNode)]  # those that cannot be followed
    if not broken:  # what a broken node leads to is not known
        reached = _reached(ways, [flow.start])
        for name in _first_ones(ways, [name for name in flow.nodes if name not in reached]):
            yield fault("No way leads to this node.", name)
    back: dict[str, set[str]] = {}
    for name, targets in ways.items():
        for target in targets:
            back.setdefault(target, set()).add(name)
    unknown = {target for targets in ways.values() for target in targets} - flow.nodes.keys()
    ends = [name for name, node in flow.nodes.items() if isinstance(node, HangupNode | ReturnNode)]
    for name in flow.nodes.keys() - _reached(back, [*ends, *unknown, *calls]):
        yield fault("There is no way out: from here no call comes to an end.", name)
    alone = {
        name: {target for exit_name, target in node.exits().items() if exit_name in node.unattended}
        for name, node in flow.nodes.items()
    }
    for circle in _circles(alone, list(flow.nodes)):
        way = " -> ".join((*circle, circle[0]))
        yield fault(f"This loops without the caller pressing a key: {way}.", circle[0])


def _reached(ways: Mapping[str, Collection[str]], starts: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    todo = list(starts)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += ways.get(name, ())
    return seen


def _first_ones(ways: Mapping[str, Collection[str]], names: list[str]) -> list[str]:
    """Those of `names` to which none of the others leads; of others that only lead to each other, the first. What
    follows from them, a whole flow that is called perhaps, is not told again."""
    led_to = {target for name in names for target in ways[name] if target != name}
    first = [name for name in names if name not in led_to]
    told = _reached(ways, first)
    for name in names:
        if name not in told:
            first.append(name)
            told |= _reached(ways, [name])
    return first


def _circles(ways: Mapping[str, Collection[str]], names: list[str]) -> Iterator[tuple[str, ...]]:
    """One circle for each group of nodes that lead to each other, beginning with the first in the file."""
    told: set[str] = set()
    for name in names:
        if name in told:
            continue
        circle = _way_back(ways, name)
        if circle:
            yield circle
            group = {other for other in _reached(ways, [name]) if name in _reached(ways, ways.get(other, ()))}
            told |= group


def _way_back(ways: Mapping[str, Collection[str]], name: str) -> tuple[str, ...]:
    """The shortest circle through `name`, or nothing."""
    paths: list[tuple[str, ...]] = [(name,)]
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        for target in sorted(ways.get(path[-1], ())):
            if target == name:
                return path
            if target not in seen:
                seen.add(target)
                paths.append((*path, target))
    return ()
