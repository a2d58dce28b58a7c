"""The whole life of queues and messages through boto3, which speaks JSON since 1.28.82 and Query before."""

import hashlib
import json
import os
import time

import boto3
from botocore.exceptions import ClientError
from steps import equal, run, step, using


def connect(key=os.environ["AWS_ACCESS_KEY_ID"], secret=os.environ["AWS_SECRET_ACCESS_KEY"]):
    # docs: boto3
    return boto3.client(
        "sqs",
        endpoint_url=os.environ["ENDPOINT_URL"],
        region_name=os.environ["AWS_REGION"],
        aws_access_key_id=key,
        aws_secret_access_key=secret,
    )
    # docs: end


sqs = connect()
PREFIX = os.environ["QUEUE_PREFIX"]
ATTRIBUTES = {
    "tries": {"DataType": "Number.int", "StringValue": "3"},
    "colour": {"DataType": "String", "StringValue": "grün"},
    "seal": {"DataType": "Binary", "BinaryValue": bytes([0, 1, 254, 255])},
}
TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


def md5(data):
    return hashlib.md5(data).hexdigest()


def md5_of_attributes(attributes):
    """What botocore does not check itself."""
    out = b""
    for name in sorted(attributes):
        value = attributes[name]
        binary = "BinaryValue" in value
        data = value["BinaryValue"] if binary else value["StringValue"].encode()
        for part in (name.encode(), value["DataType"].encode()):
            out += len(part).to_bytes(4, "big") + part
        out += (b"\x02" if binary else b"\x01") + len(data).to_bytes(4, "big") + data
    return md5(out)


def create(name, **attributes):
    return sqs.create_queue(QueueName=f"{PREFIX}{name}", Attributes=attributes)["QueueUrl"]


def receive(url, **options):
    options = {"AttributeNames": ["All"], "MessageAttributeNames": ["All"], "WaitTimeSeconds": 5, **options}
    return sqs.receive_message(QueueUrl=url, **options).get("Messages", [])


def receive_one(url, **options):
    messages = receive(url, **options)
    equal(len(messages), 1)
    return messages[0]


def bodies(messages):
    return [message["Body"] for message in messages]


