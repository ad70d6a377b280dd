"""What a run leaves behind to look at: a CSV log, a plot of the losses, a progress bar."""
from __future__ import annotations

import csv
import sys
import time
from pathlib import Path


class CsvLog:
    """Appends rows of numbers to a CSV file; a resumed run goes on in the same file."""

    def __init__(self, file: Path, columns: list[str]) -> None:
        self.file, self.columns = file, columns
        if not file.exists():
            file.write_text(",".join(columns) + "\n")

    def append(self, row: list[float]) -> None:
        with open(self.file, "a") as out:
            out.write(",".join(f"{value:.6g}" for value in row) + "\n")


def plot_losses(log: Path, picture: Path) -> None:
    """Draws both losses of `log` over the steps. Does nothing where matplotlib is not installed."""
    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        return
    with open(log, newline="") as file:
        rows = list(csv.DictReader(file))
    steps = [float(row["step"]) for row in rows]
    figure, axes = pyplot.subplots(figsize=(7, 3))
    for name in ("loss_d", "loss_g"):
        axes.plot(steps, [float(row[name]) for row in rows], label=name, linewidth=0.8)
    axes.set_xlabel("step")
    axes.legend()
    figure.tight_layout()
    figure.savefig(picture, dpi=100)
    pyplot.close(figure)


class Progress:
    """A progress bar with an estimate of the time left: redrawn in place on a terminal, a line now and then in a log file."""

    def __init__(self) -> None:
        self.started = self.drawn = time.time()
        self.live = sys.stderr.isatty()
        self.first: float | None = None

    def update(self, fraction: float, text: str) -> None:
        """`fraction` of the whole run that is done, 0 to 1."""
        now = time.time()
        if self.first is None:
            self.first = fraction
        if now - self.drawn < (0.2 if self.live else 30):
            return
        self.drawn = now
        done = max(fraction - self.first, 1e-9)
        left = int((now - self.started) * (1 - fraction) / done)
        bar = "#" * int(24 * fraction)
        line = f"[{bar:<24}] {100 * fraction:5.1f} %  {text}  {left // 3600}:{left // 60 % 60:02d}:{left % 60:02d} left"
        print(("\r" + line) if self.live else line, end="" if self.live else "\n", file=sys.stderr, flush=True)
