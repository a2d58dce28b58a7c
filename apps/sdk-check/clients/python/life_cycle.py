# docs: connect
import os

from stanchion import AuthenticatedClient, Client
from stanchion.models import Problem

URL = os.environ.get("STANCHION_URL", "http://127.0.0.1:9324")
KEY = os.environ.get("STANCHION_ACCESS_KEY")

# Longer than a receive waits.
client = AuthenticatedClient(URL, token=KEY, timeout=30) if KEY else Client(URL, timeout=30)
# docs: end
import time
from importlib.metadata import version

from stanchion.api.access_keys import create_access_key, disable_access_key, list_access_keys, rotate_access_key, whoami
from stanchion.api.doctor import run_doctor
from stanchion.api.leases import (
    delete_message,
    delete_messages,
    extend_lease,
    extend_leases,
    release_lease,
    release_leases,
)
from stanchion.api.messages import peek_message, peek_messages, receive_messages, send_message, send_messages
from stanchion.api.move_tasks import cancel_move_task, get_move_task, list_move_tasks, start_move_task
from stanchion.api.queues import (
    count_messages,
    create_queue,
    delete_queue,
    get_queue,
    get_scaling,
    list_dead_letter_sources,
    list_queues,
    purge_queue,
    update_queue,
)
from stanchion.api.statistics import get_queue_history, get_queue_statistics, list_queue_statistics
from stanchion.models import (
    AccessKeyRequest,
    AccessKeyRotation,
    Authentication,
    CheckOutcome,
    DeadLetterSettings,
    FifoSettingsChange,
    FindingSeverity,
    LeaseExtension,
    LeaseExtensions,
    MessageAttribute,
    MessageAttributes,
    MessageAttributeType,
    MessageState,
    MoveTaskStatus,
    NewMessage,
    NewMessages,
    NewMoveTask,
    NewQueue,
    QueueChange,
    QueueKind,
    QueueSettingsChange,
    ReceiptHandles,
    ReceiveRequest,
    ScalingPolicy,
    Tags,
    VisibilityChange,
)
from stanchion.types import UNSET
from steps import equal, run, step, using

PREFIX = os.environ.get("QUEUE_PREFIX", "")


# docs: errors
class StanchionError(Exception):
    """An error of the server: `problem.code` says what went wrong, for programs."""

    def __init__(self, problem):
        super().__init__(f"{problem.code}: {problem.detail}")
        self.problem = problem


def must(answer):
    """What a call answered; raises the problem when there is one."""
    if isinstance(answer, Problem):
        raise StanchionError(answer)
    return answer
# docs: end


def refused(answer, status):
    assert isinstance(answer, Problem), f"it was not refused, but answered {answer!r}"
    equal(answer.status, status)
    return answer


# docs: first-message
def first_message(queue):
    must(create_queue.sync(client=client, body=NewQueue(name=queue)))
    sent = must(send_message.sync(queue, client=client, body=NewMessage(body="first light")))
    return sent.message_id
# docs: end


# docs: receive-loop
def work(queue, handle, is_stopped):
    while not is_stopped():
        # Waits up to twenty seconds for a first message, and leases up to ten for half a minute.
        request = ReceiveRequest(max_messages=10, wait_seconds=20, visibility_timeout_seconds=30)
        for message in must(receive_messages.sync(queue, client=client, body=request)).messages:
            try:
                handle(message.body)
                must(delete_message.sync(queue, message.receipt_handle, client=client))
            except Exception as error:
                # Not deleted, so it is delivered again; at once, because it is released.
                print(error)
                release_lease.sync(queue, message.receipt_handle, client=client)
# docs: end


def counts(queue):
    return must(count_messages.sync(queue, client=client))


def send(queue, body, **members):
    return must(send_message.sync(queue, client=client, body=NewMessage(body=body, **members)))


def receive(queue, **members):
    return must(receive_messages.sync(queue, client=client, body=ReceiveRequest(**members))).messages


def receive_one(queue):
    [message] = receive(queue, wait_seconds=5)
    return message


