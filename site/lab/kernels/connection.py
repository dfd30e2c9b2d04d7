"""Finds the kernels, has them prove that they are right, and puts them in the place of NumPy's operations."""

import importlib
from typing import Any

from microgpt import ops

from ..core.signal import Signal
from . import check
from .operations import operations

MODULE = "microgpt_kernels"  # under which site/kernels/connect.mjs has them found


class Connection:
    """Whether the kernels run, and why not if they don't."""

    def __init__(self) -> None:
        self.problem = "They have not been looked for."  # why there are none; "" if there are
        self.chosen = Signal(False)  # whether the engine is to call them
        self._operations: dict[str, ops.Operation] = {}

    @property
    def available(self) -> bool:
        return bool(self._operations)

    @property
    def running(self) -> bool:
        """The engine calls them now."""
        return self.available and ops.in_use() == self._operations

    def connect(self, module: Any = None) -> None:
        """Find them, test them, and let the engine use them; or keep to NumPy and say why in `problem`. `module` has
        them as its attributes; without it they are those that the page has brought."""
        self._operations = {}
        self.choose(False)
        try:
            found = importlib.import_module(MODULE) if module is None else module
        except ImportError:
            self.problem = "This Python comes without them."
            return
        if hasattr(found, "problem"):
            self.problem = f"This browser does not run them: {found.problem}"
            return
        try:
            check.everything(found)
        except Exception as error:  # whatever goes wrong in there, NumPy does the same work
            self.problem = f"They have failed their test: {error}"
            return
        self.problem = ""
        self._operations = operations({name: getattr(found, name) for name in ops.NUMPY})
        self.choose(True)

    def use(self, wanted: bool) -> None:
        """Run on the kernels, if there are any, or on NumPy alone."""
        ops.use(**(self._operations if wanted else {}))

    def choose(self, wanted: bool) -> None:
        """The same, as the reader's choice: whoever shows it is told."""
        self.use(wanted)
        self.chosen.set(self.running)
