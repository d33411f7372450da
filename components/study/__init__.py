"""Study: settings, plan, splits, results and fingerprints of any comparison, whatever its systems are for."""
