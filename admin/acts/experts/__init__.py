"""What the office does with its bank of experts: who is in it, what they may judge and until when, what ties them."""
