"""Keeps what generated calls change to products and orders that the test made for them (see run.ts)."""

import os
import re
import uuid

import schemathesis

PRODUCT_ID = os.environ["CONTRACT_PRODUCT_ID"]
ORDER_ID = os.environ["CONTRACT_ORDER_ID"]
CATEGORY = os.environ["CONTRACT_CATEGORY"]
SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


def is_id(value):
    """Malformed ids are sent as they were generated: they name nothing that could be changed."""
    try:
        uuid.UUID(value)
        return True
    except (ValueError, TypeError, AttributeError):
        return False


def own_products(value):
    """A body with the test's product in the place of every product that it names by a valid id."""
    if isinstance(value, list):
        return [own_products(item) for item in value]
    if isinstance(value, dict):
        return {
            key: PRODUCT_ID if key == "productId" and is_id(item) else own_products(item)
            for key, item in value.items()
        }
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.method.upper() == "GET":
        return
    path = case.operation.path
    parameters = case.path_parameters or {}
    for name, item in parameters.items():
        if is_id(item):
            parameters[name] = ORDER_ID if "/orders/" in path else PRODUCT_ID
    if isinstance(case.body, (dict, list)):
        case.body = own_products(case.body)
    if path.startswith("/api/admin/products") and isinstance(case.body, dict):
        # An existing category, and a slug by which the test finds the created products, to take them off sale again.
        if isinstance(case.body.get("category"), str):
            case.body["category"] = CATEGORY
        if isinstance(case.body.get("slug"), str) and SLUG.fullmatch(case.body["slug"]):
            case.body["slug"] = f"contract-{case.body['slug']}"[:100].rstrip("-")
