package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/oapi-codegen/nullable"

	"example.com/shop/stanchion"
)

// docs: connect
func connect(accessKey string) *stanchion.ClientWithResponses {
	url := os.Getenv("STANCHION_URL")
	if url == "" {
		url = "http://127.0.0.1:9324"
	}
	withKey := func(_ context.Context, request *http.Request) error {
		if accessKey != "" {
			request.Header.Set("Authorization", "Bearer "+accessKey)
		}
		return nil
	}
	return must(stanchion.NewClientWithResponses(url, stanchion.WithRequestEditorFn(withKey)))
}

// docs: end

// docs: errors
// Error is an error of the server: Problem.Code says what went wrong, for programs.
type Error struct{ Problem stanchion.Problem }

func (e *Error) Error() string { return e.Problem.Code + ": " + e.Problem.Detail }

// check turns an answer into an error, unless it is a success.
func check(status int, body []byte) error {
	if status < 400 {
		return nil
	}
	var failed Error
	if err := json.Unmarshal(body, &failed.Problem); err != nil {
		return fmt.Errorf("status %d: %s", status, body)
	}
	return &failed
}

// docs: end

var (
	ctx    = context.Background()
	client = connect(os.Getenv("STANCHION_ACCESS_KEY"))
	prefix = os.Getenv("QUEUE_PREFIX")
)

// docs: first-message
func firstMessage(queue string) (string, error) {
	created, err := client.CreateQueueWithResponse(ctx, stanchion.NewQueue{Name: queue})
	if err != nil {
		return "", err
	}
	if err := check(created.StatusCode(), created.Body); err != nil {
		return "", err
	}
	sent, err := client.SendMessageWithResponse(ctx, queue, stanchion.NewMessage{Body: "first light"})
	if err != nil {
		return "", err
	}
	if err := check(sent.StatusCode(), sent.Body); err != nil {
		return "", err
	}
	return sent.JSON201.MessageID, nil
}

// docs: end

// docs: receive-loop
// pointer makes a value one that may be absent.
func pointer[T any](value T) *T { return &value }

func work(queue string, handle func(body string) error, isStopped func() bool) error {
	// Waits up to twenty seconds for a first message, and leases up to ten for half a minute.
	request := stanchion.ReceiveRequest{MaxMessages: pointer(10), WaitSeconds: pointer(20), VisibilityTimeoutSeconds: pointer(30)}
	for !isStopped() {
		received, err := client.ReceiveMessagesWithResponse(ctx, queue, request)
		if err != nil {
			return err
		}
		if err := check(received.StatusCode(), received.Body); err != nil {
			return err
		}
		for _, message := range received.JSON200.Messages {
			if err := handle(message.Body); err != nil {
				// Not deleted, so it is delivered again; at once, because it is released.
				fmt.Println(err)
				client.ReleaseLeaseWithResponse(ctx, queue, message.ReceiptHandle)
				continue
			}
			deleted, err := client.DeleteMessageWithResponse(ctx, queue, message.ReceiptHandle)
			if err != nil {
				return err
			}
			if err := check(deleted.StatusCode(), deleted.Body); err != nil {
				return err
			}
		}
	}
	return nil
}

// docs: end

// answered is what every generated response has.
type answered interface {
	StatusCode() int
	GetBody() []byte
}

// ok gives the answer of a call that has to succeed.
func ok[T answered](answer T, err error) T {
	if err == nil {
		err = check(answer.StatusCode(), answer.GetBody())
	}
	return must(answer, err)
}

// refused gives the problem of a call that has to be refused.
func refused[T answered](status int, answer T, err error) stanchion.Problem {
	must(answer, err)
	var problem *Error
	assert(errors.As(check(answer.StatusCode(), answer.GetBody()), &problem), "it was not refused")
	equal([]int{answer.StatusCode(), problem.Problem.Status}, []int{status, status})
	return problem.Problem
}

func counts(queue string) *stanchion.QueueCounts {
	return ok(client.CountMessagesWithResponse(ctx, queue)).JSON200
}

func send(queue string, message stanchion.NewMessage) *stanchion.SentMessage {
	return ok(client.SendMessageWithResponse(ctx, queue, message)).JSON201
}

func receive(queue string, request stanchion.ReceiveRequest) []stanchion.Message {
	return ok(client.ReceiveMessagesWithResponse(ctx, queue, request)).JSON200.Messages
}

func receiveOne(queue string) stanchion.Message {
	messages := receive(queue, stanchion.ReceiveRequest{WaitSeconds: pointer(5)})
	equal(len(messages), 1)
	return messages[0]
}

