package dev.pgmap.trace.attach;

import dev.pgmap.trace.weave.Agent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What the JVM starts in a process that {@link Attach} was pointed at. */
public final class AttachedAgent {
  private AttachedAgent() {}

  /**
   * Called by the JVM, on its own thread for this, when the agent is attached. Begins to record and
   * returns; the recording ends on a thread of its own.
   *
   * @param argument the path of a request; with none the instrumentation is kept and that is all
   */
  public static void agentmain(@Nullable String argument, Instrumentation instrumentation)
      throws IOException {
    Agent.agentmain(null, instrumentation);
    if (argument == null || argument.isEmpty()) {
      return;
    }
    Path file = Path.of(argument);
    AttachRequest request = AttachRequest.load(file);
    try {
      AttachedRecording recording = Traceable.only().begin(request);
      Thread.ofPlatform().daemon().name("trace-attach").start(() -> recording.await(file));
    } catch (RuntimeException e) {
      answer(request, () -> AttachReply.refused(e));
    }
  }

  /** Answers with what a step says, or with what it throws. */
  static void answer(AttachRequest request, Callable<AttachReply> step) {
    AttachReply reply;
    try {
      reply = step.call();
    } catch (Exception e) {
      reply = AttachReply.refused(e);
    }
    try {
      reply.save(Path.of(request.reply()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
