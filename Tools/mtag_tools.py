"""What the Python scripts of this folder share: finding the program and running commands under measurement."""
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def fail(message, code=1):
    """Ends the script with one line that says what is wrong and what to do."""
    print(f"Tools/{Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    sys.exit(code)


def find_program():
    """Path of the release build of mtag-zoo."""
    program = PROJECT / ".build" / "release" / "mtag-zoo"
    if not program.exists():
        fail("the program is not built; run: swift build -c release")
    return str(program)


@dataclass
class Outcome:
    """How one command ended."""

    code: int  # exit code; negative: the signal that ended it
    seconds: float
    peak_bytes: int  # largest resident set of the process
    timed_out: bool
    output: str
    errors: str

    def last_line(self):
        """The last line on standard error that says something."""
        lines = [line for line in self.errors.splitlines() if line.strip()]
        return lines[-1].strip() if lines else ""


def run(arguments, timeout_seconds=None, environment=None, folder=None):
    """Runs one command without standard input and measures it; a command over its time is killed."""
    arguments = [str(argument) for argument in arguments]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd=folder,
            env={**os.environ, **(environment or {})})
        killed = threading.Event()

        def kill():
            killed.set()
            process.kill()

        timer = threading.Timer(timeout_seconds or 24 * 3600, kill)
        timer.daemon = True
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        seconds = time.monotonic() - start
        texts = []
        for stream in (output, errors):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Outcome(process.returncode, seconds, peak, killed.is_set(), *texts)


def run_or_fail(arguments, **options):
    """Like `run`, but a command that does not end with 0 ends the script."""
    outcome = run(arguments, **options)
    if outcome.code != 0:
        why = "took too long" if outcome.timed_out else outcome.last_line() or outcome.output.strip()[-300:]
        fail(f"exit code {outcome.code} from: {' '.join(map(str, arguments))}: {why}")
    return outcome


def last_json(text):
    """The last line of `text` that is a JSON object."""
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            return json.loads(line)
    fail(f"expected a line of JSON, got: {text.strip()[-200:] or 'nothing'}")


def markdown_table(header, rows):
    """A table with aligned columns, for people and for Markdown alike."""
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in cells]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)