func bodies(messages []stanchion.Message) []string {
	all := []string{}
	for _, message := range messages {
		all = append(all, message.Body)
	}
	slices.Sort(all)
	return all
}

func handles(messages []stanchion.Message) []string {
	all := []string{}
	for _, message := range messages {
		all = append(all, message.ReceiptHandle)
	}
	return all
}

// codes gives the code of each result, "" for those that worked.
func codes(results []stanchion.HandleResult) []string {
	all := []string{}
	for _, result := range results {
		code := ""
		if result.Error != nil {
			code = result.Error.Code
		}
		all = append(all, code)
	}
	return all
}

func queues() {
	name := prefix + "orders"
	step("create-queue", func() {
		created := ok(client.CreateQueueWithResponse(ctx, stanchion.NewQueue{
			Name:     name,
			Settings: &stanchion.QueueSettingsChange{VisibilityTimeoutSeconds: pointer(45)},
			Tags:     &stanchion.Tags{"team": "billing"},
		})).JSON201
		equal(created.Name, name)
		equal(created.Kind, stanchion.QueueKindStandard)
		equal(created.Settings.VisibilityTimeoutSeconds, 45)
		equal(created.Tags, stanchion.Tags{"team": "billing"})
		equal(created.DeadLetterSources, []string{"*"})
	})
	step("create-queue-again", func() {
		equal(ok(client.CreateQueueWithResponse(ctx, stanchion.NewQueue{Name: name})).JSON200.Name, name)
	})
	step("list-queues", func() {
		page := ok(client.ListQueuesWithResponse(ctx, &stanchion.ListQueuesParams{Prefix: &prefix, Limit: pointer(10)})).JSON200
		equal(len(page.Queues), 1)
		equal(page.Queues[0].Name, name)
		assert(page.NextCursor == nil, "there is another page")
	})
	step("get-queue", func() {
		queue := ok(client.GetQueueWithResponse(ctx, name)).JSON200
		assert(time.Since(queue.CreatedAt).Abs() < time.Hour, "it was created at %s", queue.CreatedAt)
	})
	step("update-queue", func() {
		queue := ok(client.UpdateQueueWithResponse(ctx, name, stanchion.QueueChange{
			Settings:          &stanchion.QueueSettingsChange{RetentionSeconds: pointer(3_600)},
			Tags:              &stanchion.Tags{},
			DeadLetter:        nullable.NewNullNullable[stanchion.DeadLetterSettings](),
			DeadLetterSources: &[]string{},
		})).JSON200
		equal([]int{queue.Settings.RetentionSeconds, queue.Settings.VisibilityTimeoutSeconds}, []int{3_600, 45})
		equal(queue.Tags, stanchion.Tags{})
		equal(queue.DeadLetterSources, []string{})
	})
}

func messages() {
	queue := prefix + "messages"
	var messageID string
	var lease stanchion.Message
	step("send", func() { messageID = must(firstMessage(queue)) })
	step("counts", func() {
		found := counts(queue)
		equal([]int64{found.Visible, found.InFlight, found.Delayed}, []int64{1, 0, 0})
		assert(!found.OldestMessageAgeSeconds.IsNull(), "it has no age")
	})
	step("receive", func() {
		lease = receiveOne(queue)
		equal([]any{lease.MessageID, lease.Body, lease.ReceiveCount}, []any{messageID, "first light", int64(1)})
		attributes := stanchion.MessageAttributes{
			"priority": {Type: stanchion.MessageAttributeTypeNumber, Value: "3"},
			"note":     {Type: stanchion.MessageAttributeTypeString, Value: "ä"},
		}
		send(queue, stanchion.NewMessage{Body: `{"orderId":17}`, Attributes: &attributes})
		second := receiveOne(queue)
		equal(second.Body, `{"orderId":17}`)
		equal(second.Attributes, attributes)
	})
	step("extend", func() {
		extension := stanchion.LeaseExtension{VisibilityTimeoutSeconds: 120}
		ok(client.ExtendLeaseWithResponse(ctx, queue, lease.ReceiptHandle, extension))
	})
	step("release", func() {
		ok(client.ReleaseLeaseWithResponse(ctx, queue, lease.ReceiptHandle))
		equal(counts(queue).Visible, int64(1))
	})
	step("delete", func() {
		again := receiveOne(queue)
		equal([]any{again.MessageID, again.ReceiveCount}, []any{messageID, int64(2)})
		equal(ok(client.DeleteMessageWithResponse(ctx, queue, again.ReceiptHandle)).StatusCode(), 204)
	})
	step("counts-empty", func() {
		empty := prefix + "empty"
		ok(client.CreateQueueWithResponse(ctx, stanchion.NewQueue{Name: empty}))
		equal(counts(empty).Visible, int64(0))
		assert(counts(empty).OldestMessageAgeSeconds.IsNull(), "it has an age")
	})
}