def queues():
    name = f"{PREFIX}orders"
    with step("create-queue"):
        settings = QueueSettingsChange(visibility_timeout_seconds=45)
        body = NewQueue(name=name, settings=settings, tags=Tags.from_dict({"team": "billing"}))
        created = must(create_queue.sync(client=client, body=body))
        equal((created.name, created.kind), (name, QueueKind.STANDARD))
        equal(created.settings.visibility_timeout_seconds, 45)
        equal(created.tags.to_dict(), {"team": "billing"})
        equal(created.dead_letter_sources, ["*"])
    with step("create-queue-again"):
        again = create_queue.sync_detailed(client=client, body=NewQueue(name=name))
        equal(again.status_code, 200)
        equal(must(again.parsed).name, name)
    with step("list-queues"):
        page = must(list_queues.sync(client=client, prefix=PREFIX, limit=10))
        equal([queue.name for queue in page.queues], [name])
        equal(page.next_cursor, UNSET)
    with step("get-queue"):
        equal(must(get_queue.sync(name, client=client)).created_at.tzname(), "UTC")
    with step("update-queue"):
        settings = QueueSettingsChange(retention_seconds=3_600)
        change = QueueChange(settings=settings, tags=Tags(), dead_letter=None, dead_letter_sources=[])
        queue = must(update_queue.sync(name, client=client, body=change))
        equal((queue.settings.retention_seconds, queue.settings.visibility_timeout_seconds), (3_600, 45))
        equal((queue.tags.to_dict(), queue.dead_letter_sources), ({}, []))


def messages():
    queue = f"{PREFIX}messages"
    with step("send"):
        message_id = first_message(queue)
    with step("counts"):
        found = counts(queue)
        equal((found.visible, found.in_flight, found.delayed), (1, 0, 0))
        assert isinstance(found.oldest_message_age_seconds, (int, float))
    with step("receive"):
        lease = receive_one(queue)
        equal((lease.message_id, lease.body, lease.receive_count), (message_id, "first light", 1))
        attributes = MessageAttributes()
        attributes["priority"] = MessageAttribute(type_=MessageAttributeType.NUMBER, value="3")
        attributes["note"] = MessageAttribute(type_=MessageAttributeType.STRING, value="ä")
        send(queue, '{"orderId":17}', attributes=attributes)
        second = receive_one(queue)
        equal(second.body, '{"orderId":17}')
        equal(second.attributes, attributes)
    with step("extend"):
        extension = LeaseExtension(visibility_timeout_seconds=120)
        must(extend_lease.sync(queue, lease.receipt_handle, client=client, body=extension))
    with step("release"):
        must(release_lease.sync(queue, lease.receipt_handle, client=client))
        equal(counts(queue).visible, 1)
    with step("delete"):
        again = receive_one(queue)
        equal((again.message_id, again.receive_count), (message_id, 2))
        equal(delete_message.sync_detailed(queue, again.receipt_handle, client=client).status_code, 204)
    with step("counts-empty"):
        empty = f"{PREFIX}empty"
        must(create_queue.sync(client=client, body=NewQueue(name=empty)))
        equal((counts(empty).visible, counts(empty).oldest_message_age_seconds), (0, None))


