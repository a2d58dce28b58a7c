"""The tasks of a shop, for a worker. What a task did is a line in a file."""

import os
import time
from urllib.parse import quote, urlsplit

from celery import Celery

endpoint = urlsplit(os.environ["ENDPOINT_URL"])
key, secret = (quote(os.environ[name], safe="") for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))

# docs: celery
broker = f"sqs://{key}:{secret}@{endpoint.hostname}:{endpoint.port}"
options = {"region": os.environ["AWS_REGION"], "is_secure": endpoint.scheme == "https"}
# docs: end
more = {
    "queue_name_prefix": os.environ["QUEUE_PREFIX"],
    "visibility_timeout": 4,
    "wait_time_seconds": 2,
    "polling_interval": 0,
}
app = Celery("shop", broker=broker, broker_transport_options={**options, **more})
app.conf.update(
    # SQS has no broadcast.
    worker_enable_remote_control=False,
    task_default_queue="celery",
    task_routes={"tasks.in_order": {"queue": "orders.fifo"}},
    broker_connection_retry_on_startup=True,
    # A task is acknowledged when it is done, and holds no others back.
    task_acks_late=True,
    worker_prefetch_multiplier=1,
)


def note(line):
    with open(os.environ["RESULTS"], "a", encoding="utf-8") as results:
        results.write(f"{line}\n")


@app.task
def greet(name):
    note(f"greet {name}")


@app.task
def in_order(number):
    note(f"in_order {number}")


@app.task(bind=True, max_retries=2)
def flaky(self):
    note(f"flaky {self.request.retries}")
    if self.request.retries < 2:
        raise self.retry(countdown=1)


@app.task
def hang(path):
    """Stays until the worker is killed, but for the second try."""
    if os.path.exists(path):
        note("hang done")
        return
    open(path, "w", encoding="utf-8").close()
    note("hang begun")
    time.sleep(60)
