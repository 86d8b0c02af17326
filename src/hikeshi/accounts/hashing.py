from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id as OWASP's Password Storage Cheat Sheet asks: 19 MiB, two passes, one lane.

    Django's own default takes 100 MiB a try, which a dozen strangers could use to exhaust a small machine.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
