"""The providers that the desk knows. A further one is a package here and an entry in `PROVIDERS`."""

from models.providers import goody, sendoso
from models.providers.provider import Provider

PROVIDERS: tuple[Provider, ...] = (sendoso.PROVIDER, goody.PROVIDER)
"""All providers, in the order in which lists and sentences name them."""
