"""Which attributes each data set labels, as targets for the judges and as counts for the evaluation."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data import load_images, read_attributes, read_idx

YAW_SCALE = 35.0  # degrees a unit of the judge's output; the data's yaw is within ±35


@dataclass
class Labelled:
    """What a loader of this module returns; `extras` are attributes that only the second judge learns.

    Images uint8 [N, s, s, c] with targets [N, K]: 0/1 for probabilities, degrees / YAW_SCALE for yaw; `held_out` is a mask [N].
    """

    images: np.ndarray
    targets: np.ndarray
    outputs: list[dict]
    held_out: np.ndarray
    used: np.ndarray
    groups: np.ndarray | None = None  # what the interval of a held-out score is resampled by


def probability(name: str) -> dict:
    return {"name": name, "kind": "probability"}


LONG_HAIR = {"long01", "braid01", "ponytail01"}
LIGHT_HAIR = {"blond", "platinum", "white", "grey"}


def load_characters(folder: Path, extras: bool = False) -> Labelled:
    """Rows of the last tenth are held out: every row is another random person. `extras` adds the hair's length and lightness."""
    rows = read_attributes(folder)
    columns = [
        [row["gender"] == "female" for row in rows],
        [float(row["smile"]) > 0.5 for row in rows],
        [row["glasses"] == "1" for row in rows],
        [row["beard"] == "1" for row in rows],
        [float(row["yaw"]) / YAW_SCALE for row in rows],
    ]
    outputs = [probability(n) for n in ("woman", "smile", "glasses", "beard")]
    outputs.append({"name": "yawDegrees", "kind": "degrees", "scale": YAW_SCALE})
    if extras:
        columns.append([row["hair_style"] in LONG_HAIR for row in rows])
        columns.append([row["hair_color"] in LIGHT_HAIR and row["hair_style"] != "bald" for row in rows])
        columns.append([row["hair_style"] in ("bald", "buzz") for row in rows])
        outputs += [probability(n) for n in ("longHair", "lightHair", "littleHair")]
    n = len(rows)
    return Labelled(load_images(folder, 64), _stack(columns), outputs, np.arange(n) >= 0.9 * n, np.ones(n, bool))


def load_portraits(folder: Path, extras: bool = False) -> Labelled:
    """16 of the people are held out: training has neither of a morph's two, testing has both. Mixed morphs are left out."""
    rows = read_attributes(folder)
    male = np.array([float(row["male"]) for row in rows])
    pairs = np.array([[row["person_a"], row["person_b"]] for row in rows])
    people = np.unique(pairs)
    apart = np.random.default_rng(7).choice(people, 16, replace=False)
    inside = np.isin(pairs, apart)
    clear = (male < 0.25) | (male > 0.75)
    columns = [male < 0.25, [row["smile"] == "1" for row in rows]]
    outputs = [probability("woman"), probability("smile")]
    used = clear & (inside.all(1) | ~inside.any(1))
    return Labelled(load_images(folder, 64), _stack(columns), outputs, inside.all(1), used, pairs[:, 0])


def load_rooms(folder: Path, extras: bool = False) -> Labelled:
    """Rows of the last tenth are held out. `extras` adds what else hangs and stands about; the judge is less sure of those."""
    rows = read_attributes(folder)
    n = len(rows)
    names = ["window"] + (["curtain", "picture", "wardrobe", "plant", "woodFloor"] if extras else [])
    columns = [[row["floor"] == "wood" if name == "woodFloor" else row[name] == "1" for row in rows] for name in names]
    outputs = [probability(name) for name in names]
    return Labelled(load_images(folder, 64), _stack(columns), outputs, np.arange(n) >= 0.9 * n, np.ones(n, bool))


def load_digits(folder: Path, extras: bool = False) -> Labelled:
    """Ten outputs, one a digit. The file's images are in order of class, so every tenth is held out."""
    images = load_images(folder, 32)
    labels = read_idx(next(Path(folder).glob("train-labels*")))
    outputs = [probability(f"digit{d}") for d in range(10)]
    held_out = np.arange(len(images)) % 10 == 0
    return Labelled(images, np.eye(10, dtype=np.float32)[labels], outputs, held_out, np.ones(len(images), bool))


def _stack(columns: list) -> np.ndarray:
    return np.stack([np.asarray(column, np.float32) for column in columns], 1)


LOADERS = {"characters-64": load_characters, "portraits-64": load_portraits, "rooms-64": load_rooms, "digits-32": load_digits}
