package dev.pgmap.trace.tracefs;

import dev.pgmap.api.Errno;
import dev.pgmap.trace.tracer.Tracer;

/** {@code trace_marker}, and the option {@code markers} that closes it. Thread-safe. */
final class Marker {
  private final Tracer tracer;
  private volatile boolean on = true;

  Marker(Tracer tracer) {
    this.tracer = tracer;
  }

  boolean isOn() {
    return on;
  }

  void turn(boolean next) {
    on = next;
  }

  ControlFile file() {
    return ControlFile.writeOnly(this::write);
  }

  private void write(String text) {
    if (!on) {
      throw new FileProblem(
          Errno.EINVAL, "markers are off", "option markers on", "echo 1 > options/markers");
    }
    tracer.mark(text);
  }
}
