"""Cases of attestation: who is who in one, what is true in it, the one writer of its status, the acts of the teacher's side."""