def batches():
    queue = f"{PREFIX}batches"
    must(create_queue.sync(client=client, body=NewQueue(name=queue)))
    with step("send-batch"):
        body = NewMessages([NewMessage("a"), NewMessage(""), NewMessage("c", delay_seconds=0)])
        first, second, third = must(send_messages.sync(queue, client=client, body=body)).results
        assert isinstance(first.message_id, str) and isinstance(third.message_id, str)
        equal((first.error, second.error.code, third.error), (UNSET, "messageEmpty", UNSET))
    with step("receive-batch"):
        found = receive(queue, max_messages=10)
        equal(sorted(message.body for message in found), ["a", "c"])
        handles = [message.receipt_handle for message in found]
    with step("extend-batch"):
        leases = [VisibilityChange(receipt_handle=handle, visibility_timeout_seconds=60) for handle in [*handles, "none"]]
        results = must(extend_leases.sync(queue, client=client, body=LeaseExtensions(leases))).results
        equal([result.error for result in results[:2]], [UNSET, UNSET])
        equal(results[2].error.code, "invalidReceiptHandle")
    with step("release-batch"):
        results = must(release_leases.sync(queue, client=client, body=ReceiptHandles(handles))).results
        equal([result.error for result in results], [UNSET, UNSET])
    with step("delete-batch"):
        handles = [message.receipt_handle for message in receive(queue, max_messages=10)]
        results = must(delete_messages.sync(queue, client=client, body=ReceiptHandles(handles))).results
        equal([result.error for result in results], [UNSET, UNSET])
        equal(counts(queue).visible, 0)
    with step("receive-loop"):
        for body in ("one", "bad", "two"):
            send(queue, body)
        done, failed = [], []

        def handle(body):
            if body == "bad" and not failed:
                failed.append(body)
                raise ValueError("not yet")
            done.append(body)

        work(queue, handle, lambda: len(done) == 3)
        equal(sorted(done), ["bad", "one", "two"])
    with step("purge"):
        send(queue, "x")
        must(purge_queue.sync(queue, client=client))
        equal(counts(queue).visible, 0)


def fifo():
    queue = f"{PREFIX}payments.fifo"
    settings = FifoSettingsChange(content_based_deduplication=True)
    must(create_queue.sync(client=client, body=NewQueue(name=queue, kind=QueueKind.FIFO, fifo=settings)))
    body = NewMessage("a", group_id="g", deduplication_id="d")
    with step("fifo-send"):
        first = must(send_message.sync(queue, client=client, body=body))
        equal((first.is_duplicate, len(first.sequence_number)), (False, 20))
    with step("fifo-duplicate"):
        answer = send_message.sync_detailed(queue, client=client, body=body)
        equal((answer.status_code, answer.parsed.message_id), (200, first.message_id))
        equal(answer.parsed.is_duplicate, True)
    with step("fifo-receive"):
        [message] = receive(queue, attempt_id="attempt-1")
        equal((message.group_id, message.deduplication_id), ("g", "d"))
        equal(message.sequence_number, first.sequence_number)


def dead_letters():
    source, dead = f"{PREFIX}source", f"{PREFIX}dead"
    with step("dead-letter-settings"):
        must(create_queue.sync(client=client, body=NewQueue(name=dead, dead_letter_sources=[source])))
        settings = DeadLetterSettings(queue_name=dead, receive_count_max=1)
        created = must(create_queue.sync(client=client, body=NewQueue(name=source, dead_letter=settings)))
        equal(created.dead_letter, settings)
    with step("dead-letter-move"):
        send(source, "poison")
        receive(source, visibility_timeout_seconds=0)
        equal(receive(source), [])
        equal(counts(dead).visible, 1)
    with step("dead-letter-sources"):
        page = must(list_dead_letter_sources.sync(dead, client=client))
        equal([queue.name for queue in page.queues], [source])
    with step("redrive"):
        task = must(start_move_task.sync(dead, client=client, body=NewMoveTask(messages_per_second_max=500)))
        equal((task.source, task.messages_to_move), (dead, 1))
    with step("redrive-completed"):
        while (now := must(get_move_task.sync(dead, task.id, client=client))).status == MoveTaskStatus.RUNNING:
            time.sleep(0.05)
        equal((now.status, now.messages_moved), (MoveTaskStatus.COMPLETED, 1))
    with step("redrive-list"):
        equal([known.id for known in must(list_move_tasks.sync(dead, client=client)).move_tasks], [task.id])
    with step("redrive-cancel"):
        equal(refused(cancel_move_task.sync(dead, task.id, client=client), 409).code, "moveTaskEnded")
    with step("moved-back"):
        equal(receive_one(source).body, "poison")


