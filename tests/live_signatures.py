"""Signs requests once more, with AWS's own Python client, and holds our signatures to its.

Reads requests as JSON (tests/live/signatures.rs writes them): service and region of the signature, method, address, headers
and body.

    python live_signatures.py requests.json
"""

import json
import re
import sys

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, "
    r"SignedHeaders=(?P<headers>[^,]+), Signature=(?P<signature>[0-9a-f]{64})"
)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        recorded = json.load(file)
    wrong, services = [], set()
    for one in recorded["requests"]:
        headers = {name.lower(): value for name, value in one["headers"]}
        what = f"{one['method']} {one['address']}"
        ours = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
        if ours is None:
            wrong.append(f"{what}: not signed: {headers.get('authorization')}")
            continue
        services.add(ours["service"])
        signed = {name: headers[name] for name in ours["headers"].split(";") if name in headers}
        request = AWSRequest(one["method"], one["address"], signed, one["body"].encode())
        request.context["timestamp"] = headers["x-amz-date"]
        kind = S3SigV4Auth if ours["service"] == "s3" else SigV4Auth
        auth = kind(Credentials(ours["key"], recorded["secret"]), ours["service"], ours["region"])
        if "x-amz-content-sha256" in headers and headers["x-amz-content-sha256"] != auth.payload(request):
            wrong.append(f"{what}: the hash of the body is wrong")
        theirs = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        if theirs != ours["signature"]:
            wrong.append(f"{what}: signed {ours['signature']}, AWS signs {theirs} over\n{auth.canonical_request(request)}")
        if ours["service"] == "s3" and "x-amz-content-sha256" not in ours["headers"].split(";"):
            wrong.append(f"{what}: S3 wants the hash of the body among what is signed")
    for service in recorded["services"]:
        if service not in services:
            wrong.append(f"nothing was asked of {service}")
    print("\n".join(wrong[:20]))
    print(f"{len(recorded['requests'])} requests of {len(services)} services, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


main()
