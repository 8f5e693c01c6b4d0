"""What an account of the sandbox has: made-up brands, products, cards, collections, people, cards to pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from models.sandbox.clock import stamp

_UPDATED = stamp(1_780_000_000)
WORKSPACES: tuple[Mapping[str, str], ...] = (
    MappingProxyType({"id": "541e9673-649e-4977-8e8b-3cee52fd7b68", "name": "Customer care"}),
    MappingProxyType({"id": "ed05606e-d6ba-4b9f-baf3-bde2cbbf0a72", "name": "People team"}),
)
ME = MappingProxyType({"email": "max@sandbox.example", "public_app_id": "app_sandbox"})
SENDER = MappingProxyType(
    {"first_name": "Max", "last_name": "Reyes", "email": "max@sandbox.example"}
)


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """One way to pay.

    Attributes:
        balance: Cents that can be spent, or None for a card.
        declines: Whether it never pays, so that an order stays in `pending_payment`.
    """

    id: str
    name: str
    cardholder: str | None = None
    balance: int | None = None
    declines: bool = False


PAYMENT_METHODS = (
    PaymentMethod("915d4077-5f47-43fb-87ba-f2f385933a35", "Visa 4242", "Max Reyes"),
    PaymentMethod("b66f3c41-3574-428f-8f84-d78c18564619", "Account balance", balance=10_000_00),
    PaymentMethod(
        "5c0a6a0e-3b7e-4d8a-9a54-0f6c1d0b7e11", "Visa 0002 (declined)", "Max Reyes", declines=True
    ),
)


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand, with what its parcels cost. Cents."""

    id: str
    name: str
    shipping: int
    free_from: int | None
    brand_values: tuple[str, ...]

    def body(self) -> dict[str, Any]:
        """Return it as the API does."""
        return {
            "id": self.id,
            "name": self.name,
            "logo_image": _image("brands", self.id, 400, 400),
            "shipping_price": self.shipping,
            "free_shipping_minimum": self.free_from,
            "brand_values": list(self.brand_values),
        }


@dataclass(frozen=True, slots=True)
class Product:
    """A product. Prices are cents.

    Attributes:
        variants: The names that can be chosen from, each with its id.
        choices: How many of the variants are chosen.
        most: The highest price, if the sender chooses the price; *price* is then the lowest.
    """

    id: str
    name: str
    brand: Brand
    price: int
    subtitle: str
    variants: tuple[tuple[str, str], ...] = ()
    choices: int | None = None
    most: int | None = None
    active: bool = True
    countries: tuple[str, ...] = ("US",)

    @property
    def slug(self) -> str:
        """What the address of its page ends with."""
        return f"{_slug(self.brand.name)}-1/{_slug(self.name)}"

    def short(self) -> dict[str, Any]:
        """Return it as a cart holds it."""
        brand = {"id": self.brand.id, "name": self.brand.name}
        return {"id": self.id, "name": self.name, "brand": brand}

    def body(self) -> dict[str, Any]:
        """Return it as the API does."""
        return {
            "id": self.id,
            "name": self.name,
            "brand": self.brand.body(),
            "subtitle": self.subtitle,
            "subtitle_short": None,
            "recipient_description": self.subtitle,
            "variants_label": "option" if self.variants else None,
            "variants_num_selectable": self.choices,
            "variants": [
                {"id": variant, "name": name, "subtitle": None} for variant, name in self.variants
            ],
            "variant_groups": [],
            "images": [
                {"id": self.id, "image_large": _image("products", self.id, 1200, 1200)},
            ],
            "price": self.price,
            "price_is_variable": self.most is not None,
            "price_min": None if self.most is None else self.price,
            "price_max": self.most,
            "restricted_states": [],
            "attributes": [{"label": "Where it's made", "content": "Nowhere: it is made up"}],
            "updated_at": _UPDATED,
            "status": "active" if self.active else "inactive",
        }


def _image(kind: str, name: str, width: int, height: int) -> dict[str, Any]:
    return {
        "url": f"https://assets.sandbox.example/{kind}/{name}.png",
        "width": width,
        "height": height,
    }


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


_COOKIES = Brand(
    "002daabe-9cd2-486f-9729-11b7df740105", "Cookie Company", 1000, None, ("Sustainable",)
)
_TEA = Brand("d4c3b2a1-0f9e-4d8c-b7a6-958473625104", "Leaf House", 700, 10_000, ("Vegan",))
_PAPER = Brand("8552d59e-f14f-4120-a8e1-8a6f4e49b89d", "Paper and Press", 500, 4000, ())
BRANDS = (_COOKIES, _TEA, _PAPER)