def delete(url, message):
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def attributes_of(url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def refused(exception, code, call, **parameters):
    """The call must raise this exception with this code."""
    try:
        call(**parameters)
    except exception as error:
        equal(error.response["Error"]["Code"], code)
        return error.response["Error"]["Message"]
    raise AssertionError(f"nothing was raised, expected {code}")


def standard():
    with step("create-queue"):
        url = create("jobs", VisibilityTimeout="60")
        equal(create("jobs", VisibilityTimeout="60"), url)
        equal(sqs.get_queue_url(QueueName=f"{PREFIX}jobs")["QueueUrl"], url)

    with step("list-queues"):
        equal(sqs.list_queues(QueueNamePrefix=f"{PREFIX}jobs")["QueueUrls"], [url])

    with step("queue-attributes"):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"MaximumMessageSize": "2048"})
        attributes = attributes_of(url)
        equal((attributes["VisibilityTimeout"], attributes["MaximumMessageSize"]), ("60", "2048"))
        assert attributes["QueueArn"].endswith(f":{PREFIX}jobs"), attributes["QueueArn"]

    with step("tags"):
        sqs.tag_queue(QueueUrl=url, Tags={"team": "billing", "stage": "test"})
        sqs.untag_queue(QueueUrl=url, TagKeys=["stage"])
        equal(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"team": "billing"})

    with step("send"):
        body = "first light <&> \u00fc \U0001f600\r\n"
        sent = sqs.send_message(
            QueueUrl=url,
            MessageBody=body,
            MessageAttributes=ATTRIBUTES,
            MessageSystemAttributes={"AWSTraceHeader": {"DataType": "String", "StringValue": TRACE}},
        )
        equal(sent["MD5OfMessageBody"], md5(body.encode()))
        equal(sent["MD5OfMessageAttributes"], md5_of_attributes(ATTRIBUTES))

    with step("receive"):
        message = receive_one(url)
        equal((message["MessageId"], message["Body"]), (sent["MessageId"], body))
        equal(message["MD5OfBody"], md5(body.encode()))
        equal(message["MessageAttributes"], ATTRIBUTES)
        equal(message["MD5OfMessageAttributes"], md5_of_attributes(ATTRIBUTES))
        system = message["Attributes"]
        equal((system["ApproximateReceiveCount"], system["AWSTraceHeader"]), ("1", TRACE))
        assert system["SenderId"] and abs(time.time() * 1000 - int(system["SentTimestamp"])) < 60_000, system
        equal(receive(url, WaitTimeSeconds=0), [])

    with step("change-visibility"):
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
        message = receive_one(url)
        equal(message["Attributes"]["ApproximateReceiveCount"], "2")

    with step("delete"):
        delete(url, message)
        attributes = attributes_of(url)
        equal((attributes["ApproximateNumberOfMessages"], attributes["ApproximateNumberOfMessagesNotVisible"]), ("0", "0"))

    with step("send-batch"):
        entries = [{"Id": f"e{i}", "MessageBody": f"m{i}"} for i in range(3)]
        entries[0]["MessageAttributes"] = ATTRIBUTES
        entries.append({"Id": "late", "MessageBody": "x", "DelaySeconds": 99999999})
        answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
        equal([(entry["Id"], entry["MD5OfMessageBody"]) for entry in answer["Successful"]],
              [(f"e{i}", md5(f"m{i}".encode())) for i in range(3)])
        equal(answer["Successful"][0]["MD5OfMessageAttributes"], md5_of_attributes(ATTRIBUTES))
        equal([(entry["Id"], entry["Code"], entry["SenderFault"]) for entry in answer["Failed"]],
              [("late", "InvalidParameterValue", True)])

    with step("receive-batch"):
        messages = []
        while len(messages) < 3:
            more = receive(url, MaxNumberOfMessages=10)
            assert more, f"only {bodies(messages)} came"
            messages += more
        equal(sorted(bodies(messages)), ["m0", "m1", "m2"])

    with step("change-visibility-batch"):
        answer = sqs.change_message_visibility_batch(QueueUrl=url, Entries=[
            {"Id": message["Body"], "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 120}
            for message in messages
        ])
        equal(sorted(entry["Id"] for entry in answer["Successful"]), ["m0", "m1", "m2"])

    with step("delete-batch"):
        entries = [{"Id": message["Body"], "ReceiptHandle": message["ReceiptHandle"]} for message in messages[:2]]
        answer = sqs.delete_message_batch(QueueUrl=url, Entries=[*entries, {"Id": "bad", "ReceiptHandle": "nonsense"}])
        equal(len(answer["Successful"]), 2)
        equal([(entry["Id"], entry["Code"]) for entry in answer["Failed"]], [("bad", "ReceiptHandleIsInvalid")])

    with step("purge"):
        sqs.send_message(QueueUrl=url, MessageBody="unwanted")
        sqs.purge_queue(QueueUrl=url)
        equal(receive(url, WaitTimeSeconds=0), [])

    with step("delete-queue"):
        sqs.delete_queue(QueueUrl=url)
        refused(sqs.exceptions.QueueDoesNotExist, "AWS.SimpleQueueService.NonExistentQueue",
                sqs.get_queue_url, QueueName=f"{PREFIX}jobs")


def errors():
    url = create("errors")

    with step("missing-queue"):
        refused(sqs.exceptions.QueueDoesNotExist, "AWS.SimpleQueueService.NonExistentQueue",
                sqs.send_message, QueueUrl=f"{url}-missing", MessageBody="x")

    with step("invalid-handle"):
        refused(sqs.exceptions.ReceiptHandleIsInvalid, "ReceiptHandleIsInvalid",
                sqs.delete_message, QueueUrl=url, ReceiptHandle="nonsense")

    with step("invalid-parameter"):
        text = refused(ClientError, "InvalidParameterValue", sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=11)
        equal(text, "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.")

    with step("wrong-secret"):
        refused(ClientError, "SignatureDoesNotMatch", connect(secret="wrong").list_queues)

    with step("unknown-key"):
        refused(ClientError, "InvalidClientTokenId", connect(key="AKIAUNKNOWN").list_queues)


def fifo():
    def send(group, body, **options):
        return sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group, **options)

    with step("fifo-create"):
        url = create("orders.fifo", FifoQueue="true", ContentBasedDeduplication="true")
        equal(attributes_of(url)["FifoQueue"], "true")

    with step("fifo-send"):
        first = send("red", "r1", MessageDeduplicationId="d1")
        second = send("red", "r2")
        third = send("blue", "b1")
        numbers = [sent["SequenceNumber"] for sent in (first, second, third)]
        equal(numbers, sorted(numbers, key=int))
        equal(len(set(numbers)), 3)

    with step("fifo-duplicate"):
        again = send("red", "another body", MessageDeduplicationId="d1")
        equal((again["MessageId"], again["SequenceNumber"]), (first["MessageId"], first["SequenceNumber"]))
        equal(send("red", "r2")["MessageId"], second["MessageId"])
        equal(attributes_of(url)["ApproximateNumberOfMessages"], "3")

    with step("fifo-order"):
        r1 = receive_one(url)
        equal(r1["Body"], "r1")
        system = r1["Attributes"]
        equal((system["MessageGroupId"], system["MessageDeduplicationId"], system["SequenceNumber"]),
              ("red", "d1", first["SequenceNumber"]))
        b1 = receive_one(url)
        equal((b1["Body"], b1["Attributes"]["MessageGroupId"]), ("b1", "blue"))
        equal(receive(url, WaitTimeSeconds=0), [])

    with step("fifo-next"):
        delete(url, r1)
        r2 = receive_one(url)
        equal(r2["Body"], "r2")
        delete(url, r2)
        delete(url, b1)
        equal(receive(url, WaitTimeSeconds=0), [])

    with step("fifo-batch"):
        answer = sqs.send_message_batch(QueueUrl=url, Entries=[
            {"Id": body, "MessageBody": body, "MessageGroupId": "green"} for body in ("g1", "g2", "g3")
        ])
        numbers = [entry["SequenceNumber"] for entry in answer["Successful"]]
        equal(numbers, sorted(numbers, key=int))
        equal(bodies(receive(url, MaxNumberOfMessages=10)), ["g1", "g2", "g3"])


