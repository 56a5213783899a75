"""What Tools/bench and Tools/bench-features share: both sides in turn, medians, and the table of what was reached."""
import os
import statistics
from pathlib import Path

from mtag_tools import PROJECT, fail, find_program, last_json, markdown_table, run_or_fail

WORKSPACE = PROJECT.parent


def peers_python():
    """The Python that has the peers."""
    python = os.environ.get("MTAG_PEERS_PYTHON", str(WORKSPACE / "peers-venv" / "bin" / "python"))
    if not Path(python).exists():
        fail(f"no Python with the peers at {python}; name one with MTAG_PEERS_PYTHON", 66)
    return python


class Comparison:
    """Both sides and what was found so far."""

    def __init__(self, arguments, scratch):
        self.arguments, self.python, self.scratch = arguments, peers_python(), scratch
        self.program, self.peers, self.rows = find_program(), WORKSPACE / "shared" / "peers", []

    def measure(self, names):
        """Runs the methods of these names, `train-short` being `train_short`, and prints the table."""
        for name in names:
            getattr(self, name.replace("-", "_"))()
        print(markdown_table(["work", "mtag-zoo", "peer", "ratio", "must", "goal", "reached"], self.rows))

    def in_turn(self, ours, theirs, timed=False, environments=(None, None)):
        """Runs both sides in turn; returns what each found: its last line of JSON, or its milliseconds."""
        sides = [], []
        for _ in range(self.arguments.rounds):
            for side, command, environment in zip(sides, (ours, theirs), environments):
                outcome = run_or_fail(command, environment=environment)
                side.append(1e3 * outcome.seconds if timed else last_json(outcome.output))
        return sides

    def add(self, what, turns, theirs, must=None, goal=None, ours=None):
        """Adds one row: medians over the turns, and their ratio."""
        mine, peer = (
            statistics.median(map(find, found)) for find, found in zip((ours or median, theirs), turns))
        self.row(what, f"{mine:.4g} ms", f"{peer:.4g} ms", peer / mine, must, goal)

    def row(self, what, mine, peer, ratio, must=None, goal=None, reached=None):
        if reached is None:
            reached = "" if must is None else "goal" if goal and ratio >= goal else "must" if ratio >= must else "no"
        words = ["" if value is None else value if isinstance(value, str) else f"{value:g}×" for value in (must, goal)]
        self.rows.append([what, mine, peer, f"{ratio:.2f}×", *words, reached])
        # Long measurements show what they have, should they be stopped.
        print(f"{what}: {mine}, {peer}, {ratio:.2f}×", flush=True)


def median(found):
    return found["median"]
