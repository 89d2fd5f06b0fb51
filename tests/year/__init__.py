"""A simulated year: many applications walk both procedures by the acts of the product, and at its end everything is counted.

`diary` says what happens when, `course` leads one application, `commission` holds the sittings, `orders` issues what follows
from them; `ledger` counts what the script does, `reckoning` counts by other ways what is there, and compares.
"""
