"""Where this site keeps the files of its incidents, and how much of them."""

from django.conf import settings

from hikeshi.kernel.vault import Vault

FOLDER = "vault"
KIND = "incident-files"


def vault() -> Vault:
    return Vault(settings.DATA_ROOT / FOLDER, settings.MASTER_KEY, KIND, settings.DISK_SPARE)
