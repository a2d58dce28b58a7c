// The whole life of queues and messages through the AWS SDK for Go v2, which checks the MD5 of bodies itself.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"

var (
	ctx        = context.Background()
	prefix     = os.Getenv("QUEUE_PREFIX")
	client     = connect(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"))
	attributes = map[string]types.MessageAttributeValue{
		"tries":  {DataType: aws.String("Number.int"), StringValue: aws.String("3")},
		"colour": {DataType: aws.String("String"), StringValue: aws.String("grün")},
		"seal":   {DataType: aws.String("Binary"), BinaryValue: []byte{0, 1, 254, 255}},
	}
)

func connect(key, secret string) *sqs.Client {
	// docs: go
	return sqs.New(sqs.Options{
		BaseEndpoint: aws.String(os.Getenv("ENDPOINT_URL")),
		Region:       os.Getenv("AWS_REGION"),
		Credentials:  credentials.NewStaticCredentialsProvider(key, secret, ""),
	})
	// docs: end
}

func create(name string, settings map[string]string) string {
	return *must(client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(prefix + name), Attributes: settings})).QueueUrl
}

func attributesOf(url string) map[string]string {
	all := []types.QueueAttributeName{types.QueueAttributeNameAll}
	return must(client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: all})).Attributes
}

func receive(url string, change ...func(*sqs.ReceiveMessageInput)) []types.Message {
	input := &sqs.ReceiveMessageInput{
		QueueUrl:                    &url,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
		WaitTimeSeconds:             5,
	}
	for _, apply := range change {
		apply(input)
	}
	return must(client.ReceiveMessage(ctx, input)).Messages
}

func atOnce(input *sqs.ReceiveMessageInput)  { input.WaitTimeSeconds = 0 }
func upToTen(input *sqs.ReceiveMessageInput) { input.MaxNumberOfMessages = 10 }

func receiveOne(url string, change ...func(*sqs.ReceiveMessageInput)) types.Message {
	messages := receive(url, change...)
	equal(len(messages), 1)
	return messages[0]
}

func remove(url string, message types.Message) {
	must(client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: message.ReceiptHandle}))
}

func setVisibility(url string, message types.Message, seconds int32) {
	must(client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &url, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: seconds,
	}))
}

func bodies(messages []types.Message) []string {
	var all []string
	for _, message := range messages {
		all = append(all, *message.Body)
	}
	return all
}

func sorted(texts []string) []string {
	sort.Strings(texts)
	return texts
}

// ascending tells whether each sequence number is higher than the one before. They are too long for an int64.
func ascending(numbers ...*string) bool {
	last := big.NewInt(-1)
	for _, number := range numbers {
		value, isNumber := new(big.Int).SetString(*number, 10)
		if !isNumber || value.Cmp(last) <= 0 {
			return false
		}
		last = value
	}
	return true
}

// refused expects the SDK's own type for an error.
func refused[E error](_ any, err error) E {
	var expected E
	assert(errors.As(err, &expected), "expected %T, got %v", expected, err)
	return expected
}

// refusedWith expects an error that has no type of its own, by its code.
func refusedWith(code string, _ any, err error) smithy.APIError {
	var found smithy.APIError
	assert(errors.As(err, &found), "expected %s, got %v", code, err)
	equal(found.ErrorCode(), code)
	return found
}

