"""MakeHuman's CC0 assets → one binary pack for the face renderer: `python3 prepare.py ASSETS OUT.pack`.

The pack is a flat list of records: u8 length of the name, name, u8 type (0 f32, 1 i32, 2 u8), u32 count, raw little-endian data.
Records: `base` (vertices), `NAME.rv/.uv/.tri` (render meshes), `t.NAME.i/.d` (sparse morph targets), `NAME.ref/.w/.off/.sv/.sd`
(proxies bound to three base vertices each), `tex.NAME/texs.NAME` (RGBA textures and their sizes), `skinmed.NAME` (median skin colour).
"""
from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

KEEP_ABOVE = 3.2  # decimetres over the mesh's origin; what is lower is never in the frame
HAIR_STYLES = ("afro", "bob", "braid", "long", "pony", "short")


class Pack:
    """Writes records to an open file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def put(self, name: str, array: np.ndarray) -> None:
        """Floats are stored as f32, signed ints as i32, unsigned ones as u8."""
        kind = "fiu".index(array.dtype.kind)
        array = np.ascontiguousarray(array).astype([np.float32, np.int32, np.uint8][kind])
        text = name.encode()
        self.file.write(struct.pack("<B", len(text)) + text + struct.pack("<BI", kind, array.size) + array.tobytes())

    def mesh(self, name: str, texture: np.ndarray, faces: list) -> None:
        """A render mesh: corners split by (position, texture) index, polygons cut into fans."""
        known: dict[tuple[int, int], int] = {}
        positions, uv, triangles = [], [], []
        for face in faces:
            corners = []
            for corner in face:
                if corner not in known:
                    known[corner] = len(positions)
                    positions.append(corner[0])
                    uv.append(texture[corner[1]])
                corners.append(known[corner])
            for k in range(1, len(corners) - 1):
                triangles += [corners[0], corners[k], corners[k + 1]]
        self.put(f"{name}.rv", np.array(positions, np.int32))
        self.put(f"{name}.uv", np.array(uv, np.float32))
        self.put(f"{name}.tri", np.array(triangles, np.int32))


def read_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def load_obj(path: Path) -> tuple[np.ndarray, np.ndarray, dict[str, list]]:
    """Vertices [N, 3], texture coordinates [M, 2], faces by group as lists of (vertex, texture) indices."""
    vertices, texture, faces, group = [], [], {}, "none"
    for line in read_lines(path):
        parts = line.split()
        if not parts:
            continue
        if parts[0] == "v":
            vertices.append([float(x) for x in parts[1:4]])
        elif parts[0] == "vt":
            texture.append([float(x) for x in parts[1:3]])
        elif parts[0] == "g":
            group = parts[1]
        elif parts[0] == "f":
            corners = [corner.split("/") for corner in parts[1:]]
            faces.setdefault(group, []).append([(int(c[0]) - 1, int(c[1]) - 1 if len(c) > 1 and c[1] else 0) for c in corners])
    return np.array(vertices, np.float32), np.array(texture or [[0, 0]], np.float32), faces


def put_base(pack: Pack, assets: Path) -> np.ndarray:
    """The base mesh and the parts of it that are drawn; returns its vertices."""
    vertices, texture, faces = load_obj(assets / "base.obj")
    pack.put("base", vertices)
    pack.mesh("body", texture, [f for f in faces["body"] if min(vertices[c[0], 1] for c in f) > KEEP_ABOVE])
    for part in ("upper-teeth", "lower-teeth", "tongue"):
        pack.mesh(part, texture, faces[f"helper-{part}"])
    return vertices


def put_targets(pack: Pack, assets: Path, vertices: np.ndarray) -> int:
    """Sparse morph targets, expression ones as `expr-NAME`; returns how many."""
    keep = vertices[:, 1] > KEEP_ABOVE - 0.6
    files = sorted((assets / "targets").rglob("*.target"))
    for file in files:
        rows = [line.split() for line in read_lines(file) if line.strip() and not line.startswith("#")]
        rows = [row for row in rows if keep[int(row[0])]]
        name = f"expr-{file.stem}" if "expression" in file.parts else file.stem
        pack.put(f"t.{name}.i", np.array([int(row[0]) for row in rows], np.int32))
        pack.put(f"t.{name}.d", np.array([[float(x) for x in row[1:4]] for row in rows], np.float32))
    return len(files)


def put_proxy(pack: Pack, name: str, file: Path) -> None:
    """A fitted proxy (.mhclo): three base vertices, three weights and an offset for each of its vertices."""
    references, weights, offsets, scales = [], [], [], {}
    mesh_file, in_vertices = "", False
    for line in read_lines(file):
        parts = line.split("#")[0].split()
        if not parts:
            continue
        if parts[0] == "obj_file":
            mesh_file = parts[1]
        elif parts[0] in ("x_scale", "y_scale", "z_scale"):
            scales[parts[0][0]] = (int(parts[1]), int(parts[2]), float(parts[3]))
            in_vertices = False
        elif parts[0] == "verts":
            in_vertices = True
        elif parts[0] in ("delete_verts", "weights"):
            break
        elif in_vertices and len(parts) == 1:  # bound to one vertex
            references.append([int(parts[0])] * 3)
            weights.append([1, 0, 0])
            offsets.append([0, 0, 0])
        elif in_vertices and len(parts) >= 6:
            references.append([int(x) for x in parts[:3]])
            weights.append([float(x) for x in parts[3:6]])
            offsets.append([float(x) for x in parts[6:9]] if len(parts) >= 9 else [0, 0, 0])
    vertices, texture, faces = load_obj(file.parent / mesh_file)
    if len(references) != len(vertices):
        raise ValueError(f"{file}: {len(references)} bindings for {len(vertices)} vertices")
    pack.put(f"{name}.ref", np.array(references, np.int32))
    pack.put(f"{name}.w", np.array(weights, np.float32))
    pack.put(f"{name}.off", np.array(offsets, np.float32))
    axes = [scales.get(axis, (0, 0, 0.0)) for axis in "xyz"]
    pack.put(f"{name}.sv", np.array([axis[:2] for axis in axes], np.int32))
    pack.put(f"{name}.sd", np.array([axis[2] for axis in axes], np.float32))
    pack.mesh(name, texture, [face for group in faces.values() for face in group])


def bleed(pixels: np.ndarray) -> np.ndarray:
    """Spreads colour into transparent texels of RGBA floats [h, w, 4], so that bilinear taps pick up no key colour."""
    alpha = pixels[..., 3:4] / 255
    colour, weight = pixels[..., :3] * alpha, alpha.copy()
    for _ in range(6):
        shifts = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        near = sum(np.roll(np.roll(colour, dy, 0), dx, 1) for dy, dx in shifts)
        total = sum(np.roll(np.roll(weight, dy, 0), dx, 1) for dy, dx in shifts)
        empty = weight < 0.02
        colour = np.where(empty, near / np.maximum(total, 1e-6) * 0.05, colour)
        weight = np.where(empty & (total > 0), 0.05, weight)
    return np.concatenate([np.clip(colour / np.maximum(weight, 1e-6), 0, 255), pixels[..., 3:4]], -1)


def put_texture(pack: Pack, file: Path) -> None:
    """A texture; hair becomes a map of relative brightness (its colour comes from the person), skins get their median colour noted."""
    image = Image.open(file).convert("RGBA")
    if "eye." in file.name:
        image = image.resize((256, 256), Image.BOX)
    pixels = bleed(np.asarray(image, np.float32))
    if any(style in file.stem for style in HAIR_STYLES):
        linear = ((pixels[..., :3] / 255) ** 2.2) @ np.array([0.3, 0.55, 0.15])
        bright = np.percentile(linear[pixels[..., 3] > 128], 80)
        pixels[..., :3] = np.clip(np.clip(linear / bright, 0.0, 1.6) ** 0.65 * 160, 0, 255)[..., None]
    if "skinned" in file.stem:
        face = ((pixels[215:290, 395:470, :3] / 255) ** 2.2).reshape(-1, 3)
        pack.put(f"skinmed.{file.stem}", np.median(face, 0).astype(np.float32))
    pack.put(f"tex.{file.stem}", pixels.astype(np.uint8))
    pack.put(f"texs.{file.stem}", np.array([pixels.shape[1], pixels.shape[0]], np.int32))


def main() -> None:
    assets, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "wb") as file:
        pack = Pack(file)
        vertices = put_base(pack, assets)
        count = put_targets(pack, assets, vertices)
        put_proxy(pack, "eyes", assets / "eyes/high-poly/high-poly.mhclo")
        for kind in ("eyelashes", "eyebrows", "hair"):
            for folder in sorted((assets / kind).iterdir()):
                put_proxy(pack, folder.name, folder / f"{folder.name}.mhclo")
        for texture in sorted((assets / "tex").glob("*.png")):
            put_texture(pack, texture)
    print(f"{count} targets, {target.stat().st_size / 1e6:.0f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
