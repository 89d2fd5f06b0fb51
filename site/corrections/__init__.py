"""Corrections of published orders (3.7): the request of whoever found an error, its road, its term, the letters about it."""
