"""Documents by chance, written in ways of their own, and signs to damage them with."""

import json
import random
import re
from typing import Any

from hypothesis import strategies as st

from tests.catalog.yaml.core_schema import resolve_by_the_table

texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["no", "1", "", "~", "a: b", " x ", "# c", "- a", "!a", "a-", "it's", "l1\nl2\n", "\U0001f600", "e\u0301"]
)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
trees = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(texts, trees, max_size=5)


def to_json(tree: Any, indent: int | None = None) -> str:
    """JSON with escapes for the few characters that it may hold as they are and the reader refuses."""
    written = json.dumps(tree, ensure_ascii=False, indent=indent)
    return re.sub(
        "[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]", lambda m: f"\\u{ord(m[0]):04x}", written
    )


class Writer:
    """Writes a tree as YAML, in a way of its own every time."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def flow(self, tree: Any) -> str:
        space = self.chance.choice(["", " "])
        if isinstance(tree, dict):
            return "{" + ", ".join(f"{self.scalar(k)}: {self.flow(v)}{space}" for k, v in tree.items()) + "}"
        if isinstance(tree, list):
            return "[" + ", ".join(self.flow(v) + space for v in tree) + "]"
        return self.scalar(tree)

    def scalar(self, leaf: Any) -> str:
        if not isinstance(leaf, str):
            return to_json(leaf)
        ways = [to_json(leaf)]
        if leaf.isprintable():
            ways.append("'" + leaf.replace("'", "''") + "'")
        if (
            re.fullmatch("[\\w\U0001f600\u0301]([\\w\U0001f600\u0301 -]*[\\w-])?", leaf)
            and resolve_by_the_table(leaf) == leaf
        ):
            ways.append(leaf)
        return self.chance.choice(ways)

    def block(self, tree: Any, indent: int) -> str:
        lines = []
        for item in tree.items() if isinstance(tree, dict) else tree:
            lines.append(self.chance.choice(["", "", "", "\n", "# comment: [\n"]))
            start, inner = (f"{self.scalar(item[0])}:", item[1]) if isinstance(tree, dict) else ("-", item)
            lines.append(" " * indent + start + self.rest(inner, indent, start))
        return "".join(lines)

    def rest(self, tree: Any, indent: int, start: str) -> str:
        """What follows a key's colon or an entry's dash."""
        deeper = indent + self.chance.randint(1, 4)
        end = self.chance.choice(["", "", " # comment"]) + "\n"
        if tree is None and self.chance.random() < 0.5:
            return end
        if isinstance(tree, dict | list) and tree and self.chance.random() < 0.7:
            if start == "-" and self.chance.random() < 0.5:
                inner = self.block(tree, indent + 2)
                return inner[indent + 1 :] if inner.startswith(" ") else end + inner
            return end + self.block(tree, deeper)
        if isinstance(tree, str) and re.fullmatch(r"([!-~]+\n)+", tree):
            return " |\n" + "".join(" " * deeper + line + "\n" for line in tree.splitlines())
        return " " + self.flow(tree) + end


@st.composite
def written_documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    tree = draw(documents.filter(bool))
    written = Writer(draw(st.randoms())).block(tree, 0)
    return written.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"]))), tree


FRAGMENTS = [
    *"abc-:?,[]{}#&*!|>'\"%@`~0.\\\n \t\r", "\n", "\n  ", "\n- ", ": ", "a: ", "b: ", "- ", "? ", "---",
    "...", "\n---\n", "\r\n", "&x ", "*x ", "!t ", "!!str ", "<<: ", "%YAML 1.2\n", "'a'", '"b"', '"',
    "\\u0041", "\\x", "|\n", ">-\n  ", "|2+\n", "#c\n", "null", "true", "1", "-0x", "1e9", ".inf", "no",
    "\u00e9", "\U0001f600", "\u00a0", "\u2028", "\x85", "\ufeff", "\x07", "{a: 1}", "[1, 2]",
]  # fmt: skip
