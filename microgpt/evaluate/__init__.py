"""How well a model does, and what it has learnt: held-out loss, n-grams to beat, novelty, attention heads."""
