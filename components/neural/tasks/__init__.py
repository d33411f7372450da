"""Several tasks: heads and codes of labels besides the words, one network for all, a network for each."""
