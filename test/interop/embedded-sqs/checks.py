"""What SQS promises, asked of a server through boto3. Usage: checks.py URL; prints one JSON object, check -> ok or why not."""

import hashlib
import json
import sys
import threading
import time
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = sys.argv[1]
CHECKS = []


def client():
    return boto3.client(
        "sqs",
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(retries={"max_attempts": 0}),
    )


sqs = client()


def check(function):
    CHECKS.append(function)
    return function


def name(fifo=False):
    return f"q-{uuid.uuid4().hex[:12]}" + (".fifo" if fifo else "")


def queue(fifo=False, **attributes):
    if fifo:
        attributes["FifoQueue"] = "true"
    return sqs.create_queue(QueueName=name(fifo), Attributes=attributes)["QueueUrl"]


def arn(url):
    return attributes(url, "QueueArn")["QueueArn"]


def attributes(url, *names):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names) or ["All"])["Attributes"]


def send(url, body="hello", **more):
    return sqs.send_message(QueueUrl=url, MessageBody=body, **more)


def receive(url, most=10, **more):
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most, **more).get("Messages", [])


def bodies(messages):
    return [message["Body"] for message in messages]


def delete(url, message):
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def visibility(url, message, seconds):
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=seconds)


def refused(code, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except ClientError as error:
        got = error.response["Error"]["Code"]
        assert got == code, f"expected {code}, got {got}: {error.response['Error'].get('Message')}"
        return error.response
    raise AssertionError(f"expected {code}, got no error")


def equal(got, expected):
    assert got == expected, f"expected {expected!r}, got {got!r}"


@check
def create_is_idempotent_and_refuses_other_attributes():
    queue_name = name()
    first = sqs.create_queue(QueueName=queue_name, Attributes={"VisibilityTimeout": "20"})["QueueUrl"]
    equal(sqs.create_queue(QueueName=queue_name)["QueueUrl"], first)
    refused("QueueAlreadyExists", sqs.create_queue, QueueName=queue_name, Attributes={"VisibilityTimeout": "21"})


@check
def queue_names_are_checked():
    refused("InvalidParameterValue", sqs.create_queue, QueueName="no spaces")
    refused("InvalidParameterValue", sqs.create_queue, QueueName="x" * 81)
    refused("InvalidParameterValue", sqs.create_queue, QueueName="a.b")
    refused("InvalidParameterValue", sqs.create_queue, QueueName="nofifo", Attributes={"FifoQueue": "true"})
    refused("InvalidParameterValue", sqs.create_queue, QueueName="some.fifo")


@check
def queue_attributes_are_checked():
    refused("InvalidAttributeName", queue, Nonsense="1")
    refused("InvalidAttributeValue", queue, VisibilityTimeout="43201")
    refused("InvalidAttributeValue", queue, DelaySeconds="901")
    refused("InvalidAttributeValue", queue, MessageRetentionPeriod="59")


@check
def an_unknown_queue_is_refused():
    response = refused("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName="missing")
    equal(response["ResponseMetadata"]["HTTPStatusCode"], 400)
    refused("AWS.SimpleQueueService.NonExistentQueue", receive, f"{URL}/000000000000/missing")


@check
def queues_are_listed_by_prefix_and_page():
    prefix = f"list-{uuid.uuid4().hex[:6]}-"
    for number in range(5):
        sqs.create_queue(QueueName=f"{prefix}{number}")
    equal(len(sqs.list_queues(QueueNamePrefix=prefix)["QueueUrls"]), 5)
    seen, token = [], {}
    while True:
        page = sqs.list_queues(QueueNamePrefix=prefix, MaxResults=2, **token)
        seen += page["QueueUrls"]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    equal([url.rsplit("/", 1)[1] for url in seen], [f"{prefix}{number}" for number in range(5)])


@check
def no_queues_is_no_list():
    assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix="nothing-begins-so")


@check
def a_deleted_queue_is_gone():
    url = queue()
    sqs.delete_queue(QueueUrl=url)
    refused("AWS.SimpleQueueService.NonExistentQueue", send, url)


@check
def defaults_of_a_queue():
    values = attributes(queue())
    equal(values["VisibilityTimeout"], "30")
    equal(values["MaximumMessageSize"], "1048576")
    equal(values["MessageRetentionPeriod"], "345600")
    equal(values["DelaySeconds"], "0")
    assert values["QueueArn"].startswith("arn:aws:sqs:us-east-1:")
    assert abs(int(values["CreatedTimestamp"]) - time.time()) < 60


@check
def attributes_can_be_set():
    url = queue()
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "77"})
    equal(attributes(url, "VisibilityTimeout"), {"VisibilityTimeout": "77"})
    refused("InvalidAttributeName", attributes, url, "Nonsense")


