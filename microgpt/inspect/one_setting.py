"""What one setting changes in the code: the function that asks for it, as it reads with one value or another.

The value takes the place of the setting's name, and where an `if` asks for it, only the branch that is carried out
stays. Nothing else of the text changes, so the lines in which two readings differ are those that the setting decides.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ..config import GPTConfig
from ..optim import optimizer, scheduled
from ..tensor_gpt import TensorGPT
from ..trainer import Trainer
from .where import function_tree, source_of

# Where each setting has its effect: in the model on Tensors, which knows all of them, or in training.
_ASKS: dict[str, Callable[..., Any]] = {
    "n_layer": TensorGPT.logits,
    "n_embd": GPTConfig.shapes,
    "n_head": TensorGPT.attend,
    "block_size": TensorGPT.__init__,
    "steps": scheduled,
    "learning_rate": scheduled,
    "seed": Trainer.__init__,
    "optimizer": optimizer,
    "beta1": optimizer,
    "beta2": optimizer,
    "weight_decay": optimizer,
    "decay": scheduled,
    "batch_size": Trainer.next_indices.fget,  # type: ignore[attr-defined]  # a property's function
    "activation": TensorGPT.mlp,
    "bias": TensorGPT.linear,
    "tied": TensorGPT.logits,
    "gain": TensorGPT.norm,
    "attention": TensorGPT.logits,
    "positions": TensorGPT.logits,
    "residual": TensorGPT.join,
    "rmsnorm": TensorGPT.norm,
    "mlp": TensorGPT.logits,
}
_OWNERS = {"config", "settings", "first_settings"}


class Reading(NamedTuple):
    """A function as it reads with one value of a setting."""

    file: str  # from the root of the project, as "microgpt/tensor_gpt.py"
    function: str  # qualified name, as "TensorGPT.logits"
    text: str


def reading(name: str, value: object) -> Reading:
    """The function that asks for the setting `name`, where that is `value`. Raises KeyError for no setting, and
    LookupError if the function no longer asks for it."""
    function = _ASKS[name]
    source = source_of(function)
    tree = function_tree(source, function.__qualname__)
    writer = _Writer(source, name, value, of_self=function.__qualname__.startswith(GPTConfig.__name__))
    lines = list(writer.lines([tree]))
    if not writer.asked:
        raise LookupError(f"{function.__qualname__} does not ask for {name}: its code has changed")
    return Reading(function.__module__.replace(".", "/") + ".py", function.__qualname__, "\n".join(lines))


class _Writer:
    """Writes statements out again, with the setting put in."""

    def __init__(self, source: str, name: str, value: object, of_self: bool) -> None:
        self._lines = [line.encode() for line in source.splitlines()]  # the tree counts bytes
        self._name, self._value = name, value
        self._owners = _OWNERS | {"self"} if of_self else _OWNERS
        self.asked = False

    def lines(self, statements: Sequence[ast.stmt], shift: int = 0) -> Iterator[str]:
        """The lines of a block, `shift` columns further to the left, each with the comments above it."""
        for statement in statements:
            yield from self._statement(statement, shift)
            if self._ends(statement):
                return  # what follows is never reached

    def _statement(self, node: ast.stmt, shift: int) -> Iterator[str]:
        if isinstance(node, ast.If) and (truth := self._truth(node.test)) is not None:
            taken = node.body if truth else node.orelse
            if taken:
                yield from self.lines(taken, shift + taken[0].col_offset - node.col_offset)
        elif isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.FunctionDef)) and not getattr(
            node, "orelse", []
        ):
            yield from self._written(node, node.lineno, node.body[0].lineno - 1, shift)
            yield from self.lines(node.body, shift)
        else:
            yield from self._written(node, node.lineno, node.end_lineno or node.lineno, shift)

    def _ends(self, node: ast.stmt) -> bool:
        """Whether the block is left here, as the setting stands."""
        if isinstance(node, ast.If) and (truth := self._truth(node.test)) is not None:
            taken = node.body if truth else node.orelse
            return bool(taken) and self._ends(taken[-1])
        return isinstance(node, (ast.Return, ast.Raise))

    def _written(self, node: ast.AST, first: int, last: int, shift: int) -> Iterator[str]:
        """Lines `first` to `last` with what stands in them of the setting."""
        edits = [edit for edit in self._edits(node) if edit[0][0] <= last]
        text = self._with(edits, (first, 0), (last, len(self._lines[last - 1])))
        yield from (line[shift:] for line in text.split("\n"))

    def _with(self, edits: list["_Edit"], start: "_Spot", end: "_Spot") -> str:
        """The text from `start` to `end`, with these edits made."""
        parts, at = [], start
        for left, right, new in sorted(edits):
            parts += [self._between(at, left), new]
            at = right
        return "".join([*parts, self._between(at, end)])

    def _between(self, start: "_Spot", end: "_Spot") -> str:
        lines = self._lines[start[0] - 1 : end[0]]
        lines[-1] = lines[-1][: end[1]]
        lines[0] = lines[0][start[1] :]
        return b"\n".join(lines).decode()

    def _edits(self, node: ast.AST) -> Iterator["_Edit"]:
        """What the setting takes the place of, from the outside in."""
        if isinstance(node, ast.IfExp) and (truth := self._truth(node.test)) is not None:
            taken = node.body if truth else node.orelse
            yield (*_span(node), self._with(list(self._edits(taken)), *_span(taken)))
        elif self._is_the_setting(node):
            self.asked = True
            value = f'"{self._value}"' if isinstance(self._value, str) else repr(self._value)
            yield (*_span(node), value)
        else:
            for child in ast.iter_child_nodes(node):
                yield from self._edits(child)

    def _truth(self, test: ast.expr) -> bool | None:
        """What a condition comes to that asks for nothing but the setting; None for any other."""
        if self._is_the_setting(test):
            self.asked = True
            return bool(self._value)
        match test:
            case ast.Compare(left, [ast.Eq()], [ast.Constant(other)]) if self._is_the_setting(left):
                self.asked = True
                return self._value == other
        return None

    def _is_the_setting(self, node: ast.AST) -> bool:
        if not (isinstance(node, ast.Attribute) and node.attr == self._name):
            return False
        owner = node.value
        return (owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")) in self._owners


_Spot = tuple[int, int]  # line, from 1, and byte in it, from 0
_Edit = tuple[_Spot, _Spot, str]  # from, to, and what stands there instead


def _span(node: Any) -> tuple[_Spot, _Spot]:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
