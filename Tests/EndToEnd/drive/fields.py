"""Partial answers: the `fields` parameter of Google's APIs."""

from typing import Any


def parse(text: str) -> dict[str, Any]:
    """`a,b(c,d)` as a tree: `{"a": {}, "b": {"c": {}, "d": {}}}`; an empty tree is everything."""
    tree, rest = _parse(text)
    if rest:
        raise ValueError(f"invalid field selection {text}")
    return tree


def select(value: Any, tree: dict[str, Any]) -> Any:
    if not tree or "*" in tree:
        return value
    if isinstance(value, list):
        return [select(element, tree) for element in value]
    return {name: select(value[name], inner) for name, inner in tree.items() if name in value}


def _parse(text: str) -> tuple[dict[str, Any], str]:
    tree: dict[str, Any] = {}
    while True:
        end = next((index for index, character in enumerate(text) if character in ",()"), len(text))
        name, text = text[:end], text[end:]
        if not name:
            raise ValueError("invalid field selection")
        tree[name] = {}
        if text.startswith("("):
            tree[name], text = _parse(text[1:])
            if not text.startswith(")"):
                raise ValueError("invalid field selection")
            text = text[1:]
        if not text.startswith(","):
            return tree, text
        text = text[1:]
