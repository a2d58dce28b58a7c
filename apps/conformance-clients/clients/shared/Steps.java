import java.util.Objects;

/** Tells the runner what happened: a line for every step, {@code ok NAME} or {@code not ok NAME: why}. */
final class Steps {
  interface Body {
    void run() throws Exception;
  }

  /** What follows in the chapter needs the step that failed. */
  private static final class StepFailed extends RuntimeException {}

  private Steps() {}

  static void step(String name, Body body) {
    try {
      body.run();
    } catch (Exception | AssertionError problem) {
      System.out.println("not ok " + name + ": " + problem.toString().replaceAll("\\s+", " "));
      showWhere(problem);
      throw new StepFailed();
    }
    System.out.println("ok " + name);
  }

  /** The places in the program, which has no package; the hundred of the libraries would bury them. */
  private static void showWhere(Throwable problem) {
    for (StackTraceElement place : problem.getStackTrace()) {
      if (!place.getClassName().contains(".")) System.out.println("    at " + place);
    }
  }

  /** Runs every chapter, also after one that failed, and gives the exit code. */
  static int run(Runnable... chapters) {
    int exitCode = 0;
    for (Runnable chapter : chapters) {
      try {
        chapter.run();
      } catch (StepFailed failed) {
        exitCode = 1;
      }
    }
    return exitCode;
  }

  static void equal(Object got, Object expected) {
    if (!Objects.equals(got, expected)) throw new AssertionError("expected " + expected + ", got " + got);
  }

  static void holds(boolean condition, String otherwise) {
    if (!condition) throw new AssertionError(otherwise);
  }

  /** The call has to throw an exception of this class. */
  static <E extends Exception> E refused(Class<E> expected, Body call) {
    try {
      call.run();
    } catch (Exception thrown) {
      if (expected.isInstance(thrown)) return expected.cast(thrown);
      throw new AssertionError("expected " + expected.getSimpleName() + ", got " + thrown, thrown);
    }
    throw new AssertionError("nothing was thrown, expected " + expected.getSimpleName());
  }
}
