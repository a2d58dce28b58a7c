import io.awspring.cloud.sqs.annotation.SqsListener;
import io.awspring.cloud.sqs.operations.SqsTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Listeners and the template of Spring Cloud AWS, on the asynchronous client of the AWS SDK for Java v2. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class Shop {
  private static final String PREFIX = System.getenv("QUEUE_PREFIX");

  public record Order(int number, String item) {}

  /** What the listeners were given. */
  private static final BlockingQueue<Message<?>> SEEN = new LinkedBlockingQueue<>();

  // The queues are not there yet: Spring creates them.
  @SqsListener("${QUEUE_PREFIX}orders")
  void order(Message<Order> message) {
    SEEN.add(message);
  }

  @SqsListener("${QUEUE_PREFIX}batches")
  void batch(List<Message<String>> messages) {
    SEEN.addAll(messages);
  }

  @SqsListener(value = "${QUEUE_PREFIX}retries", messageVisibilitySeconds = "1")
  void onlyTheSecondTime(Message<String> message) {
    SEEN.add(message);
    if (receiveCount(message) == 1) throw new IllegalStateException("not yet");
  }

  @SqsListener("${QUEUE_PREFIX}steps.fifo")
  void inOrder(Message<String> message) {
    SEEN.add(message);
  }

  @SqsListener(value = "${QUEUE_PREFIX}fragile", messageVisibilitySeconds = "1")
  void never(Message<String> message) {
    SEEN.add(message);
    throw new IllegalStateException("never");
  }

  private static int receiveCount(Message<?> message) {
    return Integer.parseInt((String) message.getHeaders().get("Sqs_Msa_ApproximateReceiveCount"));
  }

  private final ConfigurableApplicationContext context;
  private final SqsTemplate template;
  private final SqsAsyncClient sqs;

  /** The bean of the listeners needs nothing, the program needs the context. */
  public Shop() {
    this(null, null, null);
  }

  private Shop(ConfigurableApplicationContext context, SqsTemplate template, SqsAsyncClient sqs) {
    this.context = context;
    this.template = template;
    this.sqs = sqs;
  }

  private static Message<?> next() throws InterruptedException {
    Message<?> message = SEEN.poll(20, TimeUnit.SECONDS);
    Steps.holds(message != null, "no message came");
    return message;
  }

  private String url(String queue) {
    return sqs.getQueueUrl(request -> request.queueName(PREFIX + queue)).join().queueUrl();
  }

  private Map<QueueAttributeName, String> attributesOf(String queue) {
    String url = url(queue);
    return sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL)).join().attributes();
  }

  /** Listeners acknowledge a moment later, in batches. */
  private void awaitEmpty(String queue) throws InterruptedException {
    Instant deadline = Instant.now().plusSeconds(10);
    while (true) {
      Map<QueueAttributeName, String> found = attributesOf(queue);
      String counts = found.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES) + " "
          + found.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
      if (counts.equals("0 0")) return;
      Steps.holds(Instant.now().isBefore(deadline), queue + " is not empty: " + counts);
      Thread.sleep(100);
    }
  }

  private void life() {
    Steps.step("listen", () -> {
      Order order = new Order(17, "grün");
      var sent = template.send(to -> to.queue(PREFIX + "orders").payload(order).header("colour", "blue"));
      Message<?> message = next();
      Steps.equal(message.getPayload(), order);
      Steps.equal(message.getHeaders().getId(), sent.messageId());
      Steps.equal(message.getHeaders().get("colour"), "blue");
      Steps.equal(receiveCount(message), 1);
    });

    Steps.step("acknowledged", () -> awaitEmpty("orders"));

    Steps.step("listen-batch", () -> {
      Set<String> bodies = new HashSet<>();
      List<Message<String>> messages = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        bodies.add("m" + i);
        messages.add(MessageBuilder.withPayload("m" + i).build());
      }
      Steps.equal(template.sendMany(PREFIX + "batches", messages).successful().size(), 10);
      Set<Object> seen = new HashSet<>();
      while (seen.size() < 10) seen.add(next().getPayload());
      Steps.equal(seen, bodies);
      awaitEmpty("batches");
    });

    Steps.step("retry", () -> {
      template.send(PREFIX + "retries", "twice");
      Steps.equal(receiveCount(next()), 1);
      Steps.equal(receiveCount(next()), 2);
      awaitEmpty("retries");
    });

    Steps.step("template-receive", () -> {
      String queue = PREFIX + "polled";
      sqs.createQueue(request -> request.queueName(queue)).join();
      template.send(to -> to.queue(queue).payload("later").delaySeconds(1));
      var message = template.receive(from -> from.queue(queue).pollTimeout(Duration.ofSeconds(5)), String.class);
      Steps.equal(message.map(Message::getPayload).orElse(null), "later");
      awaitEmpty("polled");
    });

    Steps.step("fifo", () -> {
      List<String> bodies = List.of("s1", "s2", "s3", "s4", "s5");
      for (String body : bodies) {
        template.send(to -> to.queue(PREFIX + "steps.fifo").payload(body).messageGroupId("red").messageDeduplicationId(body));
      }
      template.send(to -> to.queue(PREFIX + "steps.fifo").payload("again").messageGroupId("red").messageDeduplicationId("s1"));
      List<Object> seen = new ArrayList<>();
      while (seen.size() < bodies.size()) seen.add(next().getPayload());
      Steps.equal(seen, bodies);
      awaitEmpty("steps.fifo");
    });

    Steps.step("dead-letters", () -> {
      String dead = sqs.createQueue(request -> request.queueName(PREFIX + "dead")).join().queueUrl();
      String arn = attributesOf("dead").get(QueueAttributeName.QUEUE_ARN);
      String policy = "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":\"2\"}";
      String url = url("fragile");
      sqs.setQueueAttributes(
          request -> request.queueUrl(url).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy))).join();
      template.send(PREFIX + "fragile", "poison");
      Steps.equal(receiveCount(next()), 1);
      Steps.equal(receiveCount(next()), 2);
      var messages = sqs.receiveMessage(request -> request.queueUrl(dead).waitTimeSeconds(10)).join().messages();
      Steps.equal(messages.stream().map(message -> message.body()).toList(), List.of("poison"));
      Steps.equal(SEEN.size(), 0);
    });
  }

  private void cleanUp() {
    List<String> urls = sqs.listQueues(request -> request.queueNamePrefix(PREFIX)).join().queueUrls();
    // Ends the listeners.
    context.stop();
    for (String url : urls) sqs.deleteQueue(request -> request.queueUrl(url)).join();
  }

  public static void main(String[] arguments) {
    System.out.println("using spring-cloud-aws-sqs " + SqsTemplate.class.getPackage().getImplementationVersion());
    var context = SpringApplication.run(Shop.class, arguments);
    var shop = new Shop(context, context.getBean(SqsTemplate.class), context.getBean(SqsAsyncClient.class));
    System.exit(Steps.run(shop::life, shop::cleanUp));
  }
}