@check
def tags():
    url = sqs.create_queue(QueueName=name(), tags={"a": "1"})["QueueUrl"]
    sqs.tag_queue(QueueUrl=url, Tags={"b": "2 & <3>"})
    equal(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"a": "1", "b": "2 & <3>"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["a"])
    equal(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"b": "2 & <3>"})


@check
def a_body_returns_unchanged():
    url = queue()
    body = "<a href='x'>&amp; \"quotes\"</a>\r\n\t\u00e9\u4e2d\U0001f600 ]]> %41+"
    answer = send(url, body)
    equal(answer["MD5OfMessageBody"], hashlib.md5(body.encode()).hexdigest())
    (message,) = receive(url)
    equal(message["Body"], body)
    equal(message["MD5OfBody"], answer["MD5OfMessageBody"])
    equal(message["MessageId"], answer["MessageId"])


@check
def message_attributes_return_unchanged():
    url = queue()
    sent = {
        "text": {"DataType": "String", "StringValue": "<&>\u00e9"},
        "kind.number": {"DataType": "Number.int", "StringValue": "12"},
        "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff<"},
    }
    answer = send(url, MessageAttributes=sent)
    (message,) = receive(url, MessageAttributeNames=["All"])
    equal(message["MessageAttributes"], sent)
    equal(message["MD5OfMessageAttributes"], answer["MD5OfMessageAttributes"])


@check
def message_attributes_are_chosen_by_name():
    url = queue(VisibilityTimeout="0")
    send(url, MessageAttributes={key: {"DataType": "String", "StringValue": key} for key in ("a.x", "a.y", "b")})
    assert "MessageAttributes" not in receive(url)[0]
    equal(sorted(receive(url, MessageAttributeNames=["a.*"])[0]["MessageAttributes"]), ["a.x", "a.y"])
    equal(sorted(receive(url, MessageAttributeNames=["b"])[0]["MessageAttributes"]), ["b"])


@check
def message_attributes_are_checked():
    url = queue()
    refused("InvalidParameterValue", send, url, MessageAttributes={"a": {"DataType": "Wrong", "StringValue": "x"}})
    refused("InvalidParameterValue", send, url, MessageAttributes={"a": {"DataType": "String", "StringValue": ""}})
    many = {f"k{i}": {"DataType": "String", "StringValue": "x"} for i in range(11)}
    refused("InvalidParameterValue", send, url, MessageAttributes=many)


@check
def system_attributes():
    url = queue()
    send(url, MessageSystemAttributes={"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5-abc"}})
    (message,) = receive(url, AttributeNames=["All"])
    values = message["Attributes"]
    equal(values["ApproximateReceiveCount"], "1")
    equal(values["AWSTraceHeader"], "Root=1-5-abc")
    assert abs(int(values["SentTimestamp"]) / 1000 - time.time()) < 60
    assert int(values["ApproximateFirstReceiveTimestamp"]) >= int(values["SentTimestamp"])


@check
def only_the_system_attributes_asked_for():
    url = queue(VisibilityTimeout="0")
    send(url)
    equal(list(receive(url, AttributeNames=["ApproximateReceiveCount"])[0]["Attributes"]), ["ApproximateReceiveCount"])
    assert "Attributes" not in receive(url)[0]


