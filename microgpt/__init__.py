"""microgpt: a GPT small enough to read, on nothing but NumPy and the standard library.

Start reading at `value.py` (a number that remembers where it came from) and `scalar_gpt.py`
(the whole model, one number at a time); `model.py` is the same mathematics on arrays.
"""

__version__ = "0.1.0"
