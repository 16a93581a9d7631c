"""The ground floor: time, settings, jobs, locks, errors, digests, references and pages of lists. No domain words."""
