"""Prints, as JSON, what boto3 makes of the profile named by the first argument.

Exits with 1 and the error's text on stderr if there are no credentials.
"""

import json
import sys

import boto3


def main():
    session = boto3.Session(profile_name=sys.argv[1])
    try:
        credentials = session.get_credentials().get_frozen_credentials()
        account = session.client("sts").get_caller_identity()["Account"]
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")
    json.dump({"key": credentials.access_key, "account": account}, sys.stdout)


main()
