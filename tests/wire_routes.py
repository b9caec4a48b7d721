"""Holds the methods, paths and documents of the REST services to AWS's own service models.

Reads them as JSON (tests/wire_paths.rs writes them): the service's id, and for each operation its method, path, and of a
document in XML its root and the element that may come several times.

    python wire_routes.py routes.json
"""

import json
import sys

from wire_models import conclude, names, session


def lists(shape, found):
    """The names of the elements that lists of a document consist of, lists within those apart."""
    for member in shape.members.values():
        if member.serialization.get("location"):
            continue
        if member.type_name == "list":
            flat = member.serialization.get("flattened")
            found.add(member.serialization["name"] if flat else member.member.serialization.get("name", "member"))
        elif member.type_name == "structure":
            lists(member, found)
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        routes = json.load(file)
    known, wrong = names(), []
    for route in routes:
        name = f"{route['service']} {route['operation']}"
        models = [session.get_service_model(one) for one in known.get(route["service"], [])]
        found = [model for model in models if route["operation"] in model.operation_names]
        if not found:
            wrong.append(f"there is no {name}")
            continue
        operation = found[0].operation_model(route["operation"])
        theirs = (operation.http["method"], operation.http["requestUri"])
        if theirs != (route["method"], route["path"]):
            wrong.append(f"{name} is {theirs}, not {(route['method'], route['path'])}")
        if "list" not in route:
            continue
        output = operation.output_shape
        payload = output.serialization.get("payload")
        document = output.members[payload] if payload else output
        if document.type_name != "structure":
            if route["root"] is not None:
                wrong.append(f"{name} answers no document")
            continue
        if payload and route["root"] != document.name:
            wrong.append(f"{name} answers {document.name}, not {route['root']}")
        elements = lists(document, set())
        if elements != ({route["list"]} if route["list"] else set()):
            wrong.append(f"{name} has lists of {sorted(elements)}, not of {route['list']!r}")
    conclude(wrong, len(routes), "routes")


main()