func standard() {
	var url string
	step("create-queue", func() {
		url = create("jobs", map[string]string{"VisibilityTimeout": "60"})
		equal(create("jobs", map[string]string{"VisibilityTimeout": "60"}), url)
		equal(*must(client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(prefix + "jobs")})).QueueUrl, url)
	})

	step("list-queues", func() {
		answer := must(client.ListQueues(ctx, &sqs.ListQueuesInput{QueueNamePrefix: aws.String(prefix + "jobs")}))
		equal(answer.QueueUrls, []string{url})
	})

	step("queue-attributes", func() {
		settings := map[string]string{"MaximumMessageSize": "2048"}
		must(client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: settings}))
		found := attributesOf(url)
		equal([]string{found["VisibilityTimeout"], found["MaximumMessageSize"]}, []string{"60", "2048"})
		assert(strings.HasSuffix(found["QueueArn"], ":"+prefix+"jobs"), "the ARN is %s", found["QueueArn"])
	})

	step("tags", func() {
		tags := map[string]string{"team": "billing", "stage": "test"}
		must(client.TagQueue(ctx, &sqs.TagQueueInput{QueueUrl: &url, Tags: tags}))
		must(client.UntagQueue(ctx, &sqs.UntagQueueInput{QueueUrl: &url, TagKeys: []string{"stage"}}))
		found := must(client.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &url})).Tags
		equal(found, map[string]string{"team": "billing"})
	})

	const body = "first light <&> \u00fc \U0001f600\r\n"
	var sent *sqs.SendMessageOutput
	step("send", func() {
		sent = must(client.SendMessage(ctx, &sqs.SendMessageInput{
			QueueUrl: &url, MessageBody: aws.String(body), MessageAttributes: attributes,
			MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{
				"AWSTraceHeader": {DataType: aws.String("String"), StringValue: aws.String(trace)},
			},
		}))
		assert(sent.MD5OfMessageAttributes != nil, "there is no MD5 of the attributes")
	})

	var message types.Message
	step("receive", func() {
		message = receiveOne(url)
		equal([]string{*message.MessageId, *message.Body}, []string{*sent.MessageId, body})
		equal(message.MessageAttributes, attributes)
		equal(message.MD5OfMessageAttributes, sent.MD5OfMessageAttributes)
		equal([]string{message.Attributes["ApproximateReceiveCount"], message.Attributes["AWSTraceHeader"]}, []string{"1", trace})
		sentAt := time.UnixMilli(must(strconv.ParseInt(message.Attributes["SentTimestamp"], 10, 64)))
		assert(time.Since(sentAt).Abs() < time.Minute, "it was sent at %v", sentAt)
		assert(message.Attributes["SenderId"] != "", "there is no sender")
		equal(len(receive(url, atOnce)), 0)
	})

	step("change-visibility", func() {
		setVisibility(url, message, 0)
		message = receiveOne(url)
		equal(message.Attributes["ApproximateReceiveCount"], "2")
	})

	step("delete", func() {
		remove(url, message)
		found := attributesOf(url)
		equal(found["ApproximateNumberOfMessages"]+found["ApproximateNumberOfMessagesNotVisible"], "00")
	})

	step("send-batch", func() {
		answer := must(client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: []types.SendMessageBatchRequestEntry{
			{Id: aws.String("e0"), MessageBody: aws.String("m0"), MessageAttributes: attributes},
			{Id: aws.String("e1"), MessageBody: aws.String("m1")},
			{Id: aws.String("e2"), MessageBody: aws.String("m2")},
			{Id: aws.String("late"), MessageBody: aws.String("x"), DelaySeconds: 99999999},
		}}))
		equal(len(answer.Successful), 3)
		equal(len(answer.Failed), 1)
		failed := answer.Failed[0]
		equal([]any{*failed.Id, *failed.Code, failed.SenderFault}, []any{"late", "InvalidParameterValue", true})
	})

	var messages []types.Message
	step("receive-batch", func() {
		for len(messages) < 3 {
			more := receive(url, upToTen)
			assert(len(more) > 0, "only %v came", bodies(messages))
			messages = append(messages, more...)
		}
		equal(sorted(bodies(messages)), []string{"m0", "m1", "m2"})
	})

	step("change-visibility-batch", func() {
		var entries []types.ChangeMessageVisibilityBatchRequestEntry
		for _, message := range messages {
			entries = append(entries, types.ChangeMessageVisibilityBatchRequestEntry{
				Id: message.Body, ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 120,
			})
		}
		input := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &url, Entries: entries}
		equal(len(must(client.ChangeMessageVisibilityBatch(ctx, input)).Successful), 3)
	})

	step("delete-batch", func() {
		entries := []types.DeleteMessageBatchRequestEntry{{Id: aws.String("bad"), ReceiptHandle: aws.String("nonsense")}}
		for _, message := range messages[:2] {
			entries = append(entries, types.DeleteMessageBatchRequestEntry{Id: message.Body, ReceiptHandle: message.ReceiptHandle})
		}
		answer := must(client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &url, Entries: entries}))
		equal(len(answer.Successful), 2)
		equal(len(answer.Failed), 1)
		equal([]string{*answer.Failed[0].Id, *answer.Failed[0].Code}, []string{"bad", "ReceiptHandleIsInvalid"})
	})

	step("purge", func() {
		must(client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("unwanted")}))
		must(client.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &url}))
		equal(len(receive(url, atOnce)), 0)
	})

	step("delete-queue", func() {
		must(client.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &url}))
		refused[*types.QueueDoesNotExist](client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(prefix + "jobs")}))
	})
}

