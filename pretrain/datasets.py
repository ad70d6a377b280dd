"""The small sets that training in the browser starts from: a fair sample, halved, as WebP sheets, with public/datasets/index.json.

    python3 datasets.py --id rooms --data RUNS/data/rooms --out ../public/datasets

What each set is told to be stands in SETS; a set that is made again replaces its files and its entry.
"""
from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image

from data import read_sheets

# Side of a picture, and pictures a row and a column of a sheet: 1,024 pixels a side.
TILE = 32
ACROSS = 32
SETS = {
    "characters": {
        "title": "Characters",
        "licence": "CC0 1.0",
        "about": "Heads of invented people, rendered by this project: no photograph and no real person is in it. Drawn by lot from the 30,000 that the bundled model characters-64 learned from.",
    },
    "rooms": {
        "title": "Rooms",
        "licence": "MIT, as this project",
        "about": "Bedrooms, ray-traced by this project from random numbers. Drawn by lot from the 32,768 that the bundled model rooms-64 learned from.",
    },
}


def sample(folder: Path, count: int, seed: int) -> np.ndarray:
    """`count` pictures drawn without replacement, uint8 [count, 64, 64, 3]."""
    images = read_sheets(folder)
    if len(images) < count:
        raise SystemExit(f"{folder} has {len(images)} pictures; {count} are wanted")
    return images[np.random.RandomState(seed).permutation(len(images))[:count]]


def reduce(images: np.ndarray) -> np.ndarray:
    """Halved by Pillow's Lanczos filter, which is antialiased."""
    return np.stack([np.asarray(Image.fromarray(x).resize((TILE, TILE), Image.LANCZOS)) for x in images])


def write_sheets(images: np.ndarray, folder: Path, quality: int) -> list[dict]:
    """Full sheets only, so that no tile is blank: row by row, as index.json's files."""
    per_sheet = ACROSS * ACROSS
    if len(images) % per_sheet:
        raise SystemExit(f"--count must be a multiple of {per_sheet}")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.webp"):
        old.unlink()
    files = []
    for start in range(0, len(images), per_sheet):
        tiles = images[start : start + per_sheet].reshape(ACROSS, ACROSS, TILE, TILE, 3)
        sheet = tiles.swapaxes(1, 2).reshape(ACROSS * TILE, ACROSS * TILE, 3)
        file = folder / f"{start // per_sheet}.webp"
        Image.fromarray(sheet).save(file, "webp", quality=quality, method=6)
        blob = file.read_bytes()
        files.append(
            {
                "path": f"{folder.name}/{file.name}",
                "bytes": len(blob),
                "sha256": hashlib.sha256(blob).hexdigest(),
            }
        )
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--id", required=True, choices=list(SETS))
    parser.add_argument("--data", required=True, type=Path, help="folder of WebP sheets with attributes.csv")
    parser.add_argument("--out", required=True, type=Path, help="public/datasets")
    parser.add_argument("--count", type=int, default=4096)
    parser.add_argument("--quality", type=int, default=97, help="of WebP")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    images = reduce(sample(options.data, options.count, options.seed))
    files = write_sheets(images, options.out / options.id, options.quality)
    entry = {
        "id": options.id,
        **SETS[options.id],
        "count": len(images),
        "size": TILE,
        "channels": 3,
        "tile": TILE,
        "files": files,
    }
    index_file = options.out / "index.json"
    index = json.loads(index_file.read_text()) if index_file.exists() else {"v": 1, "sets": []}
    by_id = {one["id"]: one for one in index["sets"]} | {options.id: entry}
    index["sets"] = [by_id[name] for name in SETS if name in by_id]
    index_file.write_text(json.dumps(index, indent=2, ensure_ascii=False) + "\n")
    print(f"{options.id}: {len(images)} pictures, {sum(file['bytes'] for file in files) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
