"""How passwords are kept: the parameters of Argon2id, as RFC 9106 recommends for a server with little memory."""

from argon2 import Type, extract_parameters

from attestation.site import passwords


def test_parameters() -> None:
    kept = extract_parameters(passwords.hashed("длинная фраза для входа"))
    assert (kept.type, kept.version, kept.memory_cost, kept.time_cost, kept.parallelism) == (Type.ID, 19, 65536, 3, 4)
    assert (kept.salt_len, kept.hash_len) == (16, 32)


def test_the_same_password_is_never_kept_alike() -> None:
    assert len({passwords.hashed("длинная фраза для входа") for _ in range(2)}) == 2
