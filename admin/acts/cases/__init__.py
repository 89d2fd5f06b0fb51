"""What the office does in cases: each act is one transaction with its journal; moves are made by `site/cases/moves.py`."""
