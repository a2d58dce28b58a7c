import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.*;

/**
 * The whole life of queues and messages through the AWS SDK for Java v2, which checks the MD5 of bodies, attributes and
 * system attributes itself.
 */
final class LifeCycle {
  private static final String PREFIX = System.getenv("QUEUE_PREFIX");
  private static final String TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  private static final Map<String, MessageAttributeValue> ATTRIBUTES = Map.of(
      "tries", MessageAttributeValue.builder().dataType("Number.int").stringValue("3").build(),
      "colour", MessageAttributeValue.builder().dataType("String").stringValue("grün").build(),
      "seal", MessageAttributeValue.builder().dataType("Binary")
          .binaryValue(SdkBytes.fromByteArray(new byte[] {0, 1, (byte) 254, (byte) 255})).build());

  private static final SqsClient sqs =
      connect(System.getenv("AWS_ACCESS_KEY_ID"), System.getenv("AWS_SECRET_ACCESS_KEY"));

  static SqsClient connect(String key, String secret) {
    // docs: java
    return SqsClient.builder()
        .endpointOverride(URI.create(System.getenv("ENDPOINT_URL")))
        .region(Region.of(System.getenv("AWS_REGION")))
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
        .build();
    // docs: end
  }

  static String create(String name, Map<QueueAttributeName, String> attributes) {
    return sqs.createQueue(request -> request.queueName(PREFIX + name).attributes(attributes)).queueUrl();
  }

