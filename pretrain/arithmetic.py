"""Does vector arithmetic work? Counted by a judge over random triples of exemplars, against baselines that should not work."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from judge import Judge, read_images
from metrics import wilson
from networks import Generator

TRIPLES = 200
Success = Callable[[np.ndarray], np.ndarray]


@torch.no_grad()
def generate(generator: Generator, z: np.ndarray, batch: int = 250) -> torch.Tensor:
    """Images [N, c, s, s] in [-1, 1] of latents [N, nz]."""
    z = torch.as_tensor(np.asarray(z, np.float32))[:, :, None, None]
    return torch.cat([generator(z[i : i + batch]) for i in range(0, len(z), batch)])


def to_shell(z: np.ndarray) -> np.ndarray:
    """Scales each latent [N, nz] to the length that most of N(0, 1) has, √nz."""
    return z * np.sqrt(z.shape[1]) / np.linalg.norm(z, axis=1, keepdims=True)


def averaged(pool: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """TRIPLES means of `count` different exemplars out of `pool` [M, nz]."""
    return np.stack([pool[rng.choice(len(pool), count, replace=False)].mean(0) for _ in range(TRIPLES)])


def count_arithmetic(
    generator: Generator, judge: Judge, minuend: np.ndarray, subtrahend: np.ndarray, base: np.ndarray, success: Success
) -> list[dict]:
    """Share of `minuend − subtrahend + base` that the judge calls a success, for 3 and 1 exemplars, scaled to the shell or not.

    Each argument is the pool of exemplars of a concept, [M, nz]. Beside them the baselines: the base unchanged, the base plus a random
    vector of the difference's length, and the same arithmetic on pixels.
    """
    rng = np.random.default_rng(11)
    rows = []

    def add(label: str, images: torch.Tensor) -> None:
        share, low, high = wilson(int(success(read_images(judge, images)).sum()), TRIPLES)
        rows.append({"label": label, "value": round(100 * share, 1), "interval": [round(100 * low, 1), round(100 * high, 1)]})

    for count in (3, 1):
        a, b, c = (averaged(pool, count, rng) for pool in (minuend, subtrahend, base))
        add(f"{count} exemplar{'s averaged' if count > 1 else ''}", generate(generator, a - b + c))
        add(f"{count} exemplar{'s averaged' if count > 1 else ''}, scaled to the shell", generate(generator, to_shell(a - b + c)))
        if count == 3:
            add("baseline: the base unchanged", generate(generator, c))
            noise = rng.standard_normal(c.shape)
            noise *= np.linalg.norm(a - b, axis=1, keepdims=True) / np.linalg.norm(noise, axis=1, keepdims=True)
            add("baseline: the base plus a random vector of the same length", generate(generator, c + noise))
    add("baseline: the same in pixel space, 3 exemplars", pixel_arithmetic(generator, minuend, subtrahend, base))
    return rows


def pixel_arithmetic(generator: Generator, minuend: np.ndarray, subtrahend: np.ndarray, base: np.ndarray) -> torch.Tensor:
    """mean picture − mean picture + mean picture of 3 exemplars each, clamped to the range, TRIPLES times."""
    rng = np.random.default_rng(12)
    means = []
    for pool in (minuend, subtrahend, base):
        drawn = generate(generator, pool)
        means.append(torch.stack([drawn[rng.choice(len(pool), 3, replace=False)].mean(0) for _ in range(TRIPLES)]))
    return (means[0] - means[1] + means[2]).clamp(-1, 1)


def turning(generator: Generator, judge: Judge, yaw: int, scale: float, left: np.ndarray, right: np.ndarray) -> list[dict]:
    """Mean judged yaw in degrees of 200 random z moved along half the 'turn' vector, mean(right) − mean(left): the paper's pose walk."""
    turn = right.mean(0) - left.mean(0)
    z = np.random.default_rng(13).standard_normal((TRIPLES, left.shape[1]))
    rows = []
    for step in (-1, 0, 1):
        angles = read_images(judge, generate(generator, z + 0.5 * step * turn))[:, yaw] * scale
        rows.append({"label": f"mean yaw at z {'+−'[step < 0]} {abs(step) / 2:g} · turn", "value": round(float(angles.mean()), 1)})
    return rows