func batches() {
	queue := prefix + "batches"
	var leased []string
	ok(client.CreateQueueWithResponse(ctx, stanchion.NewQueue{Name: queue}))
	step("send-batch", func() {
		batch := stanchion.NewMessages{Messages: []stanchion.NewMessage{{Body: "a"}, {Body: ""}, {Body: "c", DelaySeconds: pointer(0)}}}
		results := ok(client.SendMessagesWithResponse(ctx, queue, batch)).JSON200.Results
		equal(len(results), 3)
		assert(results[0].MessageID != nil && results[2].MessageID != nil, "a message has no id")
		equal(results[1].Error.Code, "messageEmpty")
	})
	step("receive-batch", func() {
		found := receive(queue, stanchion.ReceiveRequest{MaxMessages: pointer(10)})
		equal(bodies(found), []string{"a", "c"})
		leased = handles(found)
	})
	step("extend-batch", func() {
		leases := []stanchion.VisibilityChange{}
		for _, handle := range append(slices.Clone(leased), "none") {
			leases = append(leases, stanchion.VisibilityChange{ReceiptHandle: handle, VisibilityTimeoutSeconds: 60})
		}
		results := ok(client.ExtendLeasesWithResponse(ctx, queue, stanchion.LeaseExtensions{Leases: leases})).JSON200.Results
		equal(codes(results), []string{"", "", "invalidReceiptHandle"})
	})
	step("release-batch", func() {
		request := stanchion.ReceiptHandles{ReceiptHandles: leased}
		equal(codes(ok(client.ReleaseLeasesWithResponse(ctx, queue, request)).JSON200.Results), []string{"", ""})
	})
	step("delete-batch", func() {
		request := stanchion.ReceiptHandles{ReceiptHandles: handles(receive(queue, stanchion.ReceiveRequest{MaxMessages: pointer(10)}))}
		equal(codes(ok(client.DeleteMessagesWithResponse(ctx, queue, request)).JSON200.Results), []string{"", ""})
		equal(counts(queue).Visible, int64(0))
	})
	step("receive-loop", func() {
		for _, body := range []string{"one", "bad", "two"} {
			send(queue, stanchion.NewMessage{Body: body})
		}
		done, failed := []string{}, false
		handle := func(body string) error {
			if body == "bad" && !failed {
				failed = true
				return errors.New("not yet")
			}
			done = append(done, body)
			return nil
		}
		must(0, work(queue, handle, func() bool { return len(done) == 3 }))
		slices.Sort(done)
		equal(done, []string{"bad", "one", "two"})
	})
	step("purge", func() {
		send(queue, stanchion.NewMessage{Body: "x"})
		ok(client.PurgeQueueWithResponse(ctx, queue))
		equal(counts(queue).Visible, int64(0))
	})
}

func fifo() {
	queue := prefix + "payments.fifo"
	ok(client.CreateQueueWithResponse(ctx, stanchion.NewQueue{
		Name: queue,
		Kind: pointer(stanchion.QueueKindFifo),
		Fifo: &stanchion.FifoSettingsChange{ContentBasedDeduplication: pointer(true)},
	}))
	message := stanchion.NewMessage{Body: "a", GroupID: pointer("g"), DeduplicationID: pointer("d")}
	var first *stanchion.SentMessage
	step("fifo-send", func() {
		first = send(queue, message)
		equal([]any{*first.IsDuplicate, len(*first.SequenceNumber)}, []any{false, 20})
	})
	step("fifo-duplicate", func() {
		second := ok(client.SendMessageWithResponse(ctx, queue, message)).JSON200
		equal([]any{second.MessageID, *second.IsDuplicate}, []any{first.MessageID, true})
	})
	step("fifo-receive", func() {
		received := receive(queue, stanchion.ReceiveRequest{AttemptID: pointer("attempt-1")})[0]
		equal([]string{*received.GroupID, *received.DeduplicationID}, []string{"g", "d"})
		equal(*received.SequenceNumber, *first.SequenceNumber)
	})
}

