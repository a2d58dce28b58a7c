"""Has schemathesis make requests of every operation of the spec, right and wrong ones, and prints a line for each part."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import requests

URL = os.environ["STANCHION_URL"]
KEY = os.environ["STANCHION_ACCESS_KEY"]
SPEC = os.environ["STANCHION_SPEC"]
SEED = os.environ["STANCHION_SEED"]
EXAMPLES = os.environ["STANCHION_EXAMPLES"]
ST = Path(sys.executable).with_name("st")
HOOKS = Path(__file__).with_name("hooks.py")

AUTHORIZATION = {"Authorization": f"Bearer {KEY}"}

# A spec says what form a value has, and not which values there are: a cursor, a pattern or a name of a FIFO queue may have the right
# form and be wrong.
NO_CHECKS = "positive_data_acceptance"


def call(method, path, body=None):
    answer = requests.request(method, f"{URL}/v1{path}", json=body, headers=AUTHORIZATION, timeout=30)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def prepare():
    """Makes what the paths of the spec name, so that requests get further than to what is not there."""
    call("POST", "/queues", {"name": "dead"})
    call("POST", "/queues", {"name": "orders", "deadLetter": {"queueName": "dead", "receiveCountMax": 100}})
    message_id = call("POST", "/queues/orders/messages", {"body": "peeked at"})["messageId"]
    call("POST", "/queues/orders/messages", {"body": "leased"})
    lease = {"maxMessages": 1, "visibilityTimeoutSeconds": 43200}
    [message] = call("POST", "/queues/orders/receive", lease)["messages"]
    task = call("POST", "/queues/dead/move-tasks", {})
    return {"queue": "orders", "receiptHandle": message["receiptHandle"], "messageId": message_id, "moveTaskId": task["id"]}


def write_config(path, parameters):
    """Names what there is, for the operations that do not take it away from the others or change what they do."""
    queue = parameters.pop("queue")
    lines = [
        f'hooks = "{HOOKS}"',
        "[parameters]",
        *(f'"path.{name}" = "{value}"' for name, value in parameters.items()),
        "[[operations]]",
        'exclude-operation-id = ["deleteQueue", "purgeQueue", "updateQueue"]',
        f'parameters = {{ "path.queue" = "{queue}" }}',
        # A wrong entry is refused for itself, in an answer that is a good one.
        "[[operations]]",
        'include-operation-id = ["sendMessages", "deleteMessages", "extendLeases", "releaseLeases"]',
        "checks.negative_data_rejection.enabled = false",
    ]
    Path(path).write_text("\n".join(lines) + "\n")


def check(name, config, *arguments):
    """Runs schemathesis with these arguments; what it found is in a file beside the installed packages."""
    command = [
        ST, "--config-file", config, "run", SPEC,
        "--url", URL,
        "--header", f"Authorization: {AUTHORIZATION['Authorization']}",
        "--exclude-checks", NO_CHECKS,
        "--max-examples", EXAMPLES,
        "--seed", SEED,
        "--request-timeout", "30",
        "--continue-on-failure",
        "--warnings", "off",
        "--no-color",
        *arguments,
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode == 0:
        print(f"ok {name}", flush=True)
        return True
    log = Path(f"{name}.log").absolute()
    log.write_text(result.stdout + result.stderr)
    print(f"not ok {name}: {log} says what was found with --seed {SEED}", flush=True)
    return False


print(f"using schemathesis {version('schemathesis')}", flush=True)
config = "schemathesis.toml"
write_config(config, prepare())
# What an access key may do to keys it may do to itself, and then it can do nothing more.
KEYS = ["--include-path-regex", "^/v1/access-keys/"]
OTHERS = ["--exclude-path-regex", "^/v1/access-keys/"]
passed = [
    check("requests-of-the-spec", config, *OTHERS),
    check("requests-about-keys", config, *KEYS),
]
sys.exit(0 if all(passed) else 1)
