"""The sections of the page, a room each. `lab/chapters.py` lists them."""
