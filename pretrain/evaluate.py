"""Measures a bundled model: `python3 evaluate.py --id characters-64 --data FOLDER --models ../public/models`.

Counts with the second judge (judges/<id>.safetensors), which had no part in choosing exemplars. Writes results/<id>.json, which
export.py puts into the card; `python3 evaluate.py --table` prints all results as the tables of docs/models.md.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from arithmetic import count_arithmetic, generate, turning
from attributes import LOADERS, Labelled
from data import save_grid
from judge import Judge, held_out_scores, load_judge, read_images
from metrics import frechet_distance, nearest, sliced_wasserstein, total_variation, wilson
from networks import Generator, load_folded
from tensorfile import read_safetensors

HERE = Path(__file__).parent
SAMPLES = 5000


def load_generator(file: Path) -> Generator:
    """A generator out of its exported file, on the running statistics of the file."""
    arrays, metadata = read_safetensors(file)
    spec = json.loads(metadata["spec"])
    convolutions = [layer for layer in spec["layers"] if layer["kind"] == "convTranspose"]
    output = spec["output"]
    generator = Generator(output["height"], spec["latent"]["size"], convolutions[-2]["filters"], output["channels"])
    load_folded(generator, arrays)
    return generator.eval()


def to_bytes(images: torch.Tensor) -> np.ndarray:
    """Floats [N, c, s, s] in [-1, 1] → uint8 [N, s, s, c]."""
    return ((images.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).contiguous().numpy()


def row(label: str, value: float | str, **more) -> dict:
    return {"label": label, "value": value, **more}


def distribution_metrics(fakes: np.ndarray, reals: np.ndarray, judge: Judge) -> list[dict]:
    """Distances of SAMPLES generated to SAMPLES real pictures, each with that of two disjoint sets of real ones beside it."""
    rng = np.random.default_rng(3)
    order = rng.permutation(len(reals))
    first, second = reals[order[:SAMPLES]], reals[order[SAMPLES : 2 * SAMPLES]]
    features = [read_images(judge, x, features=True) for x in (fakes, first, second)]
    wasserstein = [np.mean(sliced_wasserstein(x, first)) for x in (fakes, second)]
    return [
        row("Fréchet distance in the second judge's features", round(frechet_distance(features[0], features[1]), 3),
            reference=round(frechet_distance(features[2], features[1]), 3), note="reference: real against real; lower is nearer"),
        row("Sliced Wasserstein distance of 7×7 patches × 1000", round(float(wasserstein[0]), 1),
            reference=round(float(wasserstein[1]), 1), note="mean of three scales; reference: real against real"),
    ]


def memorisation_metrics(fakes: np.ndarray, labelled: Labelled, mirror: bool, grid: Path | None) -> list[dict]:
    """How near 200 samples lie to their nearest training picture, beside how near real pictures lie to their nearest other one."""
    rng = np.random.default_rng(4)
    order = rng.permutation(len(labelled.images))
    probe, rest = labelled.images[order[:200]], labelled.images[order[200:]]
    index, distance = nearest(fakes[:200], rest, mirror)
    _, reference = nearest(probe, rest, mirror)
    if grid is not None:
        pairs = np.stack([fakes[:16], rest[index[:16]]], 1).reshape(32, *fakes.shape[1:])
        save_grid(pairs, grid, 8, 2)
    return [
        row("Distance to the nearest training picture (16×16, rms of 255), median of 200", round(float(np.median(distance)), 1),
            reference=round(float(np.median(reference)), 1), note="reference: real pictures to their nearest other; far below it would be copying"),
        row("The nearest of 200 samples to any training picture", round(float(distance.min()), 1),
            reference=round(float(reference.min()), 1), note="reference: the same of 200 real pictures"),
    ]


def coverage_metrics(fakes: np.ndarray, labelled: Labelled, outputs: list[dict], judge: Judge) -> list[dict]:
    """Shares of each attribute among generated and real pictures, both as the second judge sees them, and of their combinations."""
    rng = np.random.default_rng(5)
    reals = labelled.images[rng.permutation(len(labelled.images))[:SAMPLES]]
    raw_fake, raw_real = read_images(judge, fakes), read_images(judge, reals)
    if outputs[0]["name"].startswith("digit"):
        cells = [np.bincount(raw.argmax(1), minlength=10) for raw in (raw_fake, raw_real)]
        shares = "; ".join(f"{d}: {100 * a / a_sum:.1f} ({100 * b / b_sum:.1f})" for d, (a, b, a_sum, b_sum) in
                           enumerate(zip(*cells, [cells[0].sum()] * 10, [cells[1].sum()] * 10)))
        sure = [round(100 * float((np.exp(raw - raw.max(1, keepdims=True)).sum(1) < 1 / 0.9).mean()), 1) for raw in (raw_fake, raw_real)]
        return [
            row("Shares of the digits 0 to 9 in %, generated (real)", shares),
            row("Total variation between the shares of digits", round(total_variation(*cells), 3), reference=0.0),
            row("Samples that the judge is at least 90 % sure of, %", sure[0], reference=sure[1], note="reference: real pictures"),
        ]
    rows, bits_fake, bits_real = [], np.zeros(len(fakes), int), np.zeros(len(reals), int)
    for k, output in enumerate(outputs):
        if output["kind"] == "degrees":
            spread = [float(np.std(raw[:, k]) * output["scale"]) for raw in (raw_fake, raw_real)]
            rows.append(row("Spread (sd) of yaw, degrees", round(spread[0], 1), reference=round(spread[1], 1), note="reference: real pictures"))
            continue
        on_fake, on_real = raw_fake[:, k] > 0, raw_real[:, k] > 0
        share, low, high = wilson(int(on_fake.sum()), len(fakes))
        rows.append(row(f"Share with {output['name']}, %", round(100 * share, 1), interval=[round(100 * low, 1), round(100 * high, 1)],
                        reference=round(100 * float(on_real.mean()), 1), note="reference: real pictures"))
        if k < 4:
            bits_fake, bits_real = bits_fake * 2 + on_fake, bits_real * 2 + on_real
    cells = [np.bincount(bits, minlength=16) for bits in (bits_fake, bits_real)]
    half = [np.bincount(part, minlength=16) for part in np.array_split(bits_real, 2)]
    rows.append(row("Total variation between the shares of all combinations of the first attributes", round(total_variation(*cells), 3),
                    reference=round(total_variation(*half), 3), note="0 equal, 1 disjoint; reference: two halves of the real pictures"))
    return rows


def exemplar_pools(file: Path) -> dict[str, np.ndarray]:
    """Concept id → latents [M, nz]; concepts without exemplars are left out."""
    concepts = json.loads(file.read_text())["concepts"] if file.exists() else {}
    return {name: np.array(concept["z"]) for name, concept in concepts.items() if len(concept["z"]) >= 3}


def arithmetic_metrics(generator: Generator, judge: Judge, outputs: list[dict], pools: dict[str, np.ndarray]) -> list[dict]:
    """The paper's two equations and its pose vector, as far as the model has the exemplars for them."""
    column = {output["name"]: k for k, output in enumerate(outputs)}
    rows: list[dict] = []

    def add(title: str, concepts: tuple[str, str, str], success) -> None:
        if all(concept in pools for concept in concepts):
            for entry in count_arithmetic(generator, judge, *(pools[c] for c in concepts), success):
                rows.append({**entry, "label": f"{title}: {entry['label']}, %"})

    add("Smiling woman − neutral woman + neutral man is a smiling man", ("smiling-woman", "neutral-woman", "neutral-man"),
        lambda raw: (raw[:, column["woman"]] < 0) & (raw[:, column["smile"]] > 0))
    add("Man with glasses − man without + woman without is a woman with glasses",
        ("man-with-glasses", "man-without-glasses", "woman-without-glasses"),
        lambda raw: (raw[:, column["woman"]] > 0) & (raw[:, column["glasses"]] > 0))
    if "looking-left" in pools and "yawDegrees" in column:
        k = column["yawDegrees"]
        rows += turning(generator, judge, k, outputs[k]["scale"], pools["looking-left"], pools["looking-right"])
    return rows


