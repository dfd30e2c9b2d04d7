"""The parts of the build. `build.py` at the root strings them together; each module is one idea.

Standard library only: this package runs before anything has been installed.
"""
