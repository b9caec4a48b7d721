"""AWS's own service models, as botocore carries them, and how a script that holds something to them ends."""

import sys

import botocore.session

session = botocore.session.Session()


def names():
    """What botocore calls the services, by the id that their models carry. IAM knows one service where there are two APIs."""
    found = {}
    for name in session.get_available_services():
        found.setdefault(session.get_service_model(name).metadata["serviceId"], []).append(name)
    found["API Gateway"] += found["ApiGatewayV2"]
    return found


def conclude(wrong, held, what):
    """Prints what is wrong; it is wrong, too, to have held nothing to the models."""
    if not held:
        wrong.append(f"there are no {what} to hold to a model")
    print("\n".join(wrong))
    print(f"{held} {what}, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)
