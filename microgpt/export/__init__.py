"""A trained run in other forms, as text or bytes: nothing here reads or writes a file."""

from .command import command as command
from .command import list_options as list_options
from .losses import losses_csv as losses_csv
from .losses import losses_json as losses_json
from .names import names_text as names_text
from .names import names_text_in_pieces as names_text_in_pieces
from .notebook import notebook as notebook
from .safetensors import safetensors as safetensors
from .standalone import standalone as standalone
