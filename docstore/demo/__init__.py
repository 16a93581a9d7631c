"""The demo court: made-up people, cases and papers, built through the same actions as everything else."""
