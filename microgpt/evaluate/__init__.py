"""How well a model does, and what it has learnt.

`held_out`: the loss on names it was not trained on. `ngrams`: simple models to beat. `guesses`: single predictions.
`novelty`: whether a made-up name is new. `heads`: what attention heads do. `ablations`: what parts are worth.
"""
