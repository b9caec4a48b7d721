"""Holds the hosts that requests go to against AWS's own endpoint rules, as botocore carries them.

Reads hosts as JSON (tests/wire_paths.rs writes them): the service's id, region, flags, parameters that may stand in front of
the host, our host and the region we sign for.

    python wire_hosts.py hosts.json
"""

import json
import sys

import botocore.session
from botocore.endpoint_provider import EndpointProvider

# serviceId -> what botocore calls it.
session = botocore.session.Session()
loader = session.get_component("data_loader")


def named():
    names = {}
    for name in session.get_available_services():
        try:
            metadata = loader.load_service_model(name, "service-2")["metadata"]
        except Exception:
            continue
        names.setdefault(metadata["serviceId"], name)
    return names


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        hosts = json.load(file)
    names, partitions, providers, wrong, held = named(), loader.load_data("partitions"), {}, [], 0
    for one in hosts:
        name = names.get(one["service"])
        if name is None:
            wrong.append(f"no service has the id {one['service']}")
            continue
        if name not in providers:
            rules = loader.load_service_model(name, "endpoint-rule-set-1")
            providers[name] = EndpointProvider(rules, partitions)
        try:
            endpoint = providers[name].resolve_endpoint(
                Region=one["region"], UseFIPS=one["fips"], UseDualStack=one["dual_stack"], **one["parameters"]
            )
        except Exception:
            continue  # AWS has no such endpoint: nothing to compare with.
        held += 1
        theirs = endpoint.url.removeprefix("https://")
        schemes = endpoint.properties.get("authSchemes") or [{}]
        region = schemes[0].get("signingRegion", one["region"])
        if (theirs, region) != (one["host"], one["signing_region"]):
            wrong.append(f"{one['service']} {one['region']} fips={one['fips']} dual={one['dual_stack']}: "
                         f"{one['host']} signed for {one['signing_region']}, AWS says {theirs} signed for {region}")
    if not held:
        wrong.append("there is no host to hold to a rule")
    print("\n".join(wrong))
    print(f"{held} hosts, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


main()
