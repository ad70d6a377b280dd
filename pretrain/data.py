"""Image readers: WebP sprite sheets with a CSV row per image, a plain folder of images, MNIST's IDX files."""
from __future__ import annotations

import csv
import gzip
import struct
from pathlib import Path

import numpy as np
from PIL import Image

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}


def load_images(path: str | Path, size: int = 64, limit: int | None = None) -> np.ndarray:
    """Reads a data folder of any known kind as uint8 [N, size, size, channels].

    Sheets: the folder holds attributes.csv and *.webp. IDX: it holds train-images*. Otherwise: images in it and its subfolders,
    cropped to their central square and resized. Raises FileNotFoundError when nothing is found.
    """
    folder = Path(path)
    if (folder / "attributes.csv").exists():
        images = _resize(read_sheets(folder, limit), size)
    elif list(folder.glob("train-images*")):
        images = _pad(read_idx(next(folder.glob("train-images*"))), size)[..., None]
    else:
        images = read_folder(folder, size, limit)
    return images[:limit]


def read_attributes(folder: str | Path) -> list[dict[str, str]]:
    """The rows of attributes.csv in the order of the images."""
    with open(Path(folder) / "attributes.csv", newline="") as file:
        return list(csv.DictReader(file))


def read_sheets(folder: Path, limit: int | None = None) -> np.ndarray:
    """Sheets of square 64×64 tiles, row-major, as uint8 [N, 64, 64, 3]; blank tiles at the end are dropped by the CSV's length."""
    count = len(read_attributes(folder))
    count = count if limit is None else min(count, limit)
    tiles: list[np.ndarray] = []
    total = 0
    for file in sorted(folder.glob("*.webp")):
        sheet = np.asarray(Image.open(file).convert("RGB"))
        rows, columns = sheet.shape[0] // 64, sheet.shape[1] // 64
        tiles.append(sheet.reshape(rows, 64, columns, 64, 3).swapaxes(1, 2).reshape(-1, 64, 64, 3))
        total += len(tiles[-1])
        if total >= count:
            break
    if not tiles:
        raise FileNotFoundError(f"no .webp sheets in {folder}")
    return np.concatenate(tiles)[:count]


def read_idx(file: str | Path) -> np.ndarray:
    """An IDX file of unsigned bytes (MNIST), gzipped or not, as an array of its own shape."""
    opener = gzip.open if str(file).endswith(".gz") else open
    with opener(file, "rb") as stream:
        blob = stream.read()
    zero, kind, dimensions = struct.unpack(">HBB", blob[:4])
    if zero != 0 or kind != 8:
        raise ValueError(f"{file} is not an IDX file of unsigned bytes")
    shape = struct.unpack(f">{dimensions}I", blob[4 : 4 + 4 * dimensions])
    return np.frombuffer(blob, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def read_folder(folder: Path, size: int, limit: int | None = None) -> np.ndarray:
    """Every image below `folder` in path order: central square, resized to size×size, RGB."""
    files = sorted(f for f in folder.rglob("*") if f.suffix.lower() in SUFFIXES)[:limit]
    if not files:
        raise FileNotFoundError(f"no images in {folder}")
    images = np.empty((len(files), size, size, 3), np.uint8)
    for i, file in enumerate(files):
        image = Image.open(file).convert("RGB")
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        images[i] = image.resize((size, size), Image.LANCZOS, (left, top, left + side, top + side))
    return images


def _resize(images: np.ndarray, size: int) -> np.ndarray:
    if images.shape[1] == size:
        return images
    return np.stack([np.asarray(Image.fromarray(x).resize((size, size), Image.LANCZOS)) for x in images])


def _pad(images: np.ndarray, size: int) -> np.ndarray:
    """Centres [N, h, w] in [N, size, size] with zeros around: digits keep their scale."""
    top, left = (size - images.shape[1]) // 2, (size - images.shape[2]) // 2
    padded = np.zeros((len(images), size, size), np.uint8)
    padded[:, top : top + images.shape[1], left : left + images.shape[2]] = images
    return padded


def save_grid(images: np.ndarray, file: str | Path, columns: int = 8, scale: int = 1) -> None:
    """Writes uint8 [N, h, w, 1 or 3] as one PNG, row-major."""
    n, h, w, c = images.shape
    rows = -(-n // columns)
    canvas = np.zeros((rows * columns, h, w, c), np.uint8)
    canvas[:n] = images
    picture = canvas.reshape(rows, columns, h, w, c).swapaxes(1, 2).reshape(rows * h, columns * w, c)
    image = Image.fromarray(picture[..., 0] if c == 1 else picture)
    image.resize((image.width * scale, image.height * scale), Image.NEAREST).save(file)