func errorHandling() {
	url := create("errors", nil)

	step("missing-queue", func() {
		missing := aws.String(url + "-missing")
		refused[*types.QueueDoesNotExist](client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: missing, MessageBody: aws.String("x")}))
	})

	step("invalid-handle", func() {
		input := &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: aws.String("nonsense")}
		refused[*types.ReceiptHandleIsInvalid](client.DeleteMessage(ctx, input))
	})

	step("invalid-parameter", func() {
		answer, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 11})
		equal(refusedWith("InvalidParameterValue", answer, err).ErrorMessage(),
			"Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.")
	})

	step("wrong-secret", func() {
		answer, err := connect(os.Getenv("AWS_ACCESS_KEY_ID"), "wrong").ListQueues(ctx, &sqs.ListQueuesInput{})
		refusedWith("SignatureDoesNotMatch", answer, err)
	})

	step("unknown-key", func() {
		answer, err := connect("AKIAUNKNOWN", "wrong").ListQueues(ctx, &sqs.ListQueuesInput{})
		refusedWith("InvalidClientTokenId", answer, err)
	})
}

func fifo() {
	var url string
	send := func(group, body string, deduplicationID *string) *sqs.SendMessageOutput {
		return must(client.SendMessage(ctx, &sqs.SendMessageInput{
			QueueUrl: &url, MessageBody: &body, MessageGroupId: &group, MessageDeduplicationId: deduplicationID,
		}))
	}

	step("fifo-create", func() {
		url = create("orders.fifo", map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"})
		equal(attributesOf(url)["FifoQueue"], "true")
	})

	var first, second *sqs.SendMessageOutput
	step("fifo-send", func() {
		first = send("red", "r1", aws.String("d1"))
		second = send("red", "r2", nil)
		third := send("blue", "b1", nil)
		assert(ascending(first.SequenceNumber, second.SequenceNumber, third.SequenceNumber), "the numbers do not rise")
	})

	step("fifo-duplicate", func() {
		again := send("red", "another body", aws.String("d1"))
		equal([]string{*again.MessageId, *again.SequenceNumber}, []string{*first.MessageId, *first.SequenceNumber})
		equal(*send("red", "r2", nil).MessageId, *second.MessageId)
		equal(attributesOf(url)["ApproximateNumberOfMessages"], "3")
	})

	var r1, b1 types.Message
	step("fifo-order", func() {
		r1 = receiveOne(url)
		equal(*r1.Body, "r1")
		system := r1.Attributes
		equal([]string{system["MessageGroupId"], system["MessageDeduplicationId"], system["SequenceNumber"]},
			[]string{"red", "d1", *first.SequenceNumber})
		b1 = receiveOne(url)
		equal([]string{*b1.Body, b1.Attributes["MessageGroupId"]}, []string{"b1", "blue"})
		equal(len(receive(url, atOnce)), 0)
	})

	step("fifo-next", func() {
		remove(url, r1)
		r2 := receiveOne(url)
		equal(*r2.Body, "r2")
		remove(url, r2)
		remove(url, b1)
		equal(len(receive(url, atOnce)), 0)
	})

	step("fifo-batch", func() {
		var entries []types.SendMessageBatchRequestEntry
		for _, body := range []string{"g1", "g2", "g3"} {
			entries = append(entries, types.SendMessageBatchRequestEntry{Id: &body, MessageBody: &body, MessageGroupId: aws.String("green")})
		}
		sent := must(client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries})).Successful
		equal(len(sent), 3)
		assert(ascending(sent[0].SequenceNumber, sent[1].SequenceNumber, sent[2].SequenceNumber), "the numbers do not rise")
		equal(bodies(receive(url, upToTen)), []string{"g1", "g2", "g3"})
	})
}

