"""Prints, as JSON, which credentials boto3 settles on in each case of the file named by the first argument.

Nothing is fetched: what would call a server is left at the promise to do so, from which the chain can be read.
"""

import json
import os
import sys

import boto3
import botocore.credentials
import botocore.utils


def container(*_, **__):
    return {
        "AccessKeyId": "CONTAINER",
        "SecretAccessKey": "s",
        "Token": "t",
        "Expiration": "2099-01-01T00:00:00Z",
    }


botocore.utils.ContainerMetadataFetcher.retrieve_full_uri = container
# What `pip install botocore[crt]` brings; only whether it is there is asked.
botocore.credentials.EC = botocore.credentials.EC or object()


def chain(credentials):
    """From the base to the last role: the method, and the role where one is assumed."""
    refresh = getattr(credentials, "_refresh_using", None)
    refresh = getattr(refresh, "_refresh", refresh)
    fetcher = getattr(refresh, "__self__", None)
    source = getattr(fetcher, "_source_credentials", None)
    role = getattr(fetcher, "_role_arn", None)
    before = chain(source) if source is not None else []
    return [*before, [credentials.method, role]]


def answer(case):
    os.environ.clear()
    os.environ.update(case["env"])
    try:
        session = boto3.Session(profile_name=case["profile"])
        credentials = session.get_credentials()
        return {
            "chain": chain(credentials) if credentials else [],
            "region": session.region_name,
            "profiles": session.available_profiles,
        }
    except Exception as error:  # The class is the answer.
        return {"error": type(error).__name__, "message": str(error)}


def main():
    path = os.environ["PATH"]
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    for case in cases:
        case["env"].setdefault("PATH", path)
    answers = [answer(case) for case in cases]
    json.dump(answers, sys.stdout)


main()
