"""Which inputs Google's types take, as the SDK that programs use declares them.

The SDK is made from the provider's schema, so its `…Args` classes say what the provider knows:
https://www.pulumi.com/docs/iac/using-pulumi/pulumi-packages/schema/. They are read and not imported: a module
takes seconds to import, and a class a thousandth to read."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, NamedTuple

SDK = "pulumi_gcp"
PRIMITIVES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
}


class InputType(NamedTuple):
    """What an input takes: a primitive with its Python `name`, a list or a map of `of`, an object whose class
    is `name`, or anything, where the SDK says no more."""

    kind: Literal["primitive", "list", "map", "object", "anything"]
    name: str = ""
    of: "InputType | None" = None

    def __str__(self) -> str:
        said = {"str": "a string", "bool": "true or false", "int": "an integer", "float": "a number"}
        return said.get(self.name) or {"list": "a list", "map": "a map"}.get(self.kind, "an object")


class InputField(NamedTuple):
    """An input, by the name that the engine knows, and whether it must be there."""

    takes: InputType
    is_required: bool


ANYTHING = InputType("anything")


def input_class(token: str) -> tuple[str, str] | None:
    """The module and the class of the inputs of a type, such as `gcp:dns/recordSet:RecordSet`; None for one
    that isn't Google's."""
    package, path, name = token.split(":")
    return (path.split("/")[0], f"{name}Args") if package == "gcp" else None


@cache
def fields(module: str, name: str) -> dict[str, InputField]:
    """What the class `name` of a module of the SDK takes. Raises LookupError when there is none."""
    body = ast.parse(_source(module, name)).body[0]
    assert isinstance(body, ast.ClassDef)
    made = next(each for each in body.body if isinstance(each, ast.FunctionDef) and each.name == "__init__")
    given = zip(made.args.kwonlyargs, made.args.kw_defaults, strict=True)
    required = {argument.arg for argument, default in given if default is None}
    return {
        engines: InputField(_takes(getter.returns), getter.name in required)
        for getter, engines in _getters(body)
    }


def _getters(body: ast.ClassDef) -> Iterator[tuple[ast.FunctionDef, str]]:
    for each in (each for each in body.body if isinstance(each, ast.FunctionDef)):
        for decorator in each.decorator_list:
            said = ast.unparse(decorator)
            if said == "pulumi.getter":
                yield each, each.name
            elif named := re.fullmatch(r"pulumi\.getter\(name='(\w+)'\)", said):
                yield each, named[1]


def _takes(annotation: ast.expr | None) -> InputType:
    match annotation:
        case ast.Attribute(ast.Name("_builtins"), name) if name in PRIMITIVES:
            return InputType("primitive", name)
        case ast.Constant(str(name)) if name.isidentifier() and name.endswith("Args"):
            return InputType("object", name)
        case ast.Subscript(ast.Attribute(ast.Name("pulumi"), "Input") | ast.Name("Optional"), inner):
            return _takes(inner)
        case ast.Subscript(ast.Name("Sequence"), inner):
            return InputType("list", of=_takes(inner))
        case ast.Subscript(ast.Name("Mapping"), ast.Tuple([_, inner])):
            return InputType("map", of=_takes(inner))
    return ANYTHING


def _source(module: str, name: str) -> str:
    """The text of a class: those of resources have a file each, all others are in one."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name.removesuffix("Args"))
    for file in (f"{words.lower()}.py", "_inputs.py"):
        text = _text(module, file)
        start = text.find(f"\nclass {name}:")
        if start >= 0:
            end = re.compile(r"^\S", re.MULTILINE).search(text, start + 2)
            return text[start : end.start() if end else None]
    raise LookupError(f"{SDK}.{module} has no {name}.")


@cache
def _text(module: str, file: str) -> str:
    found: Any = find_spec(SDK)
    path = Path(found.origin).parent / module / file
    return path.read_text("utf-8") if path.is_file() else ""
