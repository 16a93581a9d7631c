"""How long records are kept, why, and what stops their disposal: schedules, triggers, evaluation, holds.

Asks every room below and is asked by none of them. Deciding is one pure function, `evaluate`; everything else brings it
facts (`facts`), keeps its answers (`status`) or changes what it is told (`actions`, `schedules`, `holds`).
"""
