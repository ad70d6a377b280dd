"""Renders a data set in one command, on all cores, and packs it: `python3 render.py rooms OUT --count 2048`.

    python3 render.py rooms OUT --count 32768
    python3 render.py faces OUT --count 30000 --assets ASSETS

Builds the renderer with make when it is not there. OUT gets WebP sheets of 16×16 tiles and attributes.csv, as pretrain/data.py reads
them; picture i is the same whatever the count. README.md says where the faces' ASSETS come from.
"""
from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
TILES = 16
ROOMS_HEADER = (
    "seed,window,n_windows,w1_x0,w1_y0,w1_x1,w1_y1,w1_pixels,w2_x0,w2_y0,w2_x1,w2_y1,w2_pixels,bed_x0,bed_y0,bed_x1,bed_y1,"
    "lamp_on,lamp,door,wardrobe,picture,mirror,plant,curtain,wall_color,wall_hue,floor,time,yaw,pitch,fov"
).split(",")


def render_part(scene: str, binary: Path, pack: Path | None, folder: Path, first: int, count: int) -> tuple[Path, Path]:
    """Renders pictures first … first + count − 1; returns the raw RGB file and its CSV (with a header for faces)."""
    stem = folder / f"part_{first:08d}"
    raw, table = stem.with_suffix(".rgb"), stem.with_suffix(".csv")
    if scene == "rooms":
        command = [binary, str(first), str(count), stem]
    else:
        command = [binary, pack, raw, table, str(first), str(count), "--size", "64"]
    subprocess.run([str(part) for part in command], check=True, stderr=subprocess.DEVNULL)
    return raw, table


def read_part(scene: str, raw: Path, table: Path) -> tuple[np.ndarray, list[str], list[list[str]]]:
    """Pictures uint8 [N, 64, 64, 3], the names of the columns and the rows, without the number of the picture."""
    images = np.fromfile(raw, np.uint8).reshape(-1, 64, 64, 3)
    with open(table, newline="") as file:
        rows = list(csv.reader(file))
    if scene == "rooms":
        return images, ROOMS_HEADER, [row[1:] for row in rows]
    return images, rows[0], rows[1:]


def write_sheet(images: np.ndarray, file: Path, quality: int) -> None:
    """Up to 256 pictures, row by row; what is missing stays black."""
    canvas = np.zeros((TILES * TILES, 64, 64, 3), np.uint8)
    canvas[: len(images)] = images
    sheet = canvas.reshape(TILES, TILES, 64, 64, 3).swapaxes(1, 2).reshape(TILES * 64, TILES * 64, 3)
    Image.fromarray(np.ascontiguousarray(sheet)).save(file, "WEBP", quality=quality, method=4)


def prepare(scene: str, assets: Path | None) -> tuple[Path, Path | None]:
    """Builds what is missing: the binary and, for faces, the pack of meshes and textures. Returns both paths."""
    binary = HERE / scene / "build" / scene
    subprocess.run(["make", "-s", "-C", str(HERE), str(binary.relative_to(HERE))], check=True)
    if scene == "rooms":
        return binary, None
    pack = HERE / "faces" / "build" / "faces.pack"
    if not pack.exists():
        if assets is None:
            sys.exit("faces need --assets FOLDER once: README.md says what it holds and where it comes from")
        subprocess.run([sys.executable, str(HERE / "faces" / "prepare.py"), str(assets), str(pack)], check=True)
    return binary, pack


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scene", choices=("rooms", "faces"))
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=2048)
    parser.add_argument("--assets", type=Path, help="folder with MakeHuman's CC0 meshes and textures, for faces")
    parser.add_argument("--quality", type=int, default=95, help="of the WebP sheets")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    binary, pack = prepare(options.scene, options.assets)
    options.out.mkdir(parents=True, exist_ok=True)
    per_sheet = TILES * TILES
    firsts = range(0, options.count, per_sheet)
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(options.jobs) as pool:

        def render(first: int) -> tuple[Path, Path]:
            return render_part(options.scene, binary, pack, Path(temporary), first, min(per_sheet, options.count - first))

        with open(options.out / "attributes.csv", "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for sheet, (raw, table) in enumerate(pool.map(render, firsts)):
                images, header, rows = read_part(options.scene, raw, table)
                if sheet == 0:
                    writer.writerow(["index", *header])
                writer.writerows([sheet * per_sheet + i, *row] for i, row in enumerate(rows))
                write_sheet(images, options.out / f"{options.scene}_{sheet:04d}.webp", options.quality)
                raw.unlink()
                print(f"\r{sheet * per_sheet + len(images)} of {options.count}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