@check
def system_attributes_by_their_new_name():
    url = queue()
    send(url)
    if "MessageSystemAttributeNames" not in sqs.meta.service_model.operation_model("ReceiveMessage").input_shape.members:
        return
    (message,) = receive(url, MessageSystemAttributeNames=["ApproximateReceiveCount"])
    equal(message["Attributes"], {"ApproximateReceiveCount": "1"})


@check
def a_received_message_is_hidden_until_its_visibility_timeout():
    url = queue(VisibilityTimeout="1")
    send(url)
    equal(len(receive(url)), 1)
    equal(receive(url), [])
    values = attributes(url)
    equal((values["ApproximateNumberOfMessages"], values["ApproximateNumberOfMessagesNotVisible"]), ("0", "1"))
    (again,) = receive(url, WaitTimeSeconds=3, AttributeNames=["All"])
    equal(again["Attributes"]["ApproximateReceiveCount"], "2")


@check
def the_visibility_timeout_of_a_receive_wins():
    url = queue()
    send(url)
    equal(len(receive(url, VisibilityTimeout=0)), 1)
    equal(len(receive(url, VisibilityTimeout=1)), 1)
    equal(receive(url), [])


@check
def visibility_can_be_ended_and_extended():
    url = queue(VisibilityTimeout="1")
    send(url)
    (message,) = receive(url)
    visibility(url, message, 0)
    (message,) = receive(url)
    visibility(url, message, 30)
    time.sleep(1.2)
    equal(receive(url), [])


@check
def visibility_of_a_deleted_message_cannot_change():
    url = queue()
    send(url)
    (message,) = receive(url)
    delete(url, message)
    refused("InvalidParameterValue", visibility, url, message, 10)


@check
def visibility_beyond_twelve_hours_is_refused():
    url = queue()
    send(url)
    (message,) = receive(url)
    refused("InvalidParameterValue", visibility, url, message, 43201)


@check
def deleting_twice_is_no_error():
    url = queue()
    send(url)
    (message,) = receive(url)
    delete(url, message)
    delete(url, message)
    equal(attributes(url)["ApproximateNumberOfMessagesNotVisible"], "0")


@check
def an_old_handle_deletes_nothing_that_another_holds():
    url = queue()
    send(url)
    (first,) = receive(url, VisibilityTimeout=0)
    (second,) = receive(url)
    assert first["ReceiptHandle"] != second["ReceiptHandle"]
    delete(url, first)
    equal(attributes(url)["ApproximateNumberOfMessagesNotVisible"], "1")


@check
def a_junk_receipt_handle_is_refused():
    url = queue()
    response = refused("ReceiptHandleIsInvalid", delete, url, {"ReceiptHandle": "junk"})
    equal(response["ResponseMetadata"]["HTTPStatusCode"], 404)


@check
def a_receipt_handle_of_another_queue_is_refused():
    here, there = queue(), queue()
    send(there)
    (message,) = receive(there)
    refused("ReceiptHandleIsInvalid", delete, here, message)


@check
def delays():
    url = queue(DelaySeconds="1")
    send(url, "queue delay")
    send(url, "no delay", DelaySeconds=0)
    equal(bodies(receive(url)), ["no delay"])
    equal(attributes(url)["ApproximateNumberOfMessagesDelayed"], "1")
    equal(bodies(receive(url, WaitTimeSeconds=3)), ["queue delay"])
    refused("InvalidParameterValue", send, url, DelaySeconds=901)


@check
def a_long_poll_is_woken_by_a_send():
    url = queue()
    threading.Timer(0.5, lambda: send_from_other(url)).start()
    began = time.monotonic()
    equal(bodies(receive(url, WaitTimeSeconds=10)), ["hello"])
    took = time.monotonic() - began
    assert 0.4 < took < 1.2, f"took {took:.2f} s"


def send_from_other(url):
    client().send_message(QueueUrl=url, MessageBody="hello")


@check
def a_long_poll_ends_empty():
    url = queue(ReceiveMessageWaitTimeSeconds="1")
    began = time.monotonic()
    equal(receive(url), [])
    assert 0.9 < time.monotonic() - began < 2


