"""Holds the IAM actions of our calls to what the service models say of them.

An action is not always called as its operation, and some calls need a second one. The documentation of the operations names
both. Reads calls as JSON (tests/wire_paths.rs writes them): the service's id, the operation, its actions.

    python wire_actions.py calls.json
"""

import json
import re
import sys

from wire_models import conclude, names, session

ACTION = re.compile(r"\b([a-z][a-z0-9-]+:[A-Z][A-Za-z]+)\b")
# What the documentation of an operation mentions and our way of asking does not take.
BESIDE = {
    # We ask for metadata only.
    ("DescribeModelCard", "kms:Decrypt"),
    ("DescribeModelPackage", "kms:Decrypt"),
    # An example of a policy that denies something.
    ("GetCallerIdentity", "iam:DeleteVirtualMFADevice"),
}
# Directory buckets, which are not asked about; and a condition key.
NEVER = ("s3express:", "kms:PolicyName", "aws:")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        calls = json.load(file)
    known, wrong, named = names(), [], 0
    for call in calls:
        operation = call["operation"]
        models = [session.get_service_model(name) for name in known.get(call["service"], [])]
        found = [model for model in models if operation in model.operation_names]
        if not found:
            wrong.append(f"there is no {call['service']} {operation}")
            continue
        says = re.sub("<[^>]+>", " ", found[0].operation_model(operation).documentation or "")
        own = f"{call['prefix']}:{operation}"
        for action in sorted(set(ACTION.findall(says))):
            if action == own or action.startswith(NEVER) or (operation, action) in BESIDE:
                continue
            named += 1
            if action not in call["actions"]:
                wrong.append(f"{own} takes {action}, says its documentation, and declares {call['actions']}")
    conclude(wrong, named, "actions")


main()
