"""What a batch costs. Cents throughout."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.sandbox.goody.catalogue import PRODUCT_BY_ID, PRODUCT_BY_SLUG, Product
from models.sandbox.goody.inputs import CartInput, CartItemInput
from models.sandbox.refused import Refused

_FEE_PERCENT = 5
_MOST_OF_ONE = 1000
_HIGHEST_TAX_PERCENT = 10
_TAX_PER_100_000 = 8875
"""The tax of New York City, which every address of the sandbox has: 8.875 percent."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a cart. *price* is that of one piece."""

    product: Product
    quantity: int
    price: int
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """What one gift costs before tax."""

    product: int
    shipping: int
    fee: int

    @property
    def pre_tax(self) -> int:
        """All of it."""
        return self.product + self.shipping + self.fee

    @property
    def tax(self) -> int:
        """The tax that is paid in the end."""
        return -(-self.pre_tax * _TAX_PER_100_000 // 100_000)

    def cart(self) -> dict[str, int]:
        """Return the estimate for one recipient as the API does."""
        highest = self.pre_tax * _HIGHEST_TAX_PERCENT // 100
        return {
            "price_product": self.product,
            "price_shipping": self.shipping,
            "price_processing_fee": self.fee,
            "price_pre_tax": self.pre_tax,
            "price_est_tax_low": 0,
            "price_est_tax_high": highest,
            "price_est_total_low": self.pre_tax,
            "price_est_total_high": self.pre_tax + highest,
        }

    def total(self, recipients: int, *, addressed: bool) -> dict[str, int]:
        """Return the estimate for all recipients as the API does.

        Args:
            recipients: How many there are.
            addressed: Whether their addresses are known, so that the tax is.
        """
        if addressed:
            return {
                "recipients": recipients,
                "est_tax_calculated": self.tax * recipients,
                "est_total_calculated": (self.pre_tax + self.tax) * recipients,
            }
        one = self.cart()
        return {
            "recipients": recipients,
            "est_group_total_low": one["price_est_total_low"] * recipients,
            "est_group_total_high": one["price_est_total_high"] * recipients,
        }

    def amounts(self, *, paid: bool) -> dict[str, Any]:
        """Return the amounts of an order as the API does; tax and total are known once it is paid."""
        return {
            "amount_product": self.product,
            "amount_shipping": self.shipping,
            "amount_processing_fee": self.fee,
            "amount_pre_tax_total": self.pre_tax,
            "amount_tax": self.tax if paid else None,
            "amount_total": self.pre_tax + self.tax if paid else None,
            "amount_global_relay_cost": None,
        }


def price_in(amounts: dict[str, Any]) -> Price:
    """Return the price that the amounts of an order tell."""
    names = ("amount_product", "amount_shipping", "amount_processing_fee")
    return Price(*(amounts[name] for name in names))


def items_of(cart: CartInput, *, direct: bool) -> list[Item]:
    """Return the lines of *cart*.

    Args:
        cart: What was asked for.
        direct: Whether it goes out without the recipient's choice, so that variants must be given.

    Raises:
        Refused: If a product cannot be had so.
    """
    if not cart.items:
        raise Refused("Cart can't be blank")
    return [_item(wanted, direct) for wanted in cart.items]


def _item(wanted: CartItemInput, direct: bool) -> Item:
    product = _product(wanted)
    if not 0 < wanted.quantity <= _MOST_OF_ONE:
        raise Refused(f"Quantity must be between 1 and {_MOST_OF_ONE}")
    price = product.price
    if product.most is not None:
        if wanted.variable_price is None:
            raise Refused(f"Variable price can't be blank for {product.name}")
        if not product.price <= wanted.variable_price <= product.most:
            raise Refused(
                f"Variable price must be between {product.price} and {product.most} for {product.name}"
            )
        price = wanted.variable_price
    return Item(product, wanted.quantity, price, _variants(product, wanted, direct))


def _product(wanted: CartItemInput) -> Product:
    if wanted.product_id is not None:
        name, found = wanted.product_id, PRODUCT_BY_ID.get(wanted.product_id)
    elif wanted.product_url is not None:
        name = wanted.product_url
        slug = "/".join(name.split("?")[0].rstrip("/").split("/")[-2:])
        found = PRODUCT_BY_SLUG.get(slug)
    else:
        raise Refused("Product can't be blank")
    if found is None:
        raise Refused(f"Product not found: {name}")
    if not found.active:
        raise Refused(f"Product is not active: {name}")
    return found


def _variants(product: Product, wanted: CartItemInput, direct: bool) -> tuple[str, ...]:
    if not wanted.variants and not direct:
        return ()
    known = {name for _, name in product.variants}
    if len(wanted.variants) != (product.choices or 0) or not known.issuperset(wanted.variants):
        raise Refused(f"Variants must be {product.choices or 0} of those of {product.name}")
    return tuple(wanted.variants)


def price_of(items: Sequence[Item]) -> Price:
    """Return what one gift of these *items* costs."""
    product = sum(item.price * item.quantity for item in items)
    shipping = 0
    for brand in {item.product.brand for item in items}:
        ordered = sum(item.price * item.quantity for item in items if item.product.brand == brand)
        if brand.free_from is None or ordered < brand.free_from:
            shipping += brand.shipping
    return Price(product, shipping, (product + shipping) * _FEE_PERCENT // 100)
