"""Prints, as JSON, what botocore reads from the cases in the file named by the first argument."""

import configparser
import json
import os
import sys
import tempfile

import botocore.configloader
import botocore.session
from botocore.exceptions import ConfigParseError


def flat(value):
    """Sub-properties as a text, one a line."""
    if isinstance(value, dict):
        # An empty value leaves no blank at the end, as the SDKs keep it.
        return "".join(f"\n{name} = {text}" if text else f"\n{name} =" for name, text in value.items())
    return value


def sections(found):
    return {
        name: {key: flat(value) for key, value in keys.items()}
        for name, keys in found.items()
    }


def line(error):
    """The line to blame, where the error names one."""
    if isinstance(error, configparser.ParsingError) and not hasattr(error, "lineno"):
        return error.errors[0][0]
    return getattr(error, "lineno", None)


def answer(read):
    try:
        found = read()
    except ConfigParseError as error:
        return {"error": str(error), "line": line(error.kwargs["error"])}
    return {
        kind: sections(found.get(kind, {}))
        for kind in ("profiles", "sso_sessions", "services")
    }


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    answers = []
    with tempfile.TemporaryDirectory() as folder:
        config = os.environ["AWS_CONFIG_FILE"] = os.path.join(folder, "config")
        credentials = os.path.join(folder, "credentials")
        os.environ["AWS_SHARED_CREDENTIALS_FILE"] = credentials
        session = botocore.session.Session()
        for case in cases:
            for path, text in ((config, case["config"]), (credentials, case["credentials"])):
                with open(path, "w", encoding="utf-8", newline="") as file:
                    file.write(text)
            # What the session remembers of the case before.
            session._config = None
            answers.append(
                {
                    "config": answer(lambda: botocore.configloader.load_config(config)),
                    "credentials": answer(
                        lambda: {"profiles": botocore.configloader.raw_config_parse(credentials)}
                    ),
                    "merged": answer(lambda: session.full_config),
                }
            )
    json.dump(answers, sys.stdout)


main()
