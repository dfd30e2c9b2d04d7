"""The engine's operations by the kernels of site/kernels, in the place of NumPy's, where they run and prove right."""

from .connection import Connection

kernels = Connection()
"""Those of this page. Before `kernels.connect()`, and wherever that finds none, NumPy does all the work."""