def dead_letters():
    with step("redrive-policy"):
        dead = create("dead")
        dead_arn = attributes_of(dead)["QueueArn"]
        policy = {"deadLetterTargetArn": dead_arn, "maxReceiveCount": 1}
        url = create("fragile", RedrivePolicy=json.dumps(policy))
        attributes = attributes_of(url)
        equal(json.loads(attributes["RedrivePolicy"]), policy)

    with step("dead-letter-sources"):
        # Not QueueUrls: the model of this action spells it so.
        equal(sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], [url])

    with step("dead-letter-move"):
        sent = sqs.send_message(QueueUrl=url, MessageBody="poison", MessageAttributes=ATTRIBUTES)
        equal(receive_one(url, VisibilityTimeout=0)["Body"], "poison")
        equal(receive(url, WaitTimeSeconds=0), [])
        message = receive_one(dead)
        equal((message["MessageId"], message["Body"]), (sent["MessageId"], "poison"))
        equal(message["MessageAttributes"], ATTRIBUTES)
        system = message["Attributes"]
        equal((system["DeadLetterQueueSourceArn"], system["ApproximateReceiveCount"]), (attributes["QueueArn"], "2"))

    with step("move-task"):
        sqs.change_message_visibility(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
        assert sqs.start_message_move_task(SourceArn=dead_arn)["TaskHandle"]

    with step("move-task-completed"):
        deadline = time.monotonic() + 20
        task = {"Status": "RUNNING"}
        while task["Status"] == "RUNNING" and time.monotonic() < deadline:
            time.sleep(0.2)
            task = sqs.list_message_move_tasks(SourceArn=dead_arn)["Results"][0]
        equal((task["Status"], task["SourceArn"]), ("COMPLETED", dead_arn))
        equal((task["ApproximateNumberOfMessagesMoved"], task["ApproximateNumberOfMessagesToMove"]), (1, 1))

    with step("moved-back"):
        message = receive_one(url)
        equal((message["Body"], message["MessageAttributes"]), ("poison", ATTRIBUTES))
        equal(message["Attributes"]["ApproximateReceiveCount"], "1")
        assert "DeadLetterQueueSourceArn" not in message["Attributes"], message["Attributes"]


def clean_up():
    for url in sqs.list_queues(QueueNamePrefix=PREFIX).get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=url)


using("boto3", f"{boto3.__version__} ({sqs.meta.service_model.metadata['protocol']})")
run(standard, errors, fifo, dead_letters, clean_up)