@check
def receive_limits_are_checked():
    url = queue()
    refused("InvalidParameterValue", receive, url, 11)
    refused("InvalidParameterValue", receive, url, 0)
    refused("InvalidParameterValue", receive, url, WaitTimeSeconds=21)


@check
def size_is_checked():
    url = queue(MaximumMessageSize="1024")
    send(url, "x" * 1024)
    refused("InvalidParameterValue", send, url, "x" * 1025)
    value = {"a": {"DataType": "String", "StringValue": "x" * 100}}
    refused("InvalidParameterValue", send, url, "x" * 1000, MessageAttributes=value)


@check
def characters_are_checked():
    url = queue()
    refused("InvalidMessageContents", send, url, "a\u0001b")
    refused("InvalidMessageContents", send, url, "a\uffffb")
    refused("MissingParameter", send, url, "")


def entries(count, **more):
    return [{"Id": f"e{i}", "MessageBody": f"m{i}", **more} for i in range(count)]


@check
def a_batch_of_ten():
    url = queue()
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries(10))
    equal([entry["Id"] for entry in answer["Successful"]], [f"e{i}" for i in range(10)])
    messages = receive(url)
    equal(len(messages), 10)
    moved = sqs.change_message_visibility_batch(
        QueueUrl=url,
        Entries=[
            {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"], "VisibilityTimeout": 0} for i, m in enumerate(messages)
        ],
    )
    equal(len(moved["Successful"]), 10)
    messages = receive(url)
    gone = sqs.delete_message_batch(
        QueueUrl=url,
        Entries=[{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)],
    )
    equal(len(gone["Successful"]), 10)
    equal(attributes(url)["ApproximateNumberOfMessages"], "0")


@check
def batch_rules():
    url = queue()
    batch = sqs.send_message_batch
    simple = "AWS.SimpleQueueService."
    refused(simple + "EmptyBatchRequest", batch, QueueUrl=url, Entries=[])
    refused(simple + "TooManyEntriesInBatchRequest", batch, QueueUrl=url, Entries=entries(11))
    refused(simple + "BatchEntryIdsNotDistinct", batch, QueueUrl=url, Entries=entries(1) + entries(1))
    refused(simple + "InvalidBatchEntryId", batch, QueueUrl=url, Entries=[{"Id": "a b", "MessageBody": "x"}])
    big = [{"Id": f"e{i}", "MessageBody": "x" * 600_000} for i in range(2)]
    refused(simple + "BatchRequestTooLong", batch, QueueUrl=url, Entries=big)


@check
def a_batch_reports_each_entry():
    url = queue()
    answer = sqs.send_message_batch(
        QueueUrl=url, Entries=[{"Id": "good", "MessageBody": "x"}, {"Id": "bad", "MessageBody": "\u0002"}]
    )
    equal([entry["Id"] for entry in answer["Successful"]], ["good"])
    (failed,) = answer["Failed"]
    equal((failed["Id"], failed["SenderFault"], failed["Code"]), ("bad", True, "InvalidMessageContents"))
    gone = sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "junk", "ReceiptHandle": "junk"}])
    equal(gone["Failed"][0]["Code"], "ReceiptHandleIsInvalid")


@check
def purge():
    url = queue()
    sqs.send_message_batch(QueueUrl=url, Entries=entries(5))
    receive(url, 2)
    sqs.purge_queue(QueueUrl=url)
    values = attributes(url)
    equal((values["ApproximateNumberOfMessages"], values["ApproximateNumberOfMessagesNotVisible"]), ("0", "0"))


def put(url, body, group="g", **more):
    return send(url, body, MessageGroupId=group, MessageDeduplicationId=uuid.uuid4().hex, **more)


@check
def a_fifo_group_is_received_in_order_and_locked():
    url = queue(fifo=True)
    for number in range(5):
        put(url, f"a{number}", "a")
    put(url, "b0", "b")
    first = receive(url, 2)
    equal(bodies(first), ["a0", "a1"])
    equal(bodies(receive(url)), ["b0"])
    delete(url, first[0])
    equal(receive(url), [])
    delete(url, first[1])
    equal(bodies(receive(url)), ["a2", "a3", "a4"])


