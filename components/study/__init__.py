"""Study: settings, plan, splits, results and fingerprints of any comparison of systems; no speech in it."""
