"""Computes what the embedder's tests compare with, by other people's code and by plain arithmetic.

usage: python Tests/Reference/reference.py --model models/all-MiniLM-L6-v2 --out .build-test/reference.json

Token ids come from PyPI 'tokenizers', vectors from the float32 forward pass in `minilm.py` (numpy only). The texts
are real: translations and prose of Debian packages, which `corpus.py` fetches with apt-get and never installs.
"""

import argparse
import json
import os
import pathlib

from tokenizers import BertWordPieceTokenizer

from corpus import Corpus
from minilm import MiniLM

LINES = 6000
PASSAGES = 200


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()

    tokenizer = BertWordPieceTokenizer(str(arguments.model / "vocab.txt"), lowercase=True)
    model = MiniLM(arguments.model / "model.safetensors")
    corpus = Corpus.fetch()
    lines = corpus.lines(LINES)
    passages = corpus.passages(PASSAGES)

    reference = {
        "scripts": corpus.scripts(lines),
        "lines": [{"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids} for text in lines],
        "passages": [
            {"text": text, "vector": [round(float(x), 7) for x in model.embed(tokenizer.encode(text).ids)]}
            for text in passages
        ],
    }
    assert len(reference["scripts"]) >= 12, f"only {reference['scripts']}"
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    temporary = arguments.out.with_suffix(".part")
    temporary.write_text(json.dumps(reference, ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, arguments.out)
    print(
        f"reference: {len(lines)} lines in {len(reference['scripts'])} scripts, "
        f"{len(passages)} passages -> {arguments.out}"
    )


if __name__ == "__main__":
    main()
