"""Domain adaptation: one network for the clips of a study and those of its source, made alike inside."""
