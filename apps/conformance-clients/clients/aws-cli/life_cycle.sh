#!/usr/bin/env bash
# The whole life of queues and messages through version 1 of the AWS CLI.
set -uo pipefail

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# docs: aws-cli
# AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_DEFAULT_REGION are set.
sqs() { aws --endpoint-url "$ENDPOINT_URL" sqs "$@"; }
# docs: end

# step NAME: what follows belongs to it. ok: it went well. `set -e` in a chapter ends it otherwise, see run.
step() { current=$1; : >"$scratch/why"; }
ok() { echo "ok $current"; }

run() {
  local chapter failed=0
  for chapter in "$@"; do
    ( set -e; trap 'tell $?' EXIT; "$chapter" ) 2> >(tee "$scratch/errors" >&2)
    [ $? -eq 0 ] || failed=1
  done
  exit "$failed"
}

# Ends a chapter.
tell() {
  trap - EXIT
  [ "$1" -eq 0 ] && exit 0
  local why
  why=$(tr '\n' ' ' <"$scratch/why")
  echo "not ok $current: ${why:-$(grep . "$scratch/errors" | tail -1)}"
  exit 1
}

equal() {
  [ "$1" = "$2" ] && return
  echo "expected '$2', got '$1'" >"$scratch/why"
  return 1
}

# refused CODE COMMAND...: the command has to fail with this code; what it said is in $scratch/refusal.
refused() {
  local code=$1
  shift
  if "$@" >"$scratch/refusal" 2>&1; then
    echo "nothing was refused, expected $code" >"$scratch/why"
    return 1
  fi
  grep -qF "An error occurred ($code) when calling the" "$scratch/refusal" && return
  echo "expected $code, got $(cat "$scratch/refusal")" >"$scratch/why"
  return 1
}

# field JMESPATH: a part of the JSON document that was read last, as text.
answer() { "$@" >"$scratch/answer"; }
field() { python -c '
import jmespath, json, sys
found = jmespath.search(sys.argv[2], json.load(open(sys.argv[1])))
print(found if isinstance(found, str) else json.dumps(found, sort_keys=True))' "$scratch/answer" "$1"; }

create() { sqs create-queue --queue-name "$QUEUE_PREFIX$1" "${@:2}" --output text --query QueueUrl; }
attribute() { sqs get-queue-attributes --queue-url "$1" --attribute-names All --output text --query "Attributes.$2"; }

# receive URL [OPTIONS]: nothing at all is an empty answer of the CLI.
receive() {
  sqs receive-message --queue-url "$1" --message-system-attribute-names All --message-attribute-names All \
    --wait-time-seconds 5 "${@:2}" >"$scratch/answer"
  [ -s "$scratch/answer" ] || echo '{"Messages": []}' >"$scratch/answer"
}

delete() { sqs delete-message --queue-url "$1" --receipt-handle "$2"; }

attributes='{
  "tries": {"DataType": "Number.int", "StringValue": "3"},
  "colour": {"DataType": "String", "StringValue": "grün"},
  "seal": {"DataType": "Binary", "BinaryValue": "wax"}
}'
trace='Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'

