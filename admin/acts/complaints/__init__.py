"""What the office does with complaints. Each act is one transaction with its journal, which tells nothing of what they say."""
