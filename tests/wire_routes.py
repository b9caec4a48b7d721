"""Holds the methods, paths and documents of the REST services to AWS's own service models.

Reads them as JSON (tests/wire_paths.rs writes them): the service's id, and for each operation its method, path, and of a
document in XML its root and the element that may come several times.

    python wire_routes.py routes.json
"""

import json
import sys

import botocore.session

session = botocore.session.Session()
# serviceId -> models. IAM knows one service where there are two APIs.
models = {}
for name in session.get_available_services():
    model = session.get_service_model(name)
    models.setdefault(model.metadata["serviceId"], []).append(model)
models["API Gateway"] += models["ApiGatewayV2"]


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
    wrong = []
    for route in routes:
        name = f"{route['service']} {route['operation']}"
        found = [m for m in models.get(route["service"], []) if route["operation"] in m.operation_names]
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
    if not routes:
        wrong.append("there is no route to hold to a model")
    print("\n".join(wrong))
    print(f"{len(routes)} routes, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


main()