func deadLetters() {
	source, dead := prefix+"source", prefix+"dead"
	step("dead-letter-settings", func() {
		ok(client.CreateQueueWithResponse(ctx, stanchion.NewQueue{Name: dead, DeadLetterSources: &[]string{source}}))
		settings := stanchion.DeadLetterSettings{QueueName: dead, ReceiveCountMax: 1}
		created := ok(client.CreateQueueWithResponse(ctx, stanchion.NewQueue{Name: source, DeadLetter: &settings})).JSON201
		equal(*created.DeadLetter, settings)
	})
	step("dead-letter-move", func() {
		send(source, stanchion.NewMessage{Body: "poison"})
		receive(source, stanchion.ReceiveRequest{VisibilityTimeoutSeconds: pointer(0)})
		equal(len(receive(source, stanchion.ReceiveRequest{})), 0)
		equal(counts(dead).Visible, int64(1))
	})
	step("dead-letter-sources", func() {
		page := ok(client.ListDeadLetterSourcesWithResponse(ctx, dead, &stanchion.ListDeadLetterSourcesParams{})).JSON200
		equal(len(page.Queues), 1)
		equal(page.Queues[0].Name, source)
	})
	var id string
	step("redrive", func() {
		request := stanchion.NewMoveTask{MessagesPerSecondMax: pointer(500)}
		task := ok(client.StartMoveTaskWithResponse(ctx, dead, request)).JSON201
		equal([]any{task.Source, task.MessagesToMove}, []any{dead, int64(1)})
		id = task.ID
	})
	step("redrive-completed", func() {
		task := ok(client.GetMoveTaskWithResponse(ctx, dead, id)).JSON200
		for task.Status == stanchion.MoveTaskStatusRunning {
			time.Sleep(50 * time.Millisecond)
			task = ok(client.GetMoveTaskWithResponse(ctx, dead, id)).JSON200
		}
		equal([]any{task.Status, task.MessagesMoved}, []any{stanchion.MoveTaskStatusCompleted, int64(1)})
	})
	step("redrive-list", func() {
		tasks := ok(client.ListMoveTasksWithResponse(ctx, dead, &stanchion.ListMoveTasksParams{})).JSON200.MoveTasks
		equal(len(tasks), 1)
		equal(tasks[0].ID, id)
	})
	step("redrive-cancel", func() {
		answer, err := client.CancelMoveTaskWithResponse(ctx, dead, id)
		equal(refused(409, answer, err).Code, "moveTaskEnded")
	})
	step("moved-back", func() { equal(receiveOne(source).Body, "poison") })
}

func watching() {
	queue := prefix + "watched"
	policy := stanchion.ScalingPolicy{
		TargetDrainSeconds:           pointer(60),
		ConsumerCompletionsPerSecond: pointer(0.5),
		ConsumersMin:                 pointer(1),
		ConsumersMax:                 pointer(7),
	}
	ok(client.CreateQueueWithResponse(ctx, stanchion.NewQueue{Name: queue, Scaling: &policy}))
	step("statistics", func() {
		found := ok(client.GetQueueStatisticsWithResponse(ctx, queue)).JSON200
		equal([]any{found.Name, found.Visible, found.SentPerSecond, found.Totals.Sent}, []any{queue, int64(0), 0.0, int64(0)})
		assert(found.OldestMessageAgeSeconds.IsNull(), "it has an age")
	})
	step("list-statistics", func() {
		params := stanchion.ListQueueStatisticsParams{Prefix: &queue, Limit: pointer(5)}
		page := ok(client.ListQueueStatisticsWithResponse(ctx, &params)).JSON200
		equal(len(page.Queues), 1)
		equal(page.Queues[0].Name, queue)
	})
	step("history", func() {
		params := stanchion.GetQueueHistoryParams{RangeSeconds: pointer(900)}
		history := ok(client.GetQueueHistoryWithResponse(ctx, queue, &params)).JSON200
		assert(history.StepSeconds > 0, "it has no step")
		for _, sample := range history.Samples {
			assert(time.Since(sample.At).Abs() < time.Hour, "a sample is of %s", sample.At)
		}
	})
	step("scaling", func() {
		found := ok(client.GetScalingWithResponse(ctx, queue)).JSON200
		equal([]any{found.OutstandingMessages, found.DesiredConsumers}, []any{int64(0), int64(1)})
		equal(*found.Policy.ConsumerCompletionsPerSecond, 0.5)
		change := stanchion.QueueChange{Scaling: nullable.NewNullNullable[stanchion.ScalingPolicy]()}
		changed := ok(client.UpdateQueueWithResponse(ctx, queue, change)).JSON200
		assert(changed.Scaling == nil, "it has a policy")
	})
	step("peek", func() {
		id := send(queue, stanchion.NewMessage{Body: "seen"}).MessageID
		params := stanchion.PeekMessagesParams{State: stanchion.MessageStateReady, Limit: pointer(10)}
		page := ok(client.PeekMessagesWithResponse(ctx, queue, &params)).JSON200
		equal([]any{len(page.Messages), page.Messages[0].MessageID}, []any{1, id})
		one := ok(client.PeekMessageWithResponse(ctx, queue, id)).JSON200
		equal([]any{one.Body, one.State, one.ReceiveCount}, []any{"seen", stanchion.MessageStateReady, int64(0)})
	})
	step("doctor", func() {
		report := ok(client.RunDoctorWithResponse(ctx)).JSON200
		index := slices.IndexFunc(report.Checks, func(one stanchion.Check) bool { return one.ID == "database-unreachable" })
		equal(report.Checks[index].Outcome, stanchion.CheckOutcomePassed)
		for _, finding := range report.Findings {
			assert(finding.Severity.Valid(), "a finding has no severity")
		}
	})
	step("whoami", func() {
		caller := ok(client.WhoamiWithResponse(ctx)).JSON200
		equal([]any{caller.Authentication, must(caller.Role.Get())}, []any{stanchion.AuthenticationOn, "admin"})
		assert(slices.Contains(caller.Permissions, "send"), "it may not send")
	})
}

