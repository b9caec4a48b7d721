"""How the scripts here reach moto: made-up credentials, and no address but the one they were given."""

import sys

import boto3

ENDPOINT = sys.argv[1]


def client(service, region="us-east-1"):
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=ENDPOINT,
        aws_access_key_id="AKIAMOTOTESTTESTTEST",
        aws_secret_access_key="made-up",
    )
