"""A measured number beside its target and, where there is one, the same number of a peer."""

from dataclasses import asdict, dataclass


class Missing(Exception):
    """A bench that could not be run, and why."""


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    target: str
    met: bool
    peer: str | None = None
    peer_value: float | None = None

    def as_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, line: dict) -> "Figure":
        """From a line another program printed; keys that are no field of ours are left out."""
        known = {field: line[field] for field in cls.__dataclass_fields__ if field in line}
        if missing := {"name", "value", "unit", "target", "met"} - known.keys():
            raise Missing(f"a figure without {', '.join(sorted(missing))}: {line}")
        return cls(**{**known, "target": str(known["target"])})


def against_peer(name: str, value: float, unit: str, most: float, peer: str, peer_value: float) -> Figure:
    """A figure whose target is a share of the peer's."""
    return Figure(
        name, round(value, 2), unit, f"≤ {most} × peer", value <= most * peer_value, peer, round(peer_value, 2)
    )


def table(figures: list[Figure]) -> str:
    rows = [("", "figure", "value", "target", "peer", "ratio")]
    for figure in figures:
        peer = ratio = ""
        if figure.peer_value:
            peer = f"{figure.peer_value:g} {figure.unit} ({figure.peer})"
            ratio = f"{figure.value / figure.peer_value:.3f}"
        met = "met" if figure.met else "NOT MET"
        rows.append((met, figure.name, f"{figure.value:g} {figure.unit}", figure.target, peer, ratio))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)
    return "\n".join(lines)
