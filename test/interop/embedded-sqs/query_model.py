"""Writes a description of SQS by which botocore speaks the Query protocol, as it did until the end of 2023.

botocore still knows how to; only the names that the older protocol has for lists and maps are gone from its
description. Usage: query_model.py FOLDER, then AWS_DATA_PATH=FOLDER.
"""

import json
import pathlib
import sys

import botocore.loaders

PAIR = {"key": "Name", "value": "Value"}
PAIRS = {
    "QueueAttributeMap": PAIR,
    "MessageBodyAttributeMap": PAIR,
    "MessageBodySystemAttributeMap": PAIR,
    "MessageSystemAttributeMap": PAIR,
    "TagMap": {"key": "Key", "value": "Value"},
}
ITEMS = {
    "AttributeNameList": "AttributeName",
    "MessageAttributeNameList": "MessageAttributeName",
    "MessageSystemAttributeList": "MessageSystemAttributeName",
    "MessageList": "Message",
    "QueueUrlList": "QueueUrl",
    "TagKeyList": "TagKey",
    "BatchResultErrorEntryList": "BatchResultErrorEntry",
}
for action in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility"):
    for side in ("Request", "Result"):
        ITEMS[f"{action}Batch{side}EntryList"] = f"{action}Batch{side}Entry"
MEMBERS = {
    "Attributes": "Attribute",
    "MessageAttributes": "MessageAttribute",
    "MessageSystemAttributes": "MessageSystemAttribute",
    "Tags": "Tag",
    "tags": "Tag",
}

model = botocore.loaders.Loader().load_service_model("sqs", "service-2")
metadata = model["metadata"]
metadata.update(protocol="query", protocols=["query"], xmlNamespace="http://queue.amazonaws.com/doc/2012-11-05/")
for name in ("jsonVersion", "targetPrefix", "awsQueryCompatible"):
    metadata.pop(name, None)
for name, shape in model["shapes"].items():
    for part, element in PAIRS.get(name, {}).items():
        shape[part]["locationName"] = element
    if name in ITEMS:
        shape["member"]["locationName"] = ITEMS[name]
    for member, value in shape.get("members", {}).items():
        if member in MEMBERS and shape["type"] == "structure":
            value["locationName"] = MEMBERS[member]
for name, operation in model["operations"].items():
    if "output" in operation:
        operation["output"]["resultWrapper"] = f"{name}Result"

folder = pathlib.Path(sys.argv[1]) / "sqs" / metadata["apiVersion"]
folder.mkdir(parents=True, exist_ok=True)
(folder / "service-2.json").write_text(json.dumps(model), encoding="utf8")