# The ids are those of the published requests, so that those can be sent as they stand.
PRODUCTS = (
    Product("48680ddb-37b2-48b3-8380-226c07bdede2", "Cookies", _COOKIES, 1000, "Two of each kind."),
    Product(
        "9ad51552-4b47-4a6f-9d9d-6c1d584d6511", "Six Cookies", _COOKIES, 1800, "Choose three kinds.",
        variants=(
            ("9e918c3b-7d28-428d-8578-a5ddd66a7859", "Chocolate Chip"),
            ("7324cbd9-0c83-4d79-90ec-c793ab0023af", "Oatmeal"),
            ("928b21ea-a7a3-4ad2-aa6c-f30b23f10faa", "Sugar"),
        ),
        choices=3,
    ),
    Product("00a822ab-4d20-4e0c-bbd7-a572fdf9fef8", "Tea sampler", _TEA, 3200, "Twelve teas."),
    Product(
        "51d3e838-8f30-4d56-985e-3e093705548d", "Tea for the team", _TEA, 12_000, "For ten people.",
        countries=("US", "CA"),
    ),
    Product("65c4e577-4226-4a2f-8298-aaffd3e34081", "Notebook", _PAPER, 1000, "Lined, A5."),
    Product(
        "a169b309-6166-4382-b020-8d571c7f2b95", "Gift card", _PAPER, 1000, "The sender sets the price.",
        most=50_000, countries=("US", "CA", "GB"),
    ),
    Product(
        "e2b9f659-e01e-430b-aa16-14a22158cd36", "Office favourites", _COOKIES, 2500,
        "One of this collection.",
    ),
    Product(
        "bae8372a-4325-4c5c-b58d-57e8f0a891ad", "Last year's calendar", _PAPER, 900, "Sold out.",
        active=False,
    ),
)  # fmt: skip
PRODUCT_BY_ID = MappingProxyType({product.id: product for product in PRODUCTS})
PRODUCT_BY_SLUG = MappingProxyType({product.slug: product for product in PRODUCTS})

_CARDS = (
    ("fbbe04d8-2568-4f95-ab68-4589b757c521", ("Thank you",)),
    ("b5542d5f-e5d9-4f03-87a1-1a81dced6d45", ("Congratulations", "Onboarding")),
    ("5b0432b6-489f-4d66-b263-e8fb1f8bff2a", ("Birthday",)),
    ("fc8e36c5-e4c7-4ba4-93a1-bac37514230e", ("Holidays",)),
    ("1796e72f-0114-4436-993e-4ad3828f76a0", ("Get well",)),
    ("203210fd-894b-4e9c-9fc5-7eb729c87d3b", ()),
)
CARDS: tuple[dict[str, Any], ...] = tuple(
    {
        "id": card,
        "image": _image("cards", card, 800, 1130),
        "image_thumb": _image("cards/thumbs", card, 200, 283),
        "occasions": list(occasions),
    }
    for card, occasions in _CARDS
)
CARD_IDS = frozenset(card for card, _ in _CARDS)


def brand_bodies(country: str) -> list[dict[str, Any]]:
    """Return the brands that ship to *country*, each with its products as one set."""
    found = []
    for brand in BRANDS:
        products = [
            product.body()
            for product in PRODUCTS
            if product.brand is brand and product.active and country in product.countries
        ]
        if products:
            brand_set = {
                "id": brand.id,
                "name": brand.name,
                "images": [{"id": brand.id, "image_large": _image("sets", brand.id, 1200, 800)}],
                "products": products,
                "categories": [],
            }
            found.append({**brand.body(), "brand_sets": [brand_set]})
    return found


def product_bodies(country: str, *, inactive: bool) -> list[dict[str, Any]]:
    """Return the products that ship to *country*."""
    return [
        product.body()
        for product in PRODUCTS
        if country in product.countries and (product.active or inactive)
    ]


def collection_bodies(published: bool | None) -> list[dict[str, Any]]:
    """Return the collections, or only those that are published or are not."""
    return [
        body
        for body in (collection_body(known) for known in _COLLECTIONS)
        if body is not None and published in (None, body["is_published"])
    ]


_PUBLISHED = "7f50f2ba-e070-4e33-a107-3ddfe4c771dc"
_DRAFT = "9afab2f9-6411-4e7f-9f7d-ecf27e00491a"
_COLLECTIONS = (_DRAFT, _PUBLISHED)


def collection_body(collection: str) -> dict[str, Any] | None:
    """Return one collection as the API does, or None."""
    if collection == _DRAFT:
        return {
            "id": _DRAFT,
            "workspace_id": WORKSPACES[0]["id"],
            "title": "Not finished yet",
            "is_published": False,
            "published_price": None,
        }
    if collection != _PUBLISHED:
        return None
    chosen = [PRODUCTS[0], PRODUCTS[2]]
    return {
        "id": _PUBLISHED,
        "workspace_id": WORKSPACES[0]["id"],
        "title": "Office favourites",
        "is_published": True,
        "published_price": 2500,
        "product": PRODUCT_BY_ID["e2b9f659-e01e-430b-aa16-14a22158cd36"].body(),
        "published_version": {
            "id": "3b6af2d7-74e3-4201-8dfc-88cfacbdde91",
            "title": "Office favourites",
            "subtitle": "Treats for the whole team",
            "multiple_select_mode": "disabled",
            "multiple_select_count": None,
            "multiple_select_price": None,
            "international_shipping_tier": "standard",
            "international_gift_cards_enabled": False,
            "collection_categories": [
                {
                    "id": "ed3c56cd-d90c-4815-8caf-fd4c79b7fd46",
                    "name": "Treats and sips",
                    "is_featured": True,
                    "position": 1,
                    "collection_products": [
                        {"id": product.brand.id, "product": product.body()} for product in chosen
                    ],
                }
            ],
        },
    }