def judge_metrics(file: Path, variant: str, labelled: Labelled) -> list[dict]:
    """Held-out scores of a judge, only of the outputs it has."""
    judge, _ = load_judge(file, variant)
    name = "Judge" if variant == "first" else "Second judge"
    rows = []
    for key, score in held_out_scores(judge, labelled).items():
        if "accuracy" in score:
            rows.append(row(f"{name}, held-out accuracy: {key}, %", round(100 * score["accuracy"], 1),
                            interval=[round(100 * v, 1) for v in score["interval"]], note=f"{score['n']} pictures"))
        else:
            rows.append(row(f"{name}, held-out mean error of yaw, degrees", score["mean_error"], note=f"{score['n']} pictures"))
    return rows


@torch.no_grad()
def evaluate(model_id: str, data: Path, models: Path, grids: Path | None) -> list[dict]:
    folder, second = models / model_id, HERE / "judges" / f"{model_id}.safetensors"
    generator = load_generator(folder / "generator.safetensors")
    judge, outputs = load_judge(second, "second")
    labelled = LOADERS[model_id](data, True)
    z = np.random.default_rng(2).standard_normal((SAMPLES, generator.main[0].in_channels))
    fakes = to_bytes(generate(generator, z))
    if grids is not None:
        grids.mkdir(parents=True, exist_ok=True)
        save_grid(fakes[:64], grids / f"{model_id}-samples.png", 8)
    rows = distribution_metrics(fakes, labelled.images, judge)
    rows += memorisation_metrics(fakes, labelled, model_id != "digits-32", grids and grids / f"{model_id}-nearest.png")
    rows += coverage_metrics(fakes, labelled, outputs, judge)
    rows += arithmetic_metrics(generator, judge, outputs, exemplar_pools(folder / "exemplars.json"))
    if (folder / "judge.safetensors").exists():
        rows += judge_metrics(folder / "judge.safetensors", "first", LOADERS[model_id](data))
    return rows + judge_metrics(second, "second", labelled)


