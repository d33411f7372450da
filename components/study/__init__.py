"""Any comparison of two families of systems, whatever they are systems for: no speech in it."""
