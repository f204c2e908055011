package dev.pgmap.trace.attach;

import dev.pgmap.api.MmException;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.tracefs.TraceFs;
import dev.pgmap.trace.tracer.Tracer;
import dev.pgmap.trace.write.Compression;
import dev.pgmap.trace.write.TraceDatWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A recording that another process asked for, from its begin to its file. Thread-safe. */
final class AttachedRecording {
  private static final long POLL_MILLIS = 20;

  private final TraceFs files;
  private final AttachRequest request;
  private final long beganNanos = System.nanoTime();
  private boolean finished;

  private AttachedRecording(TraceFs files, AttachRequest request) {
    this.files = files;
    this.request = request;
  }

  /**
   * Switches on what is asked for.
   *
   * @throws TraceException if something is traced already
   * @throws MmException if an event, a function or a filter is refused; all is off again then
   */
  static AttachedRecording begin(TraceFs files, AttachRequest request) {
    if (isTraced(files.tracer())) {
      throw new TraceException(
          "tracing",
          "a machine that is being traced already",
          "one that is not",
          "type 'trace-cmd reset' there, or wait for who else is attached");
    }
    files.reset();
    boolean begun = false;
    try {
      request.setup().applyTo(files);
      begun = true;
    } finally {
      if (!begun) {
        files.reset();
      }
    }
    return new AttachedRecording(files, request);
  }

  private static boolean isTraced(Tracer tracer) {
    return tracer.functionTracer() != null
        || tracer.events().stream()
            .map(format -> tracer.slot(format.fullName()))
            .anyMatch(slot -> slot != null && slot.isWanted());
  }

  /** Waits until time is up or nobody wants it any more, then finishes. */
  void await(Path requestFile) {
    try {
      while (isWanted(requestFile)) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      finish();
    }
  }

  private boolean isWanted(Path requestFile) {
    double seconds = (System.nanoTime() - beganNanos) / 1e9;
    return !isFinished()
        && seconds < request.seconds()
        && Files.exists(requestFile)
        && ProcessHandle.of(request.from()).isPresent();
  }

  private synchronized boolean isFinished() {
    return finished;
  }

  /** Switches all off, writes the file and answers; the second time it does nothing. */
  synchronized void finish() {
    if (finished) {
      return;
    }
    finished = true;
    AttachedAgent.answer(request, this::write);
  }

  private AttachReply write() throws IOException {
    Path output = Path.of(request.output());
    try {
      files.write("tracing_on", "0", false);
      try (TraceSource source = files.tracer().freeze("trace attach")) {
        writer().write(source, output);
        return new AttachReply("", count(source), source.nrCpus(), Files.size(output));
      }
    } finally {
      files.reset();
    }
  }

  private static long count(TraceSource source) {
    long nrEvents = 0;
    try (TraceCursor cursor = source.open()) {
      while (cursor.next()) {
        nrEvents++;
      }
    }
    return nrEvents;
  }

  private TraceDatWriter writer() {
    return request.version7() ? TraceDatWriter.v7(Compression.NONE) : TraceDatWriter.v6();
  }
}
