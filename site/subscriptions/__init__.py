"""Subscriptions of visitors without an account: asked for, confirmed by a letter, ended by a link of any letter."""
