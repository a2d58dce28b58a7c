#!/bin/sh
# A walk through the REST API: sh walk.sh [base URL]
#
# Every call is printed as it could be pasted, with the answer below it. The walk ends with an error at the first answer
# that is not the expected one. It makes a queue of its own and deletes it again.
set -eu

url=${1:-http://127.0.0.1:9324}
queue=walk-$$
json='content-type: application/json'
answer=

say() {
  printf '\n# %s\n' "$*"
}

fail() {
  printf 'walk.sh: %s\n' "$*" >&2
  exit 1
}

# An argument as a shell would have to be given it. None of ours holds a single quote.
quoted() {
  case $1 in
    *[!A-Za-z0-9_./:-]*) printf " '%s'" "$1" ;;
    *) printf ' %s' "$1" ;;
  esac
}

# call STATUS ARGUMENT...: calls curl with these arguments and wants this HTTP status. Leaves the body in $answer.
call() {
  expected_status=$1
  shift
  printf '$ curl -s'
  for argument in "$@"; do quoted "$argument"; done
  printf '\n'
  # The status comes behind the body, on a line of its own.
  answer=$(curl -sS --max-time 30 -w '\n%{http_code}' "$@") || fail "curl could not reach $url"
  status=${answer##*
}
  answer=${answer%
*}
  printf '%s\n' "${answer:-(nothing, with status $status)}"
  [ "$status" = "$expected_status" ] || fail "expected status $expected_status, got $status"
}

# want TEXT: the last answer has to hold this.
want() {
  case $answer in
    *"$1"*) ;;
    *) fail "expected $1 in the answer" ;;
  esac
}

# member NAME: a text member of the last answer, without jq. With jq: printf %s "$answer" | jq -r .messages[0].NAME
# Good for one message and for values without escapes, such as ids and receipt handles.
member() {
  printf '%s\n' "$answer" | sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'
}

# However the walk ends, its queue goes. Deleting what is gone already does no harm here.
trap 'curl -s -o /dev/null -X DELETE "$url/v1/queues/$queue" || true' EXIT

say 'Create a queue. What is not said has its default.'
call 201 "$url/v1/queues" -H "$json" -d '{"name":"'"$queue"'","settings":{"visibilityTimeoutSeconds":60}}'

say 'Send one message.'
call 201 "$url/v1/queues/$queue/messages" -H "$json" -d '{"body":"first light"}'

say 'Send several; each has an outcome of its own. One has an attribute, one is delayed.'
call 200 "$url/v1/queues/$queue/messages/batch" -H "$json" -d '{"messages":[
  {"body":"second","attributes":{"source":{"type":"string","value":"walk"}}},
  {"body":"third"},
  {"body":"later","delaySeconds":900}]}'

say 'Counts are exact: three can be received, one is delayed.'
call 200 "$url/v1/queues/$queue/counts"
want '"visible":3'
want '"delayed":1'

say 'Receive a message, waiting up to 5 seconds for one. It is leased: for a minute nobody else receives it.'
call 200 "$url/v1/queues/$queue/receive" -H "$json" -d '{"maxMessages":1,"waitSeconds":5}'
want '"receiveCount":1'
handle=$(member receiptHandle)

say 'The work takes longer: extend the lease to five minutes from now.'
call 204 "$url/v1/queues/$queue/leases/$handle/extend" -H "$json" -d '{"visibilityTimeoutSeconds":300}'

say 'The work cannot be done now: release the message. Somebody else may receive it at once.'
call 204 -X POST "$url/v1/queues/$queue/leases/$handle/release"
call 200 "$url/v1/queues/$queue/counts"
want '"visible":3'

say 'Receive again and delete what is done. What is not deleted comes back when its lease is over.'
call 200 "$url/v1/queues/$queue/receive" -H "$json" -d '{"waitSeconds":5}'
handle=$(member receiptHandle)
call 204 -X DELETE "$url/v1/queues/$queue/leases/$handle"

say 'The lease is gone. An error is a problem (RFC 9457): "code" is for programs, "detail" for people.'
call 409 "$url/v1/queues/$queue/leases/$handle/extend" -H "$json" -d '{"visibilityTimeoutSeconds":300}'
want '"code":"messageNotLeased"'

say 'Remove all messages that are left, the delayed one too.'
call 204 -X POST "$url/v1/queues/$queue/purge"
call 200 "$url/v1/queues/$queue/counts"
want '"visible":0'
want '"delayed":0'

say 'Delete the queue.'
call 204 -X DELETE "$url/v1/queues/$queue"
call 404 "$url/v1/queues/$queue"
want '"code":"queueNotFound"'

say 'That was the walk.'
