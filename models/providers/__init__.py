"""The platforms the desk knows: a further one is a package here and an entry in this tuple."""

from models.providers import goody, sendoso
from models.providers.provider import Provider

PROVIDERS: tuple[Provider, ...] = (sendoso.PROVIDER, goody.PROVIDER)