func accessKeys() {
	var key, successor *stanchion.NewAccessKey
	step("access-keys", func() {
		pattern, description := prefix+"*", "a reader"
		request := stanchion.AccessKeyRequest{Role: "reader", QueuePattern: &pattern, Description: &description}
		key = ok(client.CreateAccessKeyWithResponse(ctx, request)).JSON201
		known := ok(client.ListAccessKeysWithResponse(ctx)).JSON200.AccessKeys
		index := slices.IndexFunc(known, func(one stanchion.AccessKey) bool { return one.ID == key.ID })
		equal(known[index].Role, "reader")
	})
	step("rotate-access-key", func() {
		rotation := stanchion.AccessKeyRotation{OverlapSeconds: 60}
		successor = ok(client.RotateAccessKeyWithResponse(ctx, key.ID, rotation)).JSON201
		assert(ok(client.DisableAccessKeyWithResponse(ctx, key.ID)).JSON200.DisabledAt != nil, "it is not disabled")
	})
	queue := prefix + "orders"
	step("missing-queue", func() {
		answer, err := client.GetQueueWithResponse(ctx, prefix+"missing")
		problem := refused(404, answer, err)
		equal(problem.Code, "queueNotFound")
		equal(*answer.ApplicationProblemJSON404, problem)
		assert(problem.RequestID != "", "it has no request id")
	})
	step("invalid-argument", func() {
		answer, err := client.SendMessageWithResponse(ctx, queue, stanchion.NewMessage{Body: "x", DelaySeconds: pointer(-1)})
		problem := refused(400, answer, err)
		equal([]string{problem.Code, *problem.Field}, []string{"invalidArgument", "delaySeconds"})
	})
	step("invalid-handle", func() {
		answer, err := client.DeleteMessageWithResponse(ctx, queue, "no/such handle")
		equal(refused(400, answer, err).Code, "invalidReceiptHandle")
	})
	step("unauthenticated", func() {
		answer, err := connect(key.ID+".wrong").ListQueuesWithResponse(ctx, &stanchion.ListQueuesParams{})
		equal(refused(401, answer, err).Code, "unauthenticated")
	})
	step("forbidden", func() {
		reader := connect(successor.ID + "." + successor.Secret)
		equal(ok(reader.CountMessagesWithResponse(ctx, queue)).JSON200.Visible, int64(0))
		answer, err := reader.SendMessageWithResponse(ctx, queue, stanchion.NewMessage{Body: "x"})
		equal(refused(403, answer, err).Code, "forbidden")
	})
	step("delete-queue", func() {
		ok(client.DeleteQueueWithResponse(ctx, queue))
		answer, err := client.GetQueueWithResponse(ctx, queue)
		refused(404, answer, err)
	})
}

func main() {
	using("github.com/oapi-codegen/runtime")
	run(queues, messages, batches, fifo, deadLetters, watching, accessKeys)
}