standard() {
  step create-queue
  url=$(create jobs --attributes VisibilityTimeout=60)
  equal "$(create jobs --attributes VisibilityTimeout=60)" "$url"
  equal "$(sqs get-queue-url --queue-name "${QUEUE_PREFIX}jobs" --output text)" "$url"
  ok

  step list-queues
  equal "$(sqs list-queues --queue-name-prefix "${QUEUE_PREFIX}jobs" --output text --query QueueUrls)" "$url"
  ok

  step queue-attributes
  sqs set-queue-attributes --queue-url "$url" --attributes MaximumMessageSize=2048
  answer sqs get-queue-attributes --queue-url "$url" --attribute-names All
  equal "$(field 'Attributes.[VisibilityTimeout, MaximumMessageSize]')" '["60", "2048"]'
  arn=$(field Attributes.QueueArn)
  equal "${arn##*:}" "${QUEUE_PREFIX}jobs"
  ok

  step tags
  sqs tag-queue --queue-url "$url" --tags team=billing,stage=test
  sqs untag-queue --queue-url "$url" --tag-keys stage
  answer sqs list-queue-tags --queue-url "$url"
  equal "$(field Tags)" '{"team": "billing"}'
  ok

  step send
  answer sqs send-message --queue-url "$url" --message-body 'first light <&> grün' --message-attributes "$attributes" \
    --message-system-attributes "{\"AWSTraceHeader\": {\"DataType\": \"String\", \"StringValue\": \"$trace\"}}"
  id=$(field MessageId)
  equal "$(field MD5OfMessageBody)" '509ba40abe20f5396744512dde9c4676'
  attributes_md5=$(field MD5OfMessageAttributes)
  ok

  step receive
  receive "$url"
  equal "$(field 'Messages[].[MessageId, Body] | [0]')" "[\"$id\", \"first light <&> gr\\u00fcn\"]"
  equal "$(field 'Messages[0].MessageAttributes.[tries.DataType, tries.StringValue, colour.StringValue]')" \
    '["Number.int", "3", "gr\u00fcn"]'
  # The CLI writes bytes as base64.
  equal "$(field 'Messages[0].MessageAttributes.seal.BinaryValue')" d2F4
  equal "$(field 'Messages[0].MD5OfMessageAttributes')" "$attributes_md5"
  equal "$(field 'Messages[0].Attributes.[ApproximateReceiveCount, AWSTraceHeader]')" "[\"1\", \"$trace\"]"
  handle=$(field 'Messages[0].ReceiptHandle')
  receive "$url" --wait-time-seconds 0
  equal "$(field Messages)" '[]'
  ok

  step change-visibility
  sqs change-message-visibility --queue-url "$url" --receipt-handle "$handle" --visibility-timeout 0
  receive "$url"
  equal "$(field 'Messages[0].Attributes.ApproximateReceiveCount')" 2
  ok

  step delete
  delete "$url" "$(field 'Messages[0].ReceiptHandle')"
  equal "$(attribute "$url" '[ApproximateNumberOfMessages,ApproximateNumberOfMessagesNotVisible]')" $'0\t0'
  ok

  step send-batch
  answer sqs send-message-batch --queue-url "$url" --entries '[
    {"Id": "e0", "MessageBody": "m0"}, {"Id": "e1", "MessageBody": "m1"}, {"Id": "e2", "MessageBody": "m2"},
    {"Id": "late", "MessageBody": "x", "DelaySeconds": 99999999}]'
  equal "$(field 'Successful[].Id')" '["e0", "e1", "e2"]'
  equal "$(field 'Failed[].[Id, Code, SenderFault]')" '[["late", "InvalidParameterValue", true]]'
  ok

  step receive-batch
  received='[]'
  while [ "$(printf '%s' "$received" | grep -o ReceiptHandle | wc -l)" -lt 3 ]; do
    receive "$url" --max-number-of-messages 10
    equal "$(field 'length(Messages) > `0`')" true
    received=$(field Messages)$received
  done
  # The documents, one behind the other, as one list.
  printf '%s' "$received" | sed 's/\]\[\]$/]/; s/\]\[/, /g; s/^/{"Messages": /; s/$/}/' >"$scratch/answer"
  equal "$(field 'sort(Messages[].Body)')" '["m0", "m1", "m2"]'
  ok

  step change-visibility-batch
  handles=($(field "Messages[].ReceiptHandle | join(' ', @)"))
  answer sqs change-message-visibility-batch --queue-url "$url" --entries \
    "Id=a,ReceiptHandle=${handles[0]},VisibilityTimeout=120" "Id=b,ReceiptHandle=${handles[1]},VisibilityTimeout=120"
  equal "$(field 'Successful[].Id')" '["a", "b"]'
  ok

  step delete-batch
  answer sqs delete-message-batch --queue-url "$url" --entries \
    "Id=a,ReceiptHandle=${handles[0]}" "Id=b,ReceiptHandle=${handles[1]}" "Id=bad,ReceiptHandle=nonsense"
  equal "$(field 'Successful[].Id')" '["a", "b"]'
  equal "$(field 'Failed[].[Id, Code]')" '[["bad", "ReceiptHandleIsInvalid"]]'
  ok

  step purge
  answer sqs send-message --queue-url "$url" --message-body unwanted
  sqs purge-queue --queue-url "$url"
  receive "$url" --wait-time-seconds 0
  equal "$(field Messages)" '[]'
  ok

  step delete-queue
  sqs delete-queue --queue-url "$url"
  refused AWS.SimpleQueueService.NonExistentQueue sqs get-queue-url --queue-name "${QUEUE_PREFIX}jobs"
  ok
}

errors() {
  step missing-queue
  url=$(create errors)
  refused AWS.SimpleQueueService.NonExistentQueue sqs send-message --queue-url "$url-missing" --message-body x
  ok

  step invalid-handle
  refused ReceiptHandleIsInvalid delete "$url" nonsense
  ok

  step invalid-parameter
  refused InvalidParameterValue sqs receive-message --queue-url "$url" --max-number-of-messages 11
  grep -qF 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.' \
    "$scratch/refusal"
  ok

  step wrong-secret
  AWS_SECRET_ACCESS_KEY=wrong refused SignatureDoesNotMatch sqs list-queues
  ok

  step unknown-key
  AWS_ACCESS_KEY_ID=AKIAUNKNOWN refused InvalidClientTokenId sqs list-queues
  ok
}