  static Map<QueueAttributeName, String> attributesOf(String url) {
    return sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL)).attributes();
  }

  static List<Message> receive(String url, Consumer<ReceiveMessageRequest.Builder> change) {
    return sqs.receiveMessage(request -> {
      request.queueUrl(url).waitTimeSeconds(5);
      request.messageSystemAttributeNames(MessageSystemAttributeName.ALL).messageAttributeNames("All");
      change.accept(request);
    }).messages();
  }

  static List<Message> receiveAtOnce(String url) {
    return receive(url, request -> request.waitTimeSeconds(0));
  }

  static Message receiveOne(String url) {
    List<Message> messages = receive(url, request -> {});
    Steps.equal(messages.size(), 1);
    return messages.get(0);
  }

  static void delete(String url, Message message) {
    sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
  }

  static void setVisibility(String url, Message message, int seconds) {
    sqs.changeMessageVisibility(
        request -> request.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(seconds));
  }

  static String system(Message message, String name) {
    return message.attributesAsStrings().get(name);
  }

  static List<String> bodies(List<Message> messages) {
    return messages.stream().map(Message::body).toList();
  }

  static void ascending(String... numbers) {
    for (int i = 1; i < numbers.length; i++) {
      int order = new BigInteger(numbers[i - 1]).compareTo(new BigInteger(numbers[i]));
      Steps.holds(order < 0, "the sequence numbers do not rise: " + String.join(", ", numbers));
    }
  }

  /** An error without a class of its own has a code. */
  static String refusedWith(String code, Steps.Body call) {
    SqsException thrown = Steps.refused(SqsException.class, call);
    Steps.equal(thrown.awsErrorDetails().errorCode(), code);
    return thrown.awsErrorDetails().errorMessage();
  }

  String url;
  String dead;
  Message message;
  List<Message> messages = new ArrayList<>();

  void standard() {
    Steps.step("create-queue", () -> {
      url = create("jobs", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "60"));
      Steps.equal(create("jobs", Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "60")), url);
      Steps.equal(sqs.getQueueUrl(request -> request.queueName(PREFIX + "jobs")).queueUrl(), url);
    });

    Steps.step("list-queues", () ->
        Steps.equal(sqs.listQueues(request -> request.queueNamePrefix(PREFIX + "jobs")).queueUrls(), List.of(url)));

    Steps.step("queue-attributes", () -> {
      sqs.setQueueAttributes(request ->
          request.queueUrl(url).attributes(Map.of(QueueAttributeName.MAXIMUM_MESSAGE_SIZE, "2048")));
      Map<QueueAttributeName, String> found = attributesOf(url);
      Steps.equal(found.get(QueueAttributeName.VISIBILITY_TIMEOUT), "60");
      Steps.equal(found.get(QueueAttributeName.MAXIMUM_MESSAGE_SIZE), "2048");
      String arn = found.get(QueueAttributeName.QUEUE_ARN);
      Steps.holds(arn.endsWith(":" + PREFIX + "jobs"), arn);
    });

    Steps.step("tags", () -> {
      sqs.tagQueue(request -> request.queueUrl(url).tags(Map.of("team", "billing", "stage", "test")));
      sqs.untagQueue(request -> request.queueUrl(url).tagKeys("stage"));
      Steps.equal(sqs.listQueueTags(request -> request.queueUrl(url)).tags(), Map.of("team", "billing"));
    });

    String body = "first light <&> \u00fc \ud83d\ude00\r\n";
    var sent = new SendMessageResponse[1];
    Steps.step("send", () -> {
      var trace = MessageSystemAttributeValue.builder().dataType("String").stringValue(TRACE).build();
      sent[0] = sqs.sendMessage(request -> request.queueUrl(url).messageBody(body).messageAttributes(ATTRIBUTES)
          .messageSystemAttributes(Map.of(MessageSystemAttributeNameForSends.AWS_TRACE_HEADER, trace)));
      Steps.holds(sent[0].md5OfMessageAttributes() != null, "there is no MD5 of the attributes");
      Steps.holds(sent[0].md5OfMessageSystemAttributes() != null, "there is no MD5 of the system attributes");
    });

    Steps.step("receive", () -> {
      message = receiveOne(url);
      Steps.equal(message.messageId(), sent[0].messageId());
      Steps.equal(message.body(), body);
      Steps.equal(message.messageAttributes(), ATTRIBUTES);
      Steps.equal(message.md5OfMessageAttributes(), sent[0].md5OfMessageAttributes());
      Steps.equal(system(message, "ApproximateReceiveCount"), "1");
      Steps.equal(system(message, "AWSTraceHeader"), TRACE);
      Instant sentAt = Instant.ofEpochMilli(Long.parseLong(system(message, "SentTimestamp")));
      Steps.holds(Duration.between(sentAt, Instant.now()).abs().toSeconds() < 60, "it was sent at " + sentAt);
      Steps.holds(!system(message, "SenderId").isEmpty(), "there is no sender");
      Steps.equal(receiveAtOnce(url), List.of());
    });

    Steps.step("change-visibility", () -> {
      setVisibility(url, message, 0);
      message = receiveOne(url);
      Steps.equal(system(message, "ApproximateReceiveCount"), "2");
    });

    Steps.step("delete", () -> {
      delete(url, message);
      Map<QueueAttributeName, String> found = attributesOf(url);
      Steps.equal(found.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES), "0");
      Steps.equal(found.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE), "0");
    });

    Steps.step("send-batch", () -> {
      SendMessageBatchResponse answer = sqs.sendMessageBatch(request -> request.queueUrl(url).entries(
          entry -> entry.id("e0").messageBody("m0").messageAttributes(ATTRIBUTES),
          entry -> entry.id("e1").messageBody("m1"),
          entry -> entry.id("e2").messageBody("m2"),
          entry -> entry.id("late").messageBody("x").delaySeconds(99_999_999)));
      Steps.equal(answer.successful().stream().map(SendMessageBatchResultEntry::id).toList(), List.of("e0", "e1", "e2"));
      Steps.equal(answer.failed().size(), 1);
      BatchResultErrorEntry failed = answer.failed().get(0);
      Steps.equal(List.of(failed.id(), failed.code(), failed.senderFault()), List.of("late", "InvalidParameterValue", true));
    });

    Steps.step("receive-batch", () -> {
      while (messages.size() < 3) {
        List<Message> more = receive(url, request -> request.maxNumberOfMessages(10));
        Steps.holds(!more.isEmpty(), "only these came: " + bodies(messages));
        messages.addAll(more);
      }
      Steps.equal(bodies(messages).stream().sorted().toList(), List.of("m0", "m1", "m2"));
    });

    Steps.step("change-visibility-batch", () -> {
      var entries = messages.stream().map(each -> ChangeMessageVisibilityBatchRequestEntry.builder()
          .id(each.body()).receiptHandle(each.receiptHandle()).visibilityTimeout(120).build()).toList();
      Steps.equal(sqs.changeMessageVisibilityBatch(request -> request.queueUrl(url).entries(entries)).successful().size(), 3);
    });

    Steps.step("delete-batch", () -> {
      DeleteMessageBatchResponse answer = sqs.deleteMessageBatch(request -> request.queueUrl(url).entries(
          entry -> entry.id("a").receiptHandle(messages.get(0).receiptHandle()),
          entry -> entry.id("b").receiptHandle(messages.get(1).receiptHandle()),
          entry -> entry.id("bad").receiptHandle("nonsense")));
      Steps.equal(answer.successful().stream().map(DeleteMessageBatchResultEntry::id).toList(), List.of("a", "b"));
      Steps.equal(answer.failed().size(), 1);
      Steps.equal(answer.failed().get(0).code(), "ReceiptHandleIsInvalid");
    });

    Steps.step("purge", () -> {
      sqs.sendMessage(request -> request.queueUrl(url).messageBody("unwanted"));
      sqs.purgeQueue(request -> request.queueUrl(url));
      Steps.equal(receiveAtOnce(url), List.of());
    });

    Steps.step("delete-queue", () -> {
      sqs.deleteQueue(request -> request.queueUrl(url));
      Steps.refused(QueueDoesNotExistException.class, () -> sqs.getQueueUrl(request -> request.queueName(PREFIX + "jobs")));
    });
  }

  void errors() {
    Steps.step("missing-queue", () -> {
      url = create("errors", Map.of());
      Steps.refused(QueueDoesNotExistException.class,
          () -> sqs.sendMessage(request -> request.queueUrl(url + "-missing").messageBody("x")));
    });

    Steps.step("invalid-handle", () -> Steps.refused(ReceiptHandleIsInvalidException.class,
        () -> sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle("nonsense"))));

    Steps.step("invalid-parameter", () -> Steps.equal(
        refusedWith("InvalidParameterValue", () -> receive(url, request -> request.maxNumberOfMessages(11))),
        "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."));

    Steps.step("wrong-secret", () -> {
      try (SqsClient stranger = connect(System.getenv("AWS_ACCESS_KEY_ID"), "wrong")) {
        refusedWith("SignatureDoesNotMatch", stranger::listQueues);
      }
    });

    Steps.step("unknown-key", () -> {
      try (SqsClient stranger = connect("AKIAUNKNOWN", "wrong")) {
        refusedWith("InvalidClientTokenId", stranger::listQueues);
      }
    });
  }

  SendMessageResponse send(String group, String body, String deduplicationId) {
    return sqs.sendMessage(request -> request.queueUrl(url).messageBody(body)
        .messageGroupId(group).messageDeduplicationId(deduplicationId));
  }

  void fifo() {
    Steps.step("fifo-create", () -> {
      url = create("orders.fifo", Map.of(
          QueueAttributeName.FIFO_QUEUE, "true", QueueAttributeName.CONTENT_BASED_DEDUPLICATION, "true"));
      Steps.equal(attributesOf(url).get(QueueAttributeName.FIFO_QUEUE), "true");
    });

    var sent = new ArrayList<SendMessageResponse>();
    Steps.step("fifo-send", () -> {
      sent.add(send("red", "r1", "d1"));
      sent.add(send("red", "r2", null));
      sent.add(send("blue", "b1", null));
      ascending(sent.stream().map(SendMessageResponse::sequenceNumber).toArray(String[]::new));
    });

    Steps.step("fifo-duplicate", () -> {
      SendMessageResponse again = send("red", "another body", "d1");
      Steps.equal(again.messageId(), sent.get(0).messageId());
      Steps.equal(again.sequenceNumber(), sent.get(0).sequenceNumber());
      Steps.equal(send("red", "r2", null).messageId(), sent.get(1).messageId());
      Steps.equal(attributesOf(url).get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES), "3");
    });

    var held = new ArrayList<Message>();
    Steps.step("fifo-order", () -> {
      held.add(receiveOne(url));
      held.add(receiveOne(url));
      Steps.equal(bodies(held), List.of("r1", "b1"));
      Message first = held.get(0);
      Steps.equal(system(first, "MessageGroupId"), "red");
      Steps.equal(system(first, "MessageDeduplicationId"), "d1");
      Steps.equal(system(first, "SequenceNumber"), sent.get(0).sequenceNumber());
      Steps.equal(system(held.get(1), "MessageGroupId"), "blue");
      Steps.equal(receiveAtOnce(url), List.of());
    });

    Steps.step("fifo-next", () -> {
      held.forEach(each -> delete(url, each));
      Message next = receiveOne(url);
      Steps.equal(next.body(), "r2");
      delete(url, next);
      Steps.equal(receiveAtOnce(url), List.of());
    });

    Steps.step("fifo-batch", () -> {
      SendMessageBatchResponse answer = sqs.sendMessageBatch(request -> request.queueUrl(url).entries(
          entry -> entry.id("a").messageBody("g1").messageGroupId("green"),
          entry -> entry.id("b").messageBody("g2").messageGroupId("green"),
          entry -> entry.id("c").messageBody("g3").messageGroupId("green")));
      ascending(answer.successful().stream().map(SendMessageBatchResultEntry::sequenceNumber).toArray(String[]::new));
      Steps.equal(bodies(receive(url, request -> request.maxNumberOfMessages(10))), List.of("g1", "g2", "g3"));
    });
  }

  void deadLetters() {
    var arns = new String[2];
    Steps.step("redrive-policy", () -> {
      dead = create("dead", Map.of());
      arns[1] = attributesOf(dead).get(QueueAttributeName.QUEUE_ARN);
      String policy = "{\"deadLetterTargetArn\":\"" + arns[1] + "\",\"maxReceiveCount\":1}";
      url = create("fragile", Map.of(QueueAttributeName.REDRIVE_POLICY, policy));
      Map<QueueAttributeName, String> found = attributesOf(url);
      arns[0] = found.get(QueueAttributeName.QUEUE_ARN);
      Steps.equal(found.get(QueueAttributeName.REDRIVE_POLICY), policy);
    });

    Steps.step("dead-letter-sources", () -> Steps.equal(
        sqs.listDeadLetterSourceQueues(request -> request.queueUrl(dead)).queueUrls(), List.of(url)));

    Steps.step("dead-letter-move", () -> {
      String id = sqs.sendMessage(
          request -> request.queueUrl(url).messageBody("poison").messageAttributes(ATTRIBUTES)).messageId();
      setVisibility(url, receiveOne(url), 0);
      Steps.equal(receiveAtOnce(url), List.of());
      message = receiveOne(dead);
      Steps.equal(message.messageId(), id);
      Steps.equal(message.body(), "poison");
      Steps.equal(message.messageAttributes(), ATTRIBUTES);
      Steps.equal(system(message, "DeadLetterQueueSourceArn"), arns[0]);
      Steps.equal(system(message, "ApproximateReceiveCount"), "2");
    });

    Steps.step("move-task", () -> {
      setVisibility(dead, message, 0);
      String handle = sqs.startMessageMoveTask(request -> request.sourceArn(arns[1])).taskHandle();
      Steps.holds(handle != null && !handle.isEmpty(), "there is no task handle");
    });

    Steps.step("move-task-completed", () -> {
      Instant deadline = Instant.now().plusSeconds(20);
      ListMessageMoveTasksResultEntry task;
      do {
        Thread.sleep(200);
        task = sqs.listMessageMoveTasks(request -> request.sourceArn(arns[1])).results().get(0);
      } while (Objects.equals(task.status(), "RUNNING") && Instant.now().isBefore(deadline));
      Steps.equal(task.status(), "COMPLETED");
      Steps.equal(task.approximateNumberOfMessagesMoved(), 1L);
      Steps.equal(task.approximateNumberOfMessagesToMove(), 1L);
    });

    Steps.step("moved-back", () -> {
      message = receiveOne(url);
      Steps.equal(message.body(), "poison");
      Steps.equal(message.messageAttributes(), ATTRIBUTES);
      Steps.equal(system(message, "ApproximateReceiveCount"), "1");
      Steps.equal(system(message, "DeadLetterQueueSourceArn"), null);
    });
  }

  void cleanUp() {
    for (String each : sqs.listQueues(request -> request.queueNamePrefix(PREFIX)).queueUrls()) {
      sqs.deleteQueue(request -> request.queueUrl(each));
    }
  }

  public static void main(String[] arguments) {
    System.out.println("using aws-sdk-java-v2 " + VersionInfo.SDK_VERSION);
    var life = new LifeCycle();
    System.exit(Steps.run(life::standard, life::errors, life::fifo, life::deadLetters, life::cleanUp));
  }
}
