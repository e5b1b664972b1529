"""Signs a form for STS as botocore does, as of a given date, and prints the header."""

import datetime
import os
import sys
from unittest import mock

import botocore.auth
import botocore.compat
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

url, body, content, date = sys.argv[1:]
request = AWSRequest(method="POST", url=url, data=body.encode(), headers={"Content-Type": content})
keys = Credentials(
    os.environ["AWS_ACCESS_KEY_ID"],
    os.environ["AWS_SECRET_ACCESS_KEY"],
    os.environ["AWS_SESSION_TOKEN"] or None,
)
at = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
clock = mock.Mock(return_value=at)
with mock.patch.object(botocore.auth, "get_current_datetime", clock, create=True):
    botocore.auth.SigV4Auth(keys, "sts", os.environ["AWS_REGION"]).add_auth(request)
assert request.headers["X-Amz-Date"] == date, "botocore takes its time from elsewhere"
print(request.headers["Authorization"])
