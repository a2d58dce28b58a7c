// docs: connect
import stanchion.ApiClient;
import stanchion.ApiException;
import stanchion.JSON;
import stanchion.api.*;
import stanchion.model.*;
// docs: end
import stanchion.ApiResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

public final class LifeCycle {
  private static final String PREFIX = Objects.requireNonNullElse(System.getenv("QUEUE_PREFIX"), "");

  // docs: connect
  static ApiClient connect(String accessKey) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(Objects.requireNonNullElse(System.getenv("STANCHION_URL"), "http://127.0.0.1:9324"));
    if (accessKey != null) client.setRequestInterceptor(it -> it.header("Authorization", "Bearer " + accessKey));
    return client;
  }

  static final ApiClient CLIENT = connect(System.getenv("STANCHION_ACCESS_KEY"));
  static final QueuesApi QUEUES = new QueuesApi(CLIENT);
  static final MessagesApi MESSAGES = new MessagesApi(CLIENT);
  static final LeasesApi LEASES = new LeasesApi(CLIENT);
  // docs: end

  private static final MoveTasksApi MOVE_TASKS = new MoveTasksApi(CLIENT);
  private static final StatisticsApi STATISTICS = new StatisticsApi(CLIENT);
  private static final DoctorApi DOCTOR = new DoctorApi(CLIENT);
  private static final AccessKeysApi ACCESS_KEYS = new AccessKeysApi(CLIENT);

  // docs: errors
  /** What the server says is wrong: {@code getCode()} is for programs. */
  static Problem problemOf(ApiException error) throws IOException {
    return JSON.getDefault().getMapper().readValue(error.getResponseBody(), Problem.class);
  }
  // docs: end

  private static Problem refused(int status, Steps.Body call) throws IOException {
    ApiException error = Steps.refused(ApiException.class, call);
    Problem problem = problemOf(error);
    Steps.equal(List.of(error.getCode(), problem.getStatus()), List.of(status, status));
    return problem;
  }

  // docs: first-message
  static String firstMessage(String queue) throws ApiException {
    QUEUES.createQueue(new NewQueue().name(queue));
    return MESSAGES.sendMessage(queue, new NewMessage().body("first light")).getMessageId();
  }
  // docs: end

  // docs: receive-loop
  interface Handler {
    void handle(String body) throws Exception;
  }

  static void work(String queue, Handler handler, BooleanSupplier isStopped) throws ApiException {
    // Waits up to twenty seconds for a first message, and leases up to ten for half a minute.
    ReceiveRequest request = new ReceiveRequest().maxMessages(10).waitSeconds(20).visibilityTimeoutSeconds(30);
    while (!isStopped.getAsBoolean()) {
      for (Message message : MESSAGES.receiveMessages(queue, request).getMessages()) {
        try {
          handler.handle(message.getBody());
          LEASES.deleteMessage(queue, message.getReceiptHandle());
        } catch (Exception error) {
          // Not deleted, so it is delivered again; at once, because it is released.
          System.err.println(error);
          LEASES.releaseLease(queue, message.getReceiptHandle());
        }
      }
    }
  }
  // docs: end

  private static QueueCounts counts(String queue) throws ApiException {
    return QUEUES.countMessages(queue);
  }

  private static void send(String queue, String body) throws ApiException {
    MESSAGES.sendMessage(queue, new NewMessage().body(body));
  }

  private static List<Message> receive(String queue, int maxMessages) throws ApiException {
    return MESSAGES.receiveMessages(queue, new ReceiveRequest().maxMessages(maxMessages)).getMessages();
  }

  private static Message receiveOne(String queue) throws ApiException {
    List<Message> messages = MESSAGES.receiveMessages(queue, new ReceiveRequest().waitSeconds(5)).getMessages();
    Steps.equal(messages.size(), 1);
    return messages.get(0);
  }

  private static List<String> codes(List<HandleResult> results) {
    return results.stream().map(it -> it.getError() == null ? "" : it.getError().getCode()).toList();
  }

  private static void queues() {
    String name = PREFIX + "orders";
    Steps.step("create-queue", () -> {
      Queue created = QUEUES.createQueue(new NewQueue()
          .name(name)
          .settings(new QueueSettingsChange().visibilityTimeoutSeconds(45))
          .tags(Map.of("team", "billing")));
      Steps.equal(created.getName(), name);
      Steps.equal(created.getKind(), QueueKind.STANDARD);
      Steps.equal(created.getSettings().getVisibilityTimeoutSeconds(), 45);
      Steps.equal(created.getTags(), Map.of("team", "billing"));
      Steps.equal(created.getDeadLetterSources(), List.of("*"));
    });
    Steps.step("create-queue-again", () -> {
      ApiResponse<Queue> again = QUEUES.createQueueWithHttpInfo(new NewQueue().name(name));
      Steps.equal(again.getStatusCode(), 200);
      Steps.equal(again.getData().getName(), name);
    });
    Steps.step("list-queues", () -> {
      QueuePage page = QUEUES.listQueues(PREFIX, 10, null);
      Steps.equal(page.getQueues().stream().map(Queue::getName).toList(), List.of(name));
      Steps.equal(page.getNextCursor(), null);
    });
    Steps.step("get-queue", () -> {
      OffsetDateTime createdAt = QUEUES.getQueue(name).getCreatedAt();
      Steps.holds(Duration.between(createdAt, OffsetDateTime.now()).abs().toHours() < 1, "it was created at " + createdAt);
    });
    Steps.step("update-queue", () -> {
      Queue queue = QUEUES.updateQueue(name, new QueueChange()
          .settings(new QueueSettingsChange().retentionSeconds(3_600))
          .tags(Map.of())
          .deadLetter(null)
          .deadLetterSources(List.of()));
      Steps.equal(queue.getSettings().getRetentionSeconds(), 3_600);
      Steps.equal(queue.getSettings().getVisibilityTimeoutSeconds(), 45);
      Steps.equal(queue.getTags(), Map.of());
      Steps.equal(queue.getDeadLetterSources(), List.of());
    });
  }

  private static void messages() {
    String queue = PREFIX + "messages";
    String[] messageId = new String[1];
    Message[] lease = new Message[1];
    Steps.step("send", () -> messageId[0] = firstMessage(queue));
    Steps.step("counts", () -> {
      QueueCounts found = counts(queue);
      Steps.equal(List.of(found.getVisible(), found.getInFlight(), found.getDelayed()), List.of(1L, 0L, 0L));
      Steps.holds(found.getOldestMessageAgeSeconds() != null, "it has no age");
    });
    Steps.step("receive", () -> {
      lease[0] = receiveOne(queue);
      Steps.equal(lease[0].getMessageId(), messageId[0]);
      Steps.equal(lease[0].getBody(), "first light");
      Steps.equal(lease[0].getReceiveCount(), 1L);
      Map<String, MessageAttribute> attributes = Map.of(
          "priority", new MessageAttribute().type(MessageAttributeType.NUMBER).value("3"),
          "note", new MessageAttribute().type(MessageAttributeType.STRING).value("ä"));
      MESSAGES.sendMessage(queue, new NewMessage().body("{\"orderId\":17}").attributes(attributes));
      Message second = receiveOne(queue);
      Steps.equal(second.getBody(), "{\"orderId\":17}");
      Steps.equal(second.getAttributes(), attributes);
    });
    Steps.step("extend", () ->
        LEASES.extendLease(queue, lease[0].getReceiptHandle(), new LeaseExtension().visibilityTimeoutSeconds(120)));
    Steps.step("release", () -> {
      LEASES.releaseLease(queue, lease[0].getReceiptHandle());
      Steps.equal(counts(queue).getVisible(), 1L);
    });
    Steps.step("delete", () -> {
      Message again = receiveOne(queue);
      Steps.equal(again.getMessageId(), messageId[0]);
      Steps.equal(again.getReceiveCount(), 2L);
      Steps.equal(LEASES.deleteMessageWithHttpInfo(queue, again.getReceiptHandle()).getStatusCode(), 204);
    });
    Steps.step("counts-empty", () -> {
      String empty = PREFIX + "empty";
      QUEUES.createQueue(new NewQueue().name(empty));
      Steps.equal(counts(empty).getVisible(), 0L);
      Steps.equal(counts(empty).getOldestMessageAgeSeconds(), null);
    });
  }

  private static void batches() {
    String queue = PREFIX + "batches";
    List<String> handles = new ArrayList<>();
    Steps.step("send-batch", () -> {
      QUEUES.createQueue(new NewQueue().name(queue));
      List<NewMessage> batch = Stream.of("a", "", "c").map(body -> new NewMessage().body(body).delaySeconds(0)).toList();
      List<SendResult> results = MESSAGES.sendMessages(queue, new NewMessages().messages(batch)).getResults();
      Steps.equal(results.stream().map(it -> it.getMessageId() != null).toList(), List.of(true, false, true));
      Steps.equal(results.get(1).getError().getCode(), "messageEmpty");
    });
    Steps.step("receive-batch", () -> {
      List<Message> found = receive(queue, 10);
      Steps.equal(found.stream().map(Message::getBody).sorted().toList(), List.of("a", "c"));
      found.forEach(it -> handles.add(it.getReceiptHandle()));
    });
    Steps.step("extend-batch", () -> {
      List<VisibilityChange> leases = Stream.concat(handles.stream(), Stream.of("none"))
          .map(handle -> new VisibilityChange().receiptHandle(handle).visibilityTimeoutSeconds(60))
          .toList();
      List<HandleResult> results = LEASES.extendLeases(queue, new LeaseExtensions().leases(leases)).getResults();
      Steps.equal(codes(results), List.of("", "", "invalidReceiptHandle"));
    });
    Steps.step("release-batch", () -> {
      ReceiptHandles request = new ReceiptHandles().receiptHandles(handles);
      Steps.equal(codes(LEASES.releaseLeases(queue, request).getResults()), List.of("", ""));
    });
    Steps.step("delete-batch", () -> {
      List<String> again = receive(queue, 10).stream().map(Message::getReceiptHandle).toList();
      List<HandleResult> results = LEASES.deleteMessages(queue, new ReceiptHandles().receiptHandles(again)).getResults();
      Steps.equal(codes(results), List.of("", ""));
      Steps.equal(counts(queue).getVisible(), 0L);
    });
    Steps.step("receive-loop", () -> {
      for (String body : List.of("one", "bad", "two")) send(queue, body);
      List<String> done = new ArrayList<>();
      boolean[] failed = new boolean[1];
      Handler handler = body -> {
        if (body.equals("bad") && !failed[0]) {
          failed[0] = true;
          throw new IllegalStateException("not yet");
        }
        done.add(body);
      };
      work(queue, handler, () -> done.size() == 3);
      Steps.equal(done.stream().sorted().toList(), List.of("bad", "one", "two"));
    });
    Steps.step("purge", () -> {
      send(queue, "x");
      QUEUES.purgeQueue(queue);
      Steps.equal(counts(queue).getVisible(), 0L);
    });
  }

  private static void fifo() {
    String queue = PREFIX + "payments.fifo";
    NewMessage message = new NewMessage().body("a").groupId("g").deduplicationId("d");
    SentMessage[] first = new SentMessage[1];
    Steps.step("fifo-send", () -> {
      FifoSettingsChange settings = new FifoSettingsChange().contentBasedDeduplication(true);
      QUEUES.createQueue(new NewQueue().name(queue).kind(QueueKind.FIFO).fifo(settings));
      first[0] = MESSAGES.sendMessage(queue, message);
      Steps.equal(first[0].getIsDuplicate(), false);
      Steps.equal(first[0].getSequenceNumber().length(), 20);
    });
    Steps.step("fifo-duplicate", () -> {
      ApiResponse<SentMessage> answer = MESSAGES.sendMessageWithHttpInfo(queue, message);
      Steps.equal(answer.getStatusCode(), 200);
      Steps.equal(answer.getData().getMessageId(), first[0].getMessageId());
      Steps.equal(answer.getData().getIsDuplicate(), true);
    });
    Steps.step("fifo-receive", () -> {
      ReceiveRequest request = new ReceiveRequest().attemptId("attempt-1");
      Message received = MESSAGES.receiveMessages(queue, request).getMessages().get(0);
      Steps.equal(List.of(received.getGroupId(), received.getDeduplicationId()), List.of("g", "d"));
      Steps.equal(received.getSequenceNumber(), first[0].getSequenceNumber());
    });
  }

  private static void deadLetters() {
    String source = PREFIX + "source";
    String dead = PREFIX + "dead";
    Steps.step("dead-letter-settings", () -> {
      QUEUES.createQueue(new NewQueue().name(dead).deadLetterSources(List.of(source)));
      DeadLetterSettings settings = new DeadLetterSettings().queueName(dead).receiveCountMax(1);
      Steps.equal(QUEUES.createQueue(new NewQueue().name(source).deadLetter(settings)).getDeadLetter(), settings);
    });
    Steps.step("dead-letter-move", () -> {
      send(source, "poison");
      MESSAGES.receiveMessages(source, new ReceiveRequest().visibilityTimeoutSeconds(0));
      Steps.equal(receive(source, 1), List.of());
      Steps.equal(counts(dead).getVisible(), 1L);
    });
    Steps.step("dead-letter-sources", () -> {
      List<Queue> found = QUEUES.listDeadLetterSources(dead, null, null).getQueues();
      Steps.equal(found.stream().map(Queue::getName).toList(), List.of(source));
    });
    String[] id = new String[1];
    Steps.step("redrive", () -> {
      MoveTask task = MOVE_TASKS.startMoveTask(dead, new NewMoveTask().messagesPerSecondMax(500));
      Steps.equal(task.getSource(), dead);
      Steps.equal(task.getMessagesToMove(), 1L);
      id[0] = task.getId();
    });
    Steps.step("redrive-completed", () -> {
      MoveTask task = MOVE_TASKS.getMoveTask(dead, id[0]);
      while (task.getStatus() == MoveTaskStatus.RUNNING) {
        Thread.sleep(50);
        task = MOVE_TASKS.getMoveTask(dead, id[0]);
      }
      Steps.equal(task.getStatus(), MoveTaskStatus.COMPLETED);
      Steps.equal(task.getMessagesMoved(), 1L);
    });
    Steps.step("redrive-list", () -> {
      List<MoveTask> tasks = MOVE_TASKS.listMoveTasks(dead, null).getMoveTasks();
      Steps.equal(tasks.stream().map(MoveTask::getId).toList(), Arrays.asList(id));
    });
    Steps.step("redrive-cancel", () ->
        Steps.equal(refused(409, () -> MOVE_TASKS.cancelMoveTask(dead, id[0])).getCode(), "moveTaskEnded"));
    Steps.step("moved-back", () -> Steps.equal(receiveOne(source).getBody(), "poison"));
  }

  private static void watching() {
    String queue = PREFIX + "watched";
    Steps.step("statistics", () -> {
      ScalingPolicy policy = new ScalingPolicy()
          .targetDrainSeconds(60)
          .consumerCompletionsPerSecond(0.5)
          .consumersMin(1)
          .consumersMax(7);
      QUEUES.createQueue(new NewQueue().name(queue).scaling(policy));
      QueueStatistics found = STATISTICS.getQueueStatistics(queue);
      Steps.equal(List.of(found.getName(), found.getVisible(), found.getTotals().getSent()), List.of(queue, 0L, 0L));
      Steps.equal(found.getSentPerSecond(), 0.0);
      Steps.equal(found.getOldestMessageAgeSeconds(), null);
    });
    Steps.step("list-statistics", () -> {
      List<QueueStatistics> found = STATISTICS.listQueueStatistics(queue, 5, null).getQueues();
      Steps.equal(found.stream().map(QueueStatistics::getName).toList(), List.of(queue));
    });
    Steps.step("history", () -> {
      QueueHistory history = STATISTICS.getQueueHistory(queue, 900);
      Steps.holds(history.getStepSeconds() > 0, "it has no step");
      Steps.holds(history.getSamples().stream().allMatch(it -> it.getAt() != null), "a sample has no time");
    });
    Steps.step("scaling", () -> {
      QueueScaling found = QUEUES.getScaling(queue);
      Steps.equal(List.of(found.getOutstandingMessages(), found.getDesiredConsumers()), List.of(0L, 1L));
      Steps.equal(found.getPolicy().getConsumerCompletionsPerSecond(), 0.5);
      Steps.equal(QUEUES.updateQueue(queue, new QueueChange().scaling(null)).getScaling(), null);
    });
    Steps.step("peek", () -> {
      String id = MESSAGES.sendMessage(queue, new NewMessage().body("seen")).getMessageId();
      List<PeekedMessage> page = MESSAGES.peekMessages(MessageState.READY, queue, 10, null).getMessages();
      Steps.equal(page.stream().map(PeekedMessage::getMessageId).toList(), List.of(id));
      PeekedMessage one = MESSAGES.peekMessage(queue, id);
      Steps.equal(List.of(one.getBody(), one.getState(), one.getReceiveCount()), List.of("seen", MessageState.READY, 0L));
    });
    Steps.step("doctor", () -> {
      DoctorReport report = DOCTOR.runDoctor();
      Steps.equal(report.getChecks().stream()
          .filter(it -> it.getId().equals("database-unreachable"))
          .map(Check::getOutcome)
          .toList(), List.of(CheckOutcome.PASSED));
      Steps.holds(report.getFindings().stream().allMatch(it -> it.getSeverity() != null), "a finding has no severity");
    });
    Steps.step("whoami", () -> {
      Whoami caller = ACCESS_KEYS.whoami();
      Steps.equal(List.of(caller.getAuthentication(), caller.getRole()), List.of(Authentication.ON, "admin"));
      Steps.holds(caller.getPermissions().contains("send"), "it may not send");
    });
  }

  private static void accessKeys() {
    NewAccessKey[] key = new NewAccessKey[2];
    Steps.step("access-keys", () -> {
      key[0] = ACCESS_KEYS.createAccessKey(new AccessKeyRequest()
          .role("reader")
          .queuePattern(PREFIX + "*")
          .description("a reader"));
      List<AccessKey> known = ACCESS_KEYS.listAccessKeys().getAccessKeys();
      Steps.holds(known.stream().anyMatch(it -> it.getId().equals(key[0].getId())), "it is not in the list");
    });
    Steps.step("rotate-access-key", () -> {
      AccessKeyRotation rotation = new AccessKeyRotation().overlapSeconds(60.0);
      key[1] = ACCESS_KEYS.rotateAccessKey(key[0].getId(), rotation);
      Steps.holds(ACCESS_KEYS.disableAccessKey(key[0].getId()).getDisabledAt() != null, "it is not disabled");
    });
    String queue = PREFIX + "orders";
    Steps.step("missing-queue", () -> {
      Problem problem = refused(404, () -> QUEUES.getQueue(PREFIX + "missing"));
      Steps.equal(problem.getCode(), "queueNotFound");
      Steps.holds(problem.getRequestId() != null, "it has no request id");
    });
    Steps.step("invalid-argument", () -> {
      NewMessage message = new NewMessage().body("x").delaySeconds(-1);
      Problem problem = refused(400, () -> MESSAGES.sendMessage(queue, message));
      Steps.equal(List.of(problem.getCode(), problem.getField()), List.of("invalidArgument", "delaySeconds"));
    });
    Steps.step("invalid-handle", () -> {
      Problem problem = refused(400, () -> LEASES.deleteMessage(queue, "no/such handle"));
      Steps.equal(problem.getCode(), "invalidReceiptHandle");
    });
    Steps.step("unauthenticated", () -> {
      QueuesApi stranger = new QueuesApi(connect(key[0].getId() + ".wrong"));
      Steps.equal(refused(401, () -> stranger.listQueues(null, null, null)).getCode(), "unauthenticated");
    });
    Steps.step("forbidden", () -> {
      ApiClient reader = connect(key[1].getId() + "." + key[1].getSecret());
      Steps.equal(new QueuesApi(reader).countMessages(queue).getVisible(), 0L);
      MessagesApi messages = new MessagesApi(reader);
      Problem problem = refused(403, () -> messages.sendMessage(queue, new NewMessage().body("x")));
      Steps.equal(problem.getCode(), "forbidden");
    });
    Steps.step("delete-queue", () -> {
      QUEUES.deleteQueue(queue);
      refused(404, () -> QUEUES.getQueue(queue));
    });
  }

  /** As the build file says it. */
  private static String generatorVersion() throws IOException {
    String build = Files.readString(Path.of("pom.xml"));
    Matcher plugin = Pattern.compile("openapi-generator-maven-plugin</artifactId>\\s*<version>([^<]+)").matcher(build);
    return plugin.find() ? plugin.group(1) : "unknown";
  }

  public static void main(String[] arguments) throws IOException {
    System.out.println("using openapi-generator " + generatorVersion());
    System.exit(Steps.run(
        LifeCycle::queues,
        LifeCycle::messages,
        LifeCycle::batches,
        LifeCycle::fifo,
        LifeCycle::deadLetters,
        LifeCycle::watching,
        LifeCycle::accessKeys));
  }
}
