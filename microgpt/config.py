"""The shape of a GPT: five whole numbers from which every matrix and every count follows."""

from dataclasses import asdict, dataclass


class ConfigError(ValueError):
    """A combination of settings that can't work; the message says what to change."""


@dataclass(frozen=True)
class GPTConfig:
    vocab_size: int = 27  # tokens it can tell apart
    block_size: int = 24  # positions: [BOS] and the letters it can look back on
    n_layer: int = 2
    n_embd: int = 32  # numbers that stand for one token
    n_head: int = 4  # looks taken side by side; each works on n_embd / n_head of the numbers

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not isinstance(value, int) or value < 1:
                raise ConfigError(f"{name} must be a whole number of at least 1, not {value!r}")
        if self.n_embd % self.n_head:
            raise ConfigError(
                f"n_embd = {self.n_embd} can't be shared out evenly among n_head = {self.n_head} heads: "
                f"make n_embd a multiple of {self.n_head}"
            )

    @property
    def head_size(self) -> int:
        return self.n_embd // self.n_head

    @property
    def max_letters(self) -> int:
        """The longest name that fits: one position is taken by [BOS]."""
        return self.block_size - 1

    def shapes(self) -> dict[str, tuple[int, int]]:
        """Name and shape (outputs, inputs) of every weight matrix, in the order they are stored.

        Names follow Karpathy's microgpt.py. wq, wk and wv of a layer stand side by side, so the
        three can be multiplied in one go.
        """
        c = self.n_embd
        shapes = {"wte": (self.vocab_size, c), "wpe": (self.block_size, c)}
        for i in range(self.n_layer):
            shapes |= {
                f"layer{i}.attn_wq": (c, c),
                f"layer{i}.attn_wk": (c, c),
                f"layer{i}.attn_wv": (c, c),
                f"layer{i}.attn_wo": (c, c),
                f"layer{i}.mlp_fc1": (4 * c, c),
                f"layer{i}.mlp_fc2": (c, 4 * c),
            }
        return shapes | {"lm_head": (self.vocab_size, c)}

    @property
    def n_params(self) -> int:
        return sum(rows * columns for rows, columns in self.shapes().values())
