"""Looking inside: tracing the source as it runs, expressions and their tape, one head, one weight."""
