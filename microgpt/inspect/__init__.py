"""Looking inside a model and its code, step by step.

`tracing`: the source as it runs, line by line. `expression`, `grammar` and `tape`: autograd on typed arithmetic.
`attention_head` and `one_weight`: the numbers of one head, and of one weight under the optimiser. `lens`: what each
layer would predict. `where` and `source_map`: the lines that compute a number. `one_setting`: those that one setting
decides.
"""