def watching():
    queue = f"{PREFIX}watched"
    policy = ScalingPolicy(
        target_drain_seconds=60, consumer_completions_per_second=0.5, consumers_min=1, consumers_max=7
    )
    must(create_queue.sync(client=client, body=NewQueue(name=queue, scaling=policy)))
    with step("statistics"):
        found = must(get_queue_statistics.sync(queue, client=client))
        equal((found.name, found.visible, found.sent_per_second, found.totals.sent), (queue, 0, 0, 0))
        equal(found.oldest_message_age_seconds, None)
    with step("list-statistics"):
        page = must(list_queue_statistics.sync(client=client, prefix=queue, limit=5))
        equal([one.name for one in page.queues], [queue])
    with step("history"):
        history = must(get_queue_history.sync(queue, client=client, range_seconds=900))
        assert history.step_seconds > 0
        assert all(sample.at.tzname() == "UTC" for sample in history.samples)
    with step("scaling"):
        found = must(get_scaling.sync(queue, client=client))
        equal((found.outstanding_messages, found.desired_consumers), (0, 1))
        equal(found.policy.consumer_completions_per_second, 0.5)
        equal(must(update_queue.sync(queue, client=client, body=QueueChange(scaling=None))).scaling, UNSET)
    with step("peek"):
        sent = send(queue, "seen")
        page = must(peek_messages.sync(queue, client=client, state=MessageState.READY, limit=10))
        equal([message.message_id for message in page.messages], [sent.message_id])
        one = must(peek_message.sync(queue, sent.message_id, client=client))
        equal((one.body, one.state, one.receive_count), ("seen", MessageState.READY, 0))
    with step("doctor"):
        report = must(run_doctor.sync(client=client))
        outcomes = {check.id: check.outcome for check in report.checks}
        equal(outcomes["database-unreachable"], CheckOutcome.PASSED)
        assert all(isinstance(finding.severity, FindingSeverity) for finding in report.findings)
    with step("whoami"):
        caller = must(whoami.sync(client=client))
        equal((caller.authentication, caller.role), (Authentication.ON, "admin"))
        assert "send" in caller.permissions


def access_keys():
    with step("access-keys"):
        body = AccessKeyRequest(role="reader", queue_pattern=f"{PREFIX}*", description="a reader")
        key = must(create_access_key.sync(client=client, body=body))
        known = must(list_access_keys.sync(client=client)).access_keys
        equal([one.role for one in known if one.id == key.id], ["reader"])
    with step("rotate-access-key"):
        body = AccessKeyRotation(overlap_seconds=60)
        successor = must(rotate_access_key.sync(key.id, client=client, body=body))
        assert must(disable_access_key.sync(key.id, client=client)).disabled_at
    queue = f"{PREFIX}orders"
    with step("missing-queue"):
        problem = refused(get_queue.sync(f"{PREFIX}missing", client=client), 404)
        equal(problem.code, "queueNotFound")
        assert isinstance(problem.request_id, str)
    with step("invalid-argument"):
        problem = refused(send_message.sync(queue, client=client, body=NewMessage("x", delay_seconds=-1)), 400)
        equal((problem.code, problem.field), ("invalidArgument", "delaySeconds"))
    with step("invalid-handle"):
        problem = refused(delete_message.sync(queue, "no/such handle", client=client), 400)
        equal(problem.code, "invalidReceiptHandle")
    with step("unauthenticated"):
        stranger = AuthenticatedClient(URL, token=f"{key.id}.wrong")
        equal(refused(list_queues.sync(client=stranger), 401).code, "unauthenticated")
    with step("forbidden"):
        reader = AuthenticatedClient(URL, token=f"{successor.id}.{successor.secret}")
        equal(must(count_messages.sync(queue, client=reader)).visible, 0)
        answer = send_message.sync(queue, client=reader, body=NewMessage("x"))
        equal(refused(answer, 403).code, "forbidden")
    with step("delete-queue"):
        must(delete_queue.sync(queue, client=client))
        refused(get_queue.sync(queue, client=client), 404)


using("openapi-python-client", version("openapi-python-client"))
run(queues, messages, batches, fifo, dead_letters, watching, access_keys)