def table(results: Path) -> str:
    """All results as Markdown, one table a model."""
    titles = json.loads((HERE / "catalogue.json").read_text())
    parts = []
    for model_id in titles:
        file = results / f"{model_id}.json"
        if not file.exists():
            continue
        lines = [f"### {model_id}", "", "| measure | value | 95 % interval | reference | |", "|---|---|---|---|---|"]
        for entry in json.loads(file.read_text())["metrics"]:
            interval = " to ".join(map(str, entry["interval"])) if "interval" in entry else ""
            lines.append(f"| {entry['label']} | {entry['value']} | {interval} | {entry.get('reference', '')} | {entry.get('note', '')} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--id", choices=sorted(LOADERS))
    parser.add_argument("--data", type=Path, help="the labelled data the model was trained on")
    parser.add_argument("--models", type=Path, default=HERE.parent / "public" / "models")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--grids", type=Path, help="folder for pictures to look at: samples, samples beside their nearest training picture")
    parser.add_argument("--table", action="store_true", help="print the tables of docs/models.md out of the results")
    options = parser.parse_args(argv)
    if options.id:
        metrics = evaluate(options.id, options.data, options.models, options.grids)
        options.results.mkdir(parents=True, exist_ok=True)
        target = options.results / f"{options.id}.json"
        target.write_text(json.dumps({"metrics": metrics}, indent=1, ensure_ascii=False) + "\n")
    if options.table or options.id:
        print(table(options.results), end="")


if __name__ == "__main__":
    main()
