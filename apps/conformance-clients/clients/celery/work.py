"""Celery with the SQS transport of kombu: a worker process takes the tasks, a file shows what it did."""

import os
import signal
import subprocess
import sys
import tempfile
import time

directory = tempfile.mkdtemp()
os.environ["RESULTS"] = os.path.join(directory, "results")

import boto3
import celery
import kombu
from steps import equal, run, step, using
from tasks import app, flaky, greet, hang, in_order

PREFIX = os.environ["QUEUE_PREFIX"]
sqs = boto3.client("sqs", endpoint_url=os.environ["ENDPOINT_URL"])
workers = []


def results():
    try:
        with open(os.environ["RESULTS"], encoding="utf-8") as lines:
            return lines.read().splitlines()
    except FileNotFoundError:
        return []


def await_results(count, seconds=30):
    """Waits for so many lines and takes them."""
    deadline = time.monotonic() + seconds
    while len(results()) < count and time.monotonic() < deadline:
        assert workers[-1].poll() is None, "the worker has ended"
        time.sleep(0.05)
    found = results()
    equal(len(found), count)
    os.remove(os.environ["RESULTS"])
    return found


def start_worker():
    log = open(os.path.join(directory, f"worker-{len(workers)}.log"), "w", encoding="utf-8")
    arguments = ["--queues", "celery,orders.fifo", "--concurrency", "1", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    command = [sys.executable, "-m", "celery", "--app", "tasks", "worker", *arguments]
    # A group of its own, so that it can be killed with its children.
    workers.append(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True))


def end_worker(worker, number):
    if worker.poll() is None:
        os.killpg(worker.pid, number)
    return worker.wait(30)


def await_empty(queue):
    """A task that was acknowledged is deleted a moment after its line."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
    url = sqs.get_queue_url(QueueName=PREFIX + queue)["QueueUrl"]
    deadline = time.monotonic() + 10
    while True:
        counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        if set(counts.values()) == {"0"}:
            return
        assert time.monotonic() < deadline, f"{queue} is not empty: {counts}"
        time.sleep(0.1)


def life():
    with step("tasks"):
        names = [f"grün {i}" for i in range(10)]
        for name in names:
            greet.delay(name)
        start_worker()
        equal(sorted(await_results(10)), sorted(f"greet {name}" for name in names))

    with step("acknowledged"):
        await_empty("celery")

    with step("countdown"):
        began = time.monotonic()
        greet.apply_async(["later"], countdown=2)
        equal(await_results(1), ["greet later"])
        assert time.monotonic() - began >= 1.9, f"it came after {time.monotonic() - began:.1f} s"

    with step("retry"):
        flaky.delay()
        equal(await_results(3), ["flaky 0", "flaky 1", "flaky 2"])
        await_empty("celery")

    with step("worker-killed"):
        hang.delay(os.path.join(directory, "hanging"))
        equal(await_results(1), ["hang begun"])
        end_worker(workers[-1], signal.SIGKILL)
        start_worker()
        # After the visibility timeout the task comes again.
        equal(await_results(1), ["hang done"])
        await_empty("celery")

    with step("fifo"):
        for number in range(5):
            in_order.delay(number)
        equal(await_results(5), [f"in_order {number}" for number in range(5)])
        await_empty("orders.fifo")

    with step("worker-stopped"):
        equal(end_worker(workers[-1], signal.SIGTERM), 0)

    with step("purge"):
        greet.delay("nobody")
        assert app.control.purge() > 0
        await_empty("celery")


def clean_up():
    for worker in workers:
        end_worker(worker, signal.SIGKILL)
    for number in range(len(workers)):
        with open(os.path.join(directory, f"worker-{number}.log"), encoding="utf-8") as log:
            print(*log.read().splitlines()[-12:], sep="\n")
    for url in sqs.list_queues(QueueNamePrefix=PREFIX).get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=url)


using("celery", f"{celery.__version__} (kombu {kombu.__version__}, boto3 {boto3.__version__})")
run(life, clean_up)