fifo() {
  step fifo-create
  url=$(create orders.fifo --attributes FifoQueue=true,ContentBasedDeduplication=true)
  equal "$(attribute "$url" FifoQueue)" true
  ok

  # send GROUP BODY [OPTIONS]: the message id and the sequence number.
  send() {
    sqs send-message --queue-url "$url" --message-group-id "$1" --message-body "$2" "${@:3}" \
      --output text --query '[MessageId,SequenceNumber]'
  }

  step fifo-send
  first=$(send red r1 --message-deduplication-id d1)
  second=$(send red r2)
  third=$(send blue b1)
  numbers=$(printf '%s\n' "$first" "$second" "$third" | cut -f2)
  equal "$(printf '%s\n' "$numbers" | sort -u)" "$numbers"
  ok

  step fifo-duplicate
  equal "$(send red 'another body' --message-deduplication-id d1)" "$first"
  equal "$(send red r2)" "$second"
  equal "$(attribute "$url" ApproximateNumberOfMessages)" 3
  ok

  step fifo-order
  receive "$url"
  equal "$(field 'Messages[].[Body, Attributes.MessageGroupId, Attributes.MessageDeduplicationId]')" '[["r1", "red", "d1"]]'
  equal "$(field 'Messages[0].Attributes.SequenceNumber')" "${first#*$'\t'}"
  r1=$(field 'Messages[0].ReceiptHandle')
  receive "$url"
  equal "$(field 'Messages[].[Body, Attributes.MessageGroupId]')" '[["b1", "blue"]]'
  receive "$url" --wait-time-seconds 0
  equal "$(field Messages)" '[]'
  ok

  step fifo-next
  delete "$url" "$r1"
  receive "$url"
  equal "$(field 'Messages[].Body')" '["r2"]'
  ok

  step fifo-batch
  answer sqs send-message-batch --queue-url "$url" --entries '[
    {"Id": "g1", "MessageBody": "g1", "MessageGroupId": "green"}, {"Id": "g2", "MessageBody": "g2", "MessageGroupId": "green"}]'
  equal "$(field 'Successful[].SequenceNumber | [0] != [1]')" true
  receive "$url" --max-number-of-messages 10
  equal "$(field 'Messages[].Body')" '["g1", "g2"]'
  ok
}

dead_letters() {
  step redrive-policy
  dead=$(create dead)
  dead_arn=$(attribute "$dead" QueueArn)
  policy="{\\\"deadLetterTargetArn\\\":\\\"$dead_arn\\\",\\\"maxReceiveCount\\\":1}"
  url=$(create fragile --attributes "{\"RedrivePolicy\": \"$policy\"}")
  arn=$(attribute "$url" QueueArn)
  attribute "$url" RedrivePolicy >"$scratch/answer"
  equal "$(field '[deadLetterTargetArn, maxReceiveCount]')" "[\"$dead_arn\", 1]"
  ok

  step dead-letter-sources
  equal "$(sqs list-dead-letter-source-queues --queue-url "$dead" --output text --query queueUrls)" "$url"
  ok

  step dead-letter-move
  answer sqs send-message --queue-url "$url" --message-body poison --message-attributes "$attributes"
  id=$(field MessageId)
  receive "$url" --visibility-timeout 0
  equal "$(field 'Messages[].Body')" '["poison"]'
  receive "$url" --wait-time-seconds 0
  equal "$(field Messages)" '[]'
  receive "$dead"
  equal "$(field 'Messages[].[MessageId, Body, Attributes.ApproximateReceiveCount, Attributes.DeadLetterQueueSourceArn]')" \
    "[[\"$id\", \"poison\", \"2\", \"$arn\"]]"
  ok

  step move-task
  sqs change-message-visibility --queue-url "$dead" --receipt-handle "$(field 'Messages[0].ReceiptHandle')" --visibility-timeout 0
  answer sqs start-message-move-task --source-arn "$dead_arn"
  equal "$(field 'length(TaskHandle) > `0`')" true
  ok

  step move-task-completed
  status=RUNNING
  for _ in $(seq 20); do
    [ "$status" = RUNNING ] || break
    answer sqs list-message-move-tasks --source-arn "$dead_arn"
    status=$(field 'Results[0].Status')
  done
  equal "$(field 'Results[].[Status, SourceArn, ApproximateNumberOfMessagesMoved, ApproximateNumberOfMessagesToMove]')" \
    "[[\"COMPLETED\", \"$dead_arn\", 1, 1]]"
  ok

  step moved-back
  receive "$url"
  equal "$(field 'Messages[].[Body, Attributes.ApproximateReceiveCount, Attributes.DeadLetterQueueSourceArn]')" \
    '[["poison", "1", null]]'
  ok
}

clean_up() {
  step clean-up
  for url in $(sqs list-queues --queue-name-prefix "$QUEUE_PREFIX" --output text --query 'QueueUrls || `[]`'); do
    sqs delete-queue --queue-url "$url"
  done
}

echo "using $(aws --version 2>&1 | cut -d' ' -f1 | tr / ' ')"
run standard errors fifo dead_letters clean_up
