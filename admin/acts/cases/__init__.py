"""What the office does in cases: each act one transaction with its journal; status is written by `site/cases/moves.py` alone."""
