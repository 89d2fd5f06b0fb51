"""What the script has done, counted while it does it. Nothing here is read from the database or from the engine of the roads:
which letters a move sends, and what it makes to carry over, is read from the data themselves."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import attestation.procedure

# The ways by which one person gets letters.
Ways = Sequence[str]


@cache
def data(edition: str, record: str = "application") -> dict[str, Any]:
    """The road of a record in an edition, as it is written."""
    folder = Path(attestation.procedure.__file__).parent
    return tomllib.loads((folder / edition / f"{record}.toml").read_text())


class Ledger:
    """Moves by record and verb; letters by name and channel; records for other systems by name."""

    def __init__(self) -> None:
        self.moves: Counter[tuple[str, str]] = Counter()
        self.letters: Counter[tuple[str, str]] = Counter()
        self.outgoing: Counter[str] = Counter()
        # Applications that were refused because they came out of season.
        self.refused = 0

    def case(self, edition: str, verb: str, addressees: Mapping[str, Sequence[Ways]], times: int = 1) -> None:
        """A move was made in a case. `addressees`: who has each role there, by the ways that they chose."""
        self.moves["application", verb] += times
        whole = data(edition)
        move = next((move for move in whole["move"] if move["verb"] == verb), None)
        for name in move.get("letters", ()) if move else ():
            letter = next(letter for letter in whole["letter"] if letter["name"] == name)
            for role in letter["to"]:
                for ways in addressees.get(role, ()):
                    self.letters.update((name, channel) for channel in ways)
        for row in whole.get("outgoing", ()):
            self.outgoing[row["name"]] += times * (verb in row["moves"])

    def order(self, edition: str, verb: str, kind: str) -> None:
        """A move of an order of this kind was made."""
        self.moves["order", verb] += 1
        for row in data(edition, "order")["outgoing"]:
            self.outgoing[row["name"]] += verb in row["moves"] and row.get("of", kind) == kind

    def note(self, record: str, verb: str, times: int = 1) -> None:
        """A move of another record was made."""
        self.moves[record, verb] += times

    def waiting_for(self, edition: str, system: str) -> int:
        """How many records there are for this system."""
        rows = [*data(edition)["outgoing"], *data(edition, "order")["outgoing"]]
        return sum(self.outgoing[row["name"]] for row in rows if row["system"] == system)