@check
def a_fifo_message_that_returns_keeps_its_place():
    url = queue(fifo=True)
    for number in range(3):
        put(url, f"a{number}")
    first = receive(url, 1)[0]
    visibility(url, first, 0)
    equal(bodies(receive(url)), ["a0", "a1", "a2"])


@check
def fifo_messages_are_deduplicated_by_id():
    url = queue(fifo=True)
    first = send(url, "one", MessageGroupId="g", MessageDeduplicationId="same")
    again = send(url, "two", MessageGroupId="g", MessageDeduplicationId="same")
    equal(first["MessageId"], again["MessageId"])
    equal(first["SequenceNumber"], again["SequenceNumber"])
    (message,) = receive(url)
    delete(url, message)
    send(url, "three", MessageGroupId="g", MessageDeduplicationId="same")
    equal(receive(url), [])


@check
def fifo_messages_are_deduplicated_by_content():
    url = queue(fifo=True, ContentBasedDeduplication="true")
    for body in ("x", "x", "y"):
        send(url, body, MessageGroupId="g")
    equal(bodies(receive(url)), ["x", "y"])


@check
def fifo_sends_are_checked():
    url = queue(fifo=True)
    refused("MissingParameter", send, url)
    refused("InvalidParameterValue", send, url, MessageGroupId="g")
    refused("InvalidParameterValue", put, url, "x", DelaySeconds=5)
    refused("InvalidParameterValue", send, queue(), MessageDeduplicationId="d")


@check
def fifo_system_attributes():
    url = queue(fifo=True)
    sent = [put(url, "x"), put(url, "y")]
    assert sent[0]["SequenceNumber"] < sent[1]["SequenceNumber"]
    values = receive(url, 1, AttributeNames=["All"])[0]["Attributes"]
    equal(values["MessageGroupId"], "g")
    equal(values["SequenceNumber"], sent[0]["SequenceNumber"])
    equal(len(values["SequenceNumber"]), 20)


@check
def a_fifo_queue_refuses_an_expired_handle():
    url = queue(fifo=True)
    put(url, "x")
    (message,) = receive(url, VisibilityTimeout=0)
    refused("InvalidParameterValue", delete, url, message)


@check
def dead_letters():
    target = queue()
    policy = json.dumps({"deadLetterTargetArn": arn(target), "maxReceiveCount": 2})
    source = queue(VisibilityTimeout="0", RedrivePolicy=policy)
    sent = send(source, "poison")
    for _ in range(2):
        equal(bodies(receive(source)), ["poison"])
    equal(receive(source), [])
    (dead,) = receive(target, AttributeNames=["All"], WaitTimeSeconds=1)
    equal((dead["Body"], dead["MessageId"]), ("poison", sent["MessageId"]))
    equal(dead["Attributes"]["DeadLetterQueueSourceArn"], arn(source))
    equal(sqs.list_dead_letter_source_queues(QueueUrl=target)["queueUrls"], [source])


@check
def a_redrive_policy_is_checked():
    url = queue()
    missing = json.dumps({"deadLetterTargetArn": arn(url) + "-missing", "maxReceiveCount": 2})
    for policy in ("not json", json.dumps({"maxReceiveCount": 2}), missing):
        refused("InvalidParameterValue", sqs.set_queue_attributes, QueueUrl=url, Attributes={"RedrivePolicy": policy})


@check
def a_fifo_dead_letter_frees_its_group():
    target = queue(fifo=True)
    policy = json.dumps({"deadLetterTargetArn": arn(target), "maxReceiveCount": 1})
    source = queue(fifo=True, VisibilityTimeout="0", RedrivePolicy=policy)
    put(source, "poison")
    equal(bodies(receive(source)), ["poison"])
    put(source, "next")
    equal(bodies(receive(source)), ["next"])
    equal(bodies(receive(target)), ["poison"])


results = {}
for function in CHECKS:
    try:
        function()
        results[function.__name__] = "ok"
    except Exception as problem:  # every check is reported, whatever it meets
        results[function.__name__] = f"{type(problem).__name__}: {problem}"
print(json.dumps(results, indent=1))
