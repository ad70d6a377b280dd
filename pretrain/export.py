"""Turns a training run into files of the app: `python3 export.py --id characters-64 --run RUN --models ../public/models`.

Writes <models>/<id>/{generator,discriminator}.safetensors and card.json and renews <models>/index.json. With --judge also
judge.safetensors; with --results the metrics that evaluate.py measured go into the card. Without --run only cards and index are renewed.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import torch

from modelspec import discriminator_spec, generator_spec, half_precision_state, image_spec, write_network
from networks import Discriminator, Generator, load_folded, reestimate_batch_norm
from tensorfile import read_safetensors

HERE = Path(__file__).parent
ROLES = ("generator", "discriminator", "judge")


def load_run(run: Path) -> tuple[Generator, Discriminator, dict]:
    """The averaged generator, the discriminator and {options, step, seconds} of a run's checkpoint."""
    state = torch.load(run / "checkpoint.pt", map_location="cpu")
    options = state["options"]
    channels = state["generator"][max((k for k in state["generator"] if k.endswith("weight")), key=_layer_number)].shape[1]
    generator = Generator(options["size"], options["nz"], options["ngf"], channels)
    generator.load_state_dict(state["average"])
    critic = Discriminator(options["size"], options["ndf"], channels, options["norm"], options["slope"], options.get("gain", 1.0))
    critic.load_state_dict(state["critic"])
    critic.eval()
    return generator, critic, {"options": options, "step": state["step"], "seconds": state["seconds"], "channels": channels}


def _layer_number(name: str) -> int:
    return int(name.split(".")[1])


def blend(generator: Generator, other: Generator, share: float) -> None:
    """Moves the weights of `generator` towards those of `other`, an earlier state of the same training, by `share` of the way."""
    with torch.no_grad():
        for mine, theirs in zip(generator.parameters(), other.parameters()):
            mine.lerp_(theirs, share)


def export_networks(run: Path, folder: Path, blended: Path | None = None, share: float = 0.5) -> dict:
    """Writes both networks of a run in half precision. The batch statistics of G are those of the rounded weights."""
    generator, critic, info = load_run(run)
    if blended:
        blend(generator, load_run(blended)[0], share)
    o, channels = info["options"], info["channels"]
    load_folded(generator, half_precision_state(generator))
    reestimate_batch_norm(generator, batches=40)
    write_network(folder / "generator.safetensors", generator, generator_spec(generator, o["size"], o["nz"], channels))
    write_network(folder / "discriminator.safetensors", critic, discriminator_spec(critic, o["size"], channels))
    digest = hashlib.sha256((folder / "generator.safetensors").read_bytes()).hexdigest()
    # other weights make the old exemplars other pictures: start over, exemplars.py fills the file
    (folder / "exemplars.json").write_text(json.dumps({"v": 1, "modelHash": digest, "concepts": {}}) + "\n")
    return info


def recipe_text(info: dict, data: dict) -> str:
    """One sentence on how the run differs from the paper's recipe, out of its own options."""
    o = info["options"]
    parts = [
        f"DCGAN with 4×4 kernels, {o['ngf']} filters in G and {o['ndf']} in D",
        "hinge loss" if o["loss"] == "hinge" else "the paper's loss (non-saturating cross-entropy)",
        {"spectral": "spectral norm on D instead of batch norm (folded into the weights)", "batch": "batch norm in D", "none": "no norm in D"}[o["norm"]],
        f"LeakyReLU {o['slope']}",
        f"Adam {o['lr']:g}, betas {o['betas'][0]:g} and {o['betas'][1]:g}, batch {o['batch']}",
    ]
    if o.get("gain", 1) != 1:
        parts.append(f"D's logits times {o['gain']:g}")
    if o["r1"]:
        parts.append(f"R1 {o['r1']:g}")
    if o["decay_from"] < 1:
        parts.append(f"learning rate falling linearly over the last {round(100 * (1 - o['decay_from']))} % of the run")
    if o["ema"]:
        parts.append(f"the running average of G ({o['ema']:g}) is what ships, its batch statistics measured afresh")
    if o["flip"]:
        parts.append("images mirrored at random")
    if o["bf16"]:
        parts.append("convolutions in bfloat16")
    return "; ".join(parts) + "."


