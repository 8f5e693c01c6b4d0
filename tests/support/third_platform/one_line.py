"""The one line in `models/providers/__init__.py` that a further platform needs; a plugin of pytest.

It has to come before anything reads `PROVIDERS`, so a run of its own is given it with `-p`.
"""

from models import providers
from tests.support.third_platform import PROVIDER

providers.PROVIDERS = (*providers.PROVIDERS, PROVIDER)
