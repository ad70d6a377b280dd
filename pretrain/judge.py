"""Trains the judges: `python3 judge.py --id characters-64 --data FOLDER --variant first --out judge.safetensors`.

A judge is a small classifier of pictures. The first one ships with the model and chooses exemplars; the second (other seed, other
architecture) is what evaluate.py counts with, so that no judge grades its own choice. Both are ModelSpecs of role `judge`.
"""
from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attributes import LOADERS, Labelled
from modelspec import judge_spec, write_network
from networks import Conv, load_folded, use_low_precision
from tensorfile import read_safetensors


class Judge(nn.Module):
    """Images [N, c, size, size] in [-1, 1] → raw outputs [N, K]; `features` gives what the last layer reads.

    No pooling, strided convolutions instead, so that the app's engine runs it. `first`: 4×4 kernels, LeakyReLU, straight to the
    outputs. `second`: 3×3 kernels, ReLU, an unstrided layer, and a hidden dense layer. `wide` has half as many filters again in front.
    """

    def __init__(self, outputs: int, size: int = 64, channels: int = 3, variant: str = "first", wide: bool = False) -> None:
        super().__init__()
        widths = {32: [24, 48, 64], 64: [24, 48, 64, 64] if wide else [16, 32, 64, 64]}[size]
        layers: list[nn.Module] = []
        for i, width in enumerate(widths):
            if variant == "first":
                layers += [Conv(channels, width, 4, 2, 1, bias=False), nn.BatchNorm2d(width), nn.LeakyReLU(0.2, True)]
            else:
                layers += [Conv(channels, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(True)]
                if i == 1:
                    layers += [Conv(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(True)]
            channels = width
        layers.append(nn.Flatten())
        inputs = channels * 16
        if variant == "second":
            layers += [nn.Linear(inputs, 64), nn.ReLU(True)]
            inputs = 64
        layers.append(nn.Linear(inputs, outputs))
        self.main = nn.Sequential(*layers)

    def features(self, x: Tensor) -> Tensor:
        for module in self.main[:-1]:
            x = module(x.float() if isinstance(module, (nn.Flatten, nn.Linear)) else x)
        return x.float()

    def forward(self, x: Tensor) -> Tensor:
        return self.main[-1](self.features(x))


def load_judge(file: str | Path, variant: str) -> tuple[Judge, list[dict]]:
    """A judge from its file, ready to run, and what its outputs mean."""
    arrays, metadata = read_safetensors(file)
    spec = json.loads(metadata["spec"])
    wide = spec["layers"][0]["filters"] == 24
    judge = Judge(len(spec["outputs"]), spec["input"]["height"], spec["input"]["channels"], variant, wide)
    load_folded(judge, arrays)
    return judge.eval(), spec["outputs"]


@torch.no_grad()
def read_images(judge: Judge, images: Tensor | np.ndarray, batch: int = 500, features: bool = False) -> np.ndarray:
    """Raw outputs (or features) of uint8 images [N, s, s, c], or of floats [N, c, s, s] in [-1, 1]."""
    run = judge.features if features else judge
    results = []
    for start in range(0, len(images), batch):
        part = images[start : start + batch]
        results.append(run(to_unit(part) if isinstance(part, np.ndarray) else part).numpy())
    return np.concatenate(results)


def to_unit(images: np.ndarray) -> Tensor:
    """uint8 [N, s, s, c] → float [N, c, s, s] in [-1, 1]."""
    return torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def augment(x: Tensor, rng: torch.Generator) -> Tensor:
    """What generated pictures do to a photograph: blur, noise, lost detail, mirrored strokes of a checkerboard, other contrast, a shift.

    One draw of each strength a batch (cheap), in and out [N, c, s, s] in [-1, 1].
    """
    u = torch.rand(8, generator=rng).tolist()
    n, c, size, _ = x.shape
    shift = torch.randint(-2, 3, (2,), generator=rng).tolist()
    x = torch.roll(x, shift, (2, 3))
    if u[0] < 0.5:
        sigma = 0.3 + 0.9 * u[1]
        taps = torch.exp(-0.5 * (torch.arange(-2, 3) / sigma) ** 2)
        kernel = (taps / taps.sum()).outer(taps / taps.sum()).expand(c, 1, 5, 5)
        x = F.conv2d(x, kernel, padding=2, groups=c)
    elif u[0] < 0.65:
        small = F.interpolate(x, scale_factor=0.5 + 0.4 * u[1], mode="bilinear", align_corners=False)
        x = F.interpolate(small, size=(size, size), mode="bilinear", align_corners=False)
    if u[2] < 0.6:
        x = x + 0.12 * u[3] * torch.randn(x.shape, generator=rng)
    if u[4] < 0.3:
        period = torch.randn(1, c, 4, 4, generator=rng)
        x = x + 0.06 * u[5] * period.repeat(1, 1, size // 4, size // 4)
    gain = 1 + 0.2 * (torch.rand(n, 1, 1, 1, generator=rng) - 0.5) * 2
    offset = 0.1 * (torch.rand(n, 1, 1, 1, generator=rng) - 0.5) * 2
    return (x * gain + offset).clamp(-1, 1)


def loss_of(raw: Tensor, targets: Tensor, outputs: list[dict]) -> Tensor:
    """Cross-entropy of the probabilities plus squared error of angles, summed over the outputs; digits are exclusive classes."""
    if outputs[0]["name"].startswith("digit"):
        return F.cross_entropy(raw, targets.argmax(1))
    total = raw.new_zeros(())
    for k, output in enumerate(outputs):
        if output["kind"] == "probability":
            total = total + F.binary_cross_entropy_with_logits(raw[:, k], targets[:, k])
        else:
            total = total + 4 * F.mse_loss(raw[:, k], targets[:, k])
    return total


def keep_outputs(judge: Judge, count: int) -> None:
    """Cuts the last layer down to its first `count` outputs: the rest were only there to learn better features."""
    last = judge.main[-1]
    cut = nn.Linear(last.in_features, count)
    cut.weight.data, cut.bias.data = last.weight.data[:count].clone(), last.bias.data[:count].clone()
    judge.main[-1] = cut


def train_judge(labelled: Labelled, judge: Judge, options: argparse.Namespace, seed: int, batch: int = 128) -> Judge:
    """Trains on the rows that are used and not held out; a one-cycle learning rate, mirrored images (yaw changes its sign)."""
    rng, epochs = torch.Generator().manual_seed(seed), options.epochs
    use_low_precision(judge.train(), options.bf16)
    judge.to(memory_format=torch.channels_last)
    rows = np.flatnonzero(labelled.used & ~labelled.held_out)
    optimiser = torch.optim.AdamW(judge.parameters(), options.lr, weight_decay=0.01)
    per_epoch = len(rows) // batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, options.lr, total_steps=epochs * per_epoch)
    mirrors = not labelled.outputs[0]["name"].startswith("digit")
    angle = torch.tensor([-1.0 if o["kind"] == "degrees" else 1.0 for o in labelled.outputs])
    started = time.time()
    for epoch in range(epochs):
        order, running = rows[torch.randperm(len(rows), generator=rng).numpy()], 0.0
        for i in range(per_epoch):
            chosen = np.sort(order[i * batch : (i + 1) * batch])
            x, y = to_unit(labelled.images[chosen]), torch.from_numpy(labelled.targets[chosen])
            if mirrors and i % 2:
                x, y = x.flip(3), y * angle
            if torch.rand(1, generator=rng).item() >= options.clean:
                x = augment(x, rng)
            loss = loss_of(judge(x.contiguous(memory_format=torch.channels_last)), y, labelled.outputs)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            running += loss.item() / per_epoch
        print(f"epoch {epoch + 1}/{epochs}  loss {running:.4f}  {time.time() - started:.0f} s", flush=True)
    use_low_precision(judge, False)
    return judge.eval()


def held_out_scores(judge: Judge, labelled: Labelled) -> dict:
    """Accuracy of each probability (with its count and 95 % interval) and mean absolute error of angles, on held-out rows."""
    rows = np.flatnonzero(labelled.used & labelled.held_out)
    raw, y = read_images(judge, labelled.images[rows]), labelled.targets[rows]
    if labelled.outputs[0]["name"].startswith("digit"):
        return {"digit": _share(raw.argmax(1) == y.argmax(1), None)}
    groups = labelled.groups[rows] if labelled.groups is not None else None
    scores = {}
    for k, output in enumerate(labelled.outputs):
        if output["kind"] == "probability":
            scores[output["name"]] = _share((raw[:, k] > 0) == (y[:, k] > 0.5), groups)
        else:
            error = np.abs(raw[:, k] - y[:, k]) * output["scale"]
            scores[output["name"]] = {"mean_error": round(float(error.mean()), 2), "n": len(rows)}
    return scores


def _share(right: np.ndarray, groups: np.ndarray | None) -> dict:
    """Share of `right` with a 95 % bootstrap interval, resampled by row or by group (person)."""
    rng = np.random.default_rng(0)
    units = [np.flatnonzero(groups == g) for g in np.unique(groups)] if groups is not None else [[i] for i in range(len(right))]
    sums, sizes = np.array([right[u].sum() for u in units]), np.array([len(u) for u in units])
    draws = rng.integers(0, len(units), (1000, len(units)))
    shares = sums[draws].sum(1) / sizes[draws].sum(1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return {"accuracy": round(float(right.mean()), 4), "interval": [round(float(low), 4), round(float(high), 4)], "n": len(right)}


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--id", required=True, choices=sorted(LOADERS))
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--variant", default="first", choices=("first", "second"))
    parser.add_argument("--out", required=True, type=Path, help="the judge's file; its scores are written beside it as .json")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--lr", type=float, default=3e-3, help="highest learning rate of the cycle")
    parser.add_argument("--clean", type=float, default=0.0, help="share of batches left as they are")
    parser.add_argument("--start", type=Path, help="go on from this judge's file")
    parser.add_argument("--wide", action="store_true", help="more filters in the first layers")
    parser.add_argument("--extras", action="store_true", help="the first judge, too, learns all attributes, but keeps the app's")
    parser.add_argument("--bf16", action="store_true", help="train with the CPU's bfloat16 convolutions")
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args(argv)
    if options.threads:
        torch.set_num_threads(options.threads)
    second = options.variant == "second"
    labelled = LOADERS[options.id](options.data, second or options.extras)
    seed = options.seed if options.seed is not None else {"first": 1, "second": 2}[options.variant]
    _, size, _, channels = labelled.images.shape
    torch.manual_seed(seed)
    judge = Judge(labelled.targets.shape[1], size, channels, options.variant, options.wide)
    if options.start:
        judge, _ = load_judge(options.start, options.variant)
    judge = train_judge(labelled, judge, options, seed)
    if not second and options.extras:
        labelled = LOADERS[options.id](options.data)
        keep_outputs(judge, len(labelled.outputs))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_network(options.out, judge, judge_spec(judge, size, channels, labelled.outputs))
    judge, _ = load_judge(options.out, options.variant)  # the rounded weights are what counts
    scores = held_out_scores(judge, labelled)
    options.out.with_suffix(".json").write_text(json.dumps(scores, indent=1) + "\n")
    print(json.dumps(scores), options.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
