"""Looking inside: the source traced as it runs, expressions and their tape, one attention head, one weight."""
