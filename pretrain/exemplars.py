"""Fills a model's exemplars.json: `python3 exemplars.py --id characters-64 --models ../public/models --grids LOOK`.

Latents are drawn from plain N(0, 1). The first judge keeps those that it is sure of, and of these the ones whose neighbours it calls the
same most often: a concept that a small step away loses is a poor example, and averages of such lose it too. Then a person looks at the
grids: what is bad goes into drops.json by its number in the grid (row by row from 0), and the script runs again. Same weights, same seed:
same pictures.
"""
from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch

from arithmetic import generate
from data import save_grid
from evaluate import load_generator, to_bytes
from judge import load_judge, read_images

HERE = Path(__file__).parent
CANDIDATES = 40
KEPT = 32
SURE = 400  # of these the steadiest CANDIDATES are shown
NEIGHBOURS = 6

# Concept id → label and what the judge must say: 1 surely yes, 0 surely no; for yaw the least turn, with its sign.
PLAIN = {"glasses": 0, "beard": 0}
FACES = {
    "smiling-woman": ("Smiling woman", {"woman": 1, "smile": 1, **PLAIN}),
    "neutral-woman": ("Neutral woman", {"woman": 1, "smile": 0, **PLAIN}),
    "smiling-man": ("Smiling man", {"woman": 0, "smile": 1, **PLAIN}),
    "neutral-man": ("Neutral man", {"woman": 0, "smile": 0, **PLAIN}),
}
CONCEPTS: dict[str, dict[str, tuple[str, dict[str, float]]]] = {
    "characters-64": {
        **FACES,
        "man-with-glasses": ("Man with glasses", {"woman": 0, "glasses": 1, "beard": 0}),
        "man-without-glasses": ("Man without glasses", {"woman": 0, "glasses": 0, "beard": 0}),
        "woman-with-glasses": ("Woman with glasses", {"woman": 1, "glasses": 1, "beard": 0}),
        "woman-without-glasses": ("Woman without glasses", {"woman": 1, "glasses": 0, "beard": 0}),
        "looking-left": ("Looking left", {"yawDegrees": -20, "glasses": 0}),
        "looking-right": ("Looking right", {"yawDegrees": 20, "glasses": 0}),
        "bearded-man": ("Man with a beard", {"woman": 0, "beard": 1, "glasses": 0}),
    },
    "portraits-64": FACES,
    "rooms-64": {
        "room-with-window": ("Room with a window", {"window": 1}),
        "room-without-window": ("Room without a window", {"window": 0}),
    },
    "digits-32": {f"digit-{d}": (f"Digit {d}", {f"digit{d}": 1}) for d in range(10)},
}


def agreement(raw: np.ndarray, outputs: list[dict], wanted: dict[str, float]) -> np.ndarray:
    """How surely the judge says each thing that is `wanted`, [N, things], 0 to 1; an angle is 1 from the wanted one on, 0 at none."""
    exclusive = outputs[0]["name"].startswith("digit")
    powers = np.exp(raw - raw.max(1, keepdims=True)) if exclusive else None
    chances = powers / powers.sum(1, keepdims=True) if exclusive else 1 / (1 + np.exp(-raw))
    columns = []
    for k, output in enumerate(outputs):
        want = wanted.get(output["name"])
        if want is not None and output["kind"] == "degrees":
            columns.append(np.clip(raw[:, k] * output["scale"] / want, 0, 1))
        elif want is not None:
            columns.append(chances[:, k] if want else 1 - chances[:, k])
    return np.stack(columns, 1)


def certain(raw: np.ndarray, outputs: list[dict], wanted: dict[str, float], sureness: float) -> np.ndarray:
    """Mask [N] of the pictures of which the judge says all that is `wanted`, each with at least `sureness`."""
    return (agreement(raw, outputs, wanted) >= sureness).all(1)


@torch.no_grad()
def draw_candidates(generator, judge, nz: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` latents of N(0, 1), rounded to 4 decimals as they are stored, and the judge's raw outputs for their pictures."""
    z = np.round(np.random.default_rng(21).standard_normal((count, nz)), 4)
    raw = [read_images(judge, generate(generator, z[i : i + 500])) for i in range(0, count, 500)]
    return z, np.concatenate(raw)


@torch.no_grad()
def steadiness(generator, judge, z: np.ndarray, outputs: list[dict], wanted: dict[str, float]) -> np.ndarray:
    """How surely [N] the neighbours 0.6 z + 0.8 noise (as long as z on average) still show what is `wanted`, 0 to 1.

    So far away because in a − b + c of three exemplars each, a single z has the weight 1/3.
    """
    rng = np.random.default_rng(22)
    near = (0.6 * z[:, None] + 0.8 * rng.standard_normal((len(z), NEIGHBOURS, z.shape[1]))).reshape(-1, z.shape[1])
    raw = read_images(judge, generate(generator, near))
    return agreement(raw, outputs, wanted).min(1).reshape(len(z), NEIGHBOURS).mean(1)


def choose(model_id: str, models: Path, judge_file: Path, grids: Path | None, drops: dict, draws: int, sureness: float) -> dict:
    """The contents of exemplars.json."""
    folder = models / model_id
    generator = load_generator(folder / "generator.safetensors")
    judge, outputs = load_judge(judge_file, "first")
    z, raw = draw_candidates(generator, judge, generator.main[0].in_channels, draws)
    known, concepts = {output["name"] for output in outputs}, {}
    for concept, (label, wanted) in CONCEPTS[model_id].items():
        wanted = {name: value for name, value in wanted.items() if name in known}
        found = np.flatnonzero(certain(raw, outputs, wanted, sureness))[:SURE]
        if len(found):
            steady = steadiness(generator, judge, z[found], outputs, wanted)
            found = found[np.argsort(-steady, kind="stable")[:CANDIDATES]]
            print(f"{concept}: steadiness {steady.mean():.2f} of all that are sure, {np.sort(steady)[-len(found):].mean():.2f} of the candidates")
        if grids is not None and len(found):
            save_grid(to_bytes(generate(generator, z[found])), grids / f"{model_id}-{concept}.png", 8, 2)
        kept = [i for n, i in enumerate(found) if n not in drops.get(concept, [])][:KEPT]
        print(f"{concept}: {len(found)} found, {len(kept)} kept")
        concepts[concept] = {"label": label, "attributes": wanted, "z": z[kept].tolist()}
    digest = hashlib.sha256((folder / "generator.safetensors").read_bytes()).hexdigest()
    return {"v": 1, "modelHash": digest, "concepts": concepts}


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--id", required=True, choices=sorted(CONCEPTS))
    parser.add_argument("--models", type=Path, default=HERE.parent / "public" / "models")
    parser.add_argument("--judge", type=Path, help="default: the model's own")
    parser.add_argument("--grids", type=Path, help="folder for one grid of candidates a concept, to be looked at")
    parser.add_argument("--draws", type=int, default=16000)
    parser.add_argument("--sureness", type=float, default=0.97)
    options = parser.parse_args(argv)
    drops_file = HERE / "drops.json"
    drops = json.loads(drops_file.read_text()).get(options.id, {}) if drops_file.exists() else {}
    if options.grids:
        options.grids.mkdir(parents=True, exist_ok=True)
    judge_file = options.judge or options.models / options.id / "judge.safetensors"
    content = choose(options.id, options.models, judge_file, options.grids, drops, options.draws, options.sureness)
    (options.models / options.id / "exemplars.json").write_text(json.dumps(content, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
