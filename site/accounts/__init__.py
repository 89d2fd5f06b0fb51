"""Accounts: what people do with their own, from opening it to signing out everywhere. No Flask; every act is journalled.

One account serves cabinet and office: whether somebody may enter the office is a matter of roles, not of the account.
"""
