"""The forward pass of all-MiniLM-L6-v2 in float32, written for being obviously right: one text at a time."""

import json
import math
import os
import struct

# More threads than free cores make these small products many times slower, as they wait by spinning.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

TOKEN_LIMIT = 256
HEADS = 12
LAYERS = 6



def erf(x):
    """The error function to 1.5e-7: Abramowitz and Stegun, formula 7.1.26."""
    z = np.abs(x.astype(np.float64))
    t = 1 / (1 + 0.3275911 * z)
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return np.copysign(1 - series * np.exp(-z * z), x).astype(np.float32)


def read_safetensors(path):
    """Every float32 tensor of a safetensors file by name."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[start:end], dtype="<f4").reshape(entry["shape"])
    return tensors


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class MiniLM:
    def __init__(self, path):
        self.tensors = read_safetensors(path)

    def linear(self, x, name):
        return x @ self.tensors[name + ".weight"].T + self.tensors[name + ".bias"]

    def norm(self, x, name):
        centred = x - x.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + 1e-12)
        return centred / deviation * self.tensors[name + ".weight"] + self.tensors[name + ".bias"]

    def attention(self, x, layer):
        def heads(part):
            y = self.linear(x, f"{layer}.attention.self.{part}")
            return y.reshape(len(x), HEADS, -1).transpose(1, 0, 2)

        query, key, value = heads("query"), heads("key"), heads("value")
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1])
        return (softmax(scores) @ value).transpose(1, 0, 2).reshape(len(x), -1)

    def embed(self, ids):
        """The unit vector of one text.

        `ids` begins with [CLS] and ends with [SEP]; one that is too long loses its end, but not its [SEP].
        """
        if len(ids) > TOKEN_LIMIT:
            ids = ids[: TOKEN_LIMIT - 1] + ids[-1:]
        t = self.tensors
        x = t["embeddings.word_embeddings.weight"][ids] + t["embeddings.position_embeddings.weight"][: len(ids)]
        x = self.norm(x + t["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in (f"encoder.layer.{i}" for i in range(LAYERS)):
            attended = self.linear(self.attention(x, layer), f"{layer}.attention.output.dense")
            x = self.norm(x + attended, f"{layer}.attention.output.LayerNorm")
            y = self.linear(x, f"{layer}.intermediate.dense")
            y = y * 0.5 * (1 + erf(y / np.float32(math.sqrt(2))))
            x = self.norm(x + self.linear(y, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        mean = x.mean(axis=0)
        return mean / np.sqrt((mean * mean).sum())
