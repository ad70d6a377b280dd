"""Reading and writing safetensors files with numpy alone, so that no step needs another package."""
from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np

_TO_NUMPY = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "I64": np.int64, "I32": np.int32, "U8": np.uint8}
_FROM_NUMPY = {np.dtype(v): k for k, v in _TO_NUMPY.items()}


def write_safetensors(path: str | Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Writes `tensors` in their own dtypes, in the order given. `metadata` values must be strings."""
    header: dict[str, object] = {"__metadata__": metadata}
    chunks: list[bytes] = []
    offset = 0
    for name, array in tensors.items():
        data = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": _FROM_NUMPY[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        offset += len(data)
        chunks.append(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for data in chunks:
            file.write(data)


def read_safetensors(path: str | Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Returns (arrays by name, metadata). Arrays own their memory."""
    blob = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", blob[:8])
    header = json.loads(blob[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    arrays = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        raw = blob[8 + length + start : 8 + length + end]
        arrays[name] = np.frombuffer(raw, _TO_NUMPY[entry["dtype"]]).reshape(entry["shape"]).copy()
    return arrays, metadata