def card_metric(entry: dict) -> dict:
    """A row of evaluate.py as the card shows it: one value, what it is to be held against in the note."""
    unit = "%" if entry["label"].endswith(", %") else "°" if entry["label"].endswith(", degrees") else None
    notes = []
    if "interval" in entry:
        notes.append("95 % interval {} to {}".format(*entry["interval"]))
    if "reference" in entry:
        notes.append(f"reference {entry['reference']}")
    notes += [entry["note"]] if "note" in entry else []
    metric = {"name": entry["label"].removesuffix(", %").removesuffix(", degrees"), "value": entry["value"]}
    return {**metric, **({"unit": unit} if unit else {}), **({"note": "; ".join(notes)} if notes else {})}


def write_card(folder: Path, entry: dict, training: dict, metrics: list[dict]) -> None:
    """card.json: what the app shows of a model. Title, files and hashes stand in index.json alone."""
    card = {
        "v": 1,
        **{key: entry[key] for key in ("summary", "about", "data", "licence", "attribution")},
        **training,
        "metrics": [card_metric(entry) for entry in metrics],
        "weaknesses": entry["weaknesses"],
    }
    (folder / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")


def boxes_of(folder: Path, model_id: str, files: dict) -> dict:
    """Boxes drawn by hand belong to one generator's pictures: those of other weights are left out."""
    file = folder / "boxes.json"
    if not file.exists() or json.loads(file.read_text())["modelHash"] != files["generator"]["sha256"]:
        return {}
    return {"boxes": f"{model_id}/boxes.json"}


def write_index(models: Path, catalogue: dict) -> None:
    """index.json over every model whose generator is there, in the catalogue's order."""
    entries = []
    for model_id, entry in catalogue.items():
        folder = models / model_id
        if not (folder / "generator.safetensors").exists():
            continue
        spec = json.loads(read_safetensors(folder / "generator.safetensors")[1]["spec"])
        files = {}
        for role in ROLES:
            file = folder / f"{role}.safetensors"
            if file.exists():
                blob = file.read_bytes()
                files[role] = {"path": f"{model_id}/{file.name}", "bytes": len(blob), "sha256": hashlib.sha256(blob).hexdigest()}
        entries.append({
            "id": model_id,
            "title": entry["title"],
            "files": files,
            "card": f"{model_id}/card.json",
            "exemplars": f"{model_id}/exemplars.json",
            **boxes_of(folder, model_id, files),
            "latent": spec["latent"],
            "image": spec["output"],
        })
    (models / "index.json").write_text(json.dumps({"v": 1, "models": entries}, indent=1, ensure_ascii=False) + "\n")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", required=True, type=Path, help="public/models")
    parser.add_argument("--id", help="which model of catalogue.json")
    parser.add_argument("--run", type=Path, help="folder of a training run")
    parser.add_argument("--blend", type=Path, help="another run, whose generator's weights are mixed in (say so in --start)")
    parser.add_argument("--share", type=float, default=0.5, help="how much of --blend")
    parser.add_argument("--judge", type=Path, help="a judge's safetensors file")
    parser.add_argument("--results", type=Path, help="folder of evaluate.py's <id>.json", default=HERE / "results")
    parser.add_argument("--hardware", default="CPU", help="what it was trained on, for the card")
    parser.add_argument("--start", default="", help="one sentence for the card on what the run started from")
    options = parser.parse_args(argv)
    catalogue = json.loads((HERE / "catalogue.json").read_text())
    if options.id:
        folder = options.models / options.id
        folder.mkdir(parents=True, exist_ok=True)
        if options.judge:
            shutil.copyfile(options.judge, folder / "judge.safetensors")
        card_file = folder / "card.json"
        old = json.loads(card_file.read_text()) if card_file.exists() else {}
        training = {key: old.get(key) for key in ("recipe", "steps", "hardware")}
        if options.run:
            info = export_networks(options.run, folder, options.blend, options.share)
            hours = f"{info['seconds'] / 3600:.1f} hours" if info["seconds"] >= 5400 else f"{info['seconds'] / 60:.0f} minutes"
            recipe = " ".join(filter(None, [recipe_text(info, catalogue[options.id]["data"]), options.start]))
            training = {"recipe": recipe, "steps": info["step"], "hardware": f"{options.hardware}, {hours}"}
        results_file = options.results / f"{options.id}.json"
        results = json.loads(results_file.read_text()) if results_file.exists() else {}
        write_card(folder, catalogue[options.id], training, results.get("metrics", []))
    write_index(options.models, catalogue)


if __name__ == "__main__":
    main()
