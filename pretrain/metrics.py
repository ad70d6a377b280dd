"""Distances between sets of pictures, and intervals. Pure numpy; pictures are uint8 [N, s, s, c] unless said otherwise."""
from __future__ import annotations

import numpy as np


def frechet_distance(a: np.ndarray, b: np.ndarray) -> float:
    """|mean difference|² + tr(A + B − 2 (AB)^½) of features [N, F] and [M, F]: 0 for equal Gaussians, no upper bound."""
    mean = a.mean(0) - b.mean(0)
    cov_a, cov_b = np.cov(a.T), np.cov(b.T)
    # tr (AB)^½ is the sum of the square roots of AB's eigenvalues, those of A^½ B A^½, which is symmetric
    values, vectors = np.linalg.eigh(cov_a)
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    cross = np.sqrt(np.clip(np.linalg.eigvalsh(root @ cov_b @ root), 0, None)).sum()
    return float(mean @ mean + np.trace(cov_a) + np.trace(cov_b) - 2 * cross)


def sliced_wasserstein(a: np.ndarray, b: np.ndarray, seed: int = 0) -> list[float]:
    """Sliced Wasserstein distance of 7×7 patches at full, half and quarter size (×1000, lower is nearer), as in Karras et al. 2018.

    Without their Laplacian bands: patches of each scale are standardised per channel over `b` instead. 64 patches a picture would
    repeat themselves at this size, so 16 are taken; 128 random directions.
    """
    rng = np.random.default_rng(seed)
    distances = []
    for scale in (1, 2, 4):
        patches = [_patches(_shrink(x, scale), np.random.default_rng(seed + scale)) for x in (a, b)]
        count = min(len(p) for p in patches)
        mean, sd = patches[1].mean((0, 1)), patches[1].std((0, 1)) + 1e-8
        flat = [((p[:count] - mean) / sd).reshape(count, -1) for p in patches]
        directions = rng.standard_normal((flat[0].shape[1], 128)).astype(np.float32)
        directions /= np.linalg.norm(directions, axis=0)
        projected = [np.sort(f @ directions, axis=0) for f in flat]
        distances.append(float(1000 * np.abs(projected[0] - projected[1]).mean()))
    return distances


def _shrink(images: np.ndarray, factor: int) -> np.ndarray:
    n, s, _, c = images.shape
    return images.reshape(n, s // factor, factor, s // factor, factor, c).mean((2, 4), dtype=np.float32)


def _patches(images: np.ndarray, rng: np.random.Generator, per_image: int = 16) -> np.ndarray:
    """[N · per_image, 49, c]; the same places for both sets, by the same seed."""
    n, s, _, c = images.shape
    out = []
    for _ in range(per_image):
        y, x = rng.integers(0, s - 6, 2)
        out.append(images[:, y : y + 7, x : x + 7].reshape(n, 49, c))
    return np.concatenate(out)


def nearest(images: np.ndarray, among: np.ndarray, mirror: bool) -> tuple[np.ndarray, np.ndarray]:
    """For each picture the index of the nearest of `among` and the root mean square difference (of 255), at 16×16.

    Small pictures, because at full size noise decides. With `mirror` a picture may match its neighbour's mirror image.
    """
    factor = images.shape[1] // 16
    pool = _shrink(among, factor)
    best_index, best = np.zeros(len(images), int), np.full(len(images), np.inf)
    flat_pool = pool.reshape(len(pool), -1)
    squares = (flat_pool**2).sum(1)
    for flipped in (False, True) if mirror else (False,):
        query = _shrink(images[:, :, ::-1] if flipped else images, factor).reshape(len(images), -1)
        distance = (query**2).sum(1)[:, None] + squares - 2 * query @ flat_pool.T
        index = distance.argmin(1)
        value = np.sqrt(np.clip(distance[np.arange(len(query)), index], 0, None) / query.shape[1])
        better = value < best
        best_index[better], best[better] = index[better], value[better]
    return best_index, best


def wilson(successes: int, n: int) -> tuple[float, float, float]:
    """A share and its 95 % interval (Wilson)."""
    z, p = 1.96, successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return p, max(0.0, centre - half), min(1.0, centre + half)


def total_variation(a: np.ndarray, b: np.ndarray) -> float:
    """Half the sum of differences between two distributions over the same cells: 0 equal, 1 disjoint."""
    return float(0.5 * np.abs(a / a.sum() - b / b.sum()).sum())
