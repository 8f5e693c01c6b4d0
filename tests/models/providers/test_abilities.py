"""What platforms can be asked for, and whom to ask where they cannot."""

import pytest

from models.providers import PROVIDERS, catalogue
from models.providers.abilities import AbilityName
from models.providers.provider import Provider

NAMES: tuple[AbilityName, ...] = ("cancel", "extend")


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.key)
@pytest.mark.parametrize("name", NAMES)
def test_each_status_can_be_asked_for_or_says_what_to_do_instead(
    provider: Provider, name: AbilityName
) -> None:
    ability = provider.ability(name)
    known = set(catalogue.STATUSES[provider.key])
    assert ability.statuses <= known
    assert ability.instead.keys() <= known - ability.statuses
    for slug in (*known, "unmapped"):
        assert (slug in ability.statuses) is not ability.advice(slug).endswith(".")
    if ability.statuses:
        assert provider.asks


def test_goody_cancels_and_extends_until_an_order_is_accepted() -> None:
    goody = catalogue.provider("goody")
    for name in NAMES:
        assert goody.ability(name).statuses == {"created", "notified", "opened", "expired"}
    assert "ask Goody Support" in goody.ability("cancel").advice("accepted")
    for status in goody.statuses:
        if status.types == ("batch",):
            assert "its orders" in goody.ability("cancel").advice(status.slug)


def test_sendoso_is_asked_in_other_ways() -> None:
    sendoso = catalogue.provider("sendoso").ability("cancel")
    assert not sendoso.statuses
    assert "Send Tracker" in sendoso.advice("confirming_address")
    assert "Ask Sendoso Support at once" in sendoso.advice("order_received")
    assert "cannot be canceled" in sendoso.advice("shipped")
    assert "under Issues" in sendoso.advice("insufficient_funds")
    assert "nothing is left to cancel" in sendoso.advice("delivered")
