"""Holds the hosts that requests go to against AWS's own endpoint rules, as botocore carries them.

Reads hosts as JSON (tests/wire_paths.rs writes them): the service's id, region, flags, parameters that may stand in front of
the host, our host and the region we sign for.

    python wire_hosts.py hosts.json
"""

import json
import sys

from botocore.endpoint_provider import EndpointProvider

from wire_models import conclude, names, session

loader = session.get_component("data_loader")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        hosts = json.load(file)
    known, partitions, providers, wrong, held = names(), loader.load_data("partitions"), {}, [], 0
    for one in hosts:
        if one["service"] not in known:
            wrong.append(f"no service has the id {one['service']}")
            continue
        name = known[one["service"]][0]
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
    conclude(wrong, held, "hosts")


main()