func deadLetters() {
	var url, dead, arn, deadArn string
	step("redrive-policy", func() {
		dead = create("dead", nil)
		deadArn = attributesOf(dead)["QueueArn"]
		policy := fmt.Sprintf(`{"deadLetterTargetArn":"%s","maxReceiveCount":1}`, deadArn)
		url = create("fragile", map[string]string{"RedrivePolicy": policy})
		found := attributesOf(url)
		arn = found["QueueArn"]
		var expected, got any
		equal([]error{json.Unmarshal([]byte(policy), &expected), json.Unmarshal([]byte(found["RedrivePolicy"]), &got)}, []error{nil, nil})
		equal(got, expected)
	})

	step("dead-letter-sources", func() {
		answer := must(client.ListDeadLetterSourceQueues(ctx, &sqs.ListDeadLetterSourceQueuesInput{QueueUrl: &dead}))
		equal(answer.QueueUrls, []string{url})
	})

	var message types.Message
	step("dead-letter-move", func() {
		sent := must(client.SendMessage(ctx, &sqs.SendMessageInput{
			QueueUrl: &url, MessageBody: aws.String("poison"), MessageAttributes: attributes,
		}))
		setVisibility(url, receiveOne(url), 0)
		equal(len(receive(url, atOnce)), 0)
		message = receiveOne(dead)
		equal([]string{*message.MessageId, *message.Body}, []string{*sent.MessageId, "poison"})
		equal(message.MessageAttributes, attributes)
		system := message.Attributes
		equal([]string{system["DeadLetterQueueSourceArn"], system["ApproximateReceiveCount"]}, []string{arn, "2"})
	})

	step("move-task", func() {
		setVisibility(dead, message, 0)
		handle := must(client.StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &deadArn})).TaskHandle
		assert(handle != nil && *handle != "", "there is no task handle")
	})

	step("move-task-completed", func() {
		task := types.ListMessageMoveTasksResultEntry{Status: aws.String("RUNNING")}
		for deadline := time.Now().Add(20 * time.Second); *task.Status == "RUNNING" && time.Now().Before(deadline); {
			time.Sleep(200 * time.Millisecond)
			results := must(client.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: &deadArn})).Results
			equal(len(results), 1)
			task = results[0]
		}
		equal([]string{*task.Status, *task.SourceArn}, []string{"COMPLETED", deadArn})
		equal([]int64{task.ApproximateNumberOfMessagesMoved, *task.ApproximateNumberOfMessagesToMove}, []int64{1, 1})
	})

	step("moved-back", func() {
		message := receiveOne(url)
		equal(*message.Body, "poison")
		equal(message.MessageAttributes, attributes)
		equal([]string{message.Attributes["ApproximateReceiveCount"], message.Attributes["DeadLetterQueueSourceArn"]}, []string{"1", ""})
	})
}

func cleanUp() {
	for _, url := range must(client.ListQueues(ctx, &sqs.ListQueuesInput{QueueNamePrefix: &prefix})).QueueUrls {
		must(client.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &url}))
	}
}

func main() {
	using("github.com/aws/aws-sdk-go-v2/service/sqs")
	run(standard, errorHandling, fifo, deadLetters, cleanUp)
}
