"""Wake words: one keyword against everything else, in a stream of sound that does not end."""
