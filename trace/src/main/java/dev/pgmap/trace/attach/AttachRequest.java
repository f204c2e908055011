package dev.pgmap.trace.attach;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pgmap.trace.tracefs.TraceSetup;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What one process asks of another; a file while it is wanted.
 *
 * @param setup what is to be traced
 * @param seconds for how long at most, of the host's time
 * @param from the process id of who asks: with it gone, nobody waits any more
 * @param output the trace.dat, absolute
 * @param version7 whether that is to be of version 7
 * @param reply where the answer is expected, absolute
 */
record AttachRequest(
    TraceSetup setup, double seconds, long from, String output, boolean version7, String reply) {

  /** Writes it to a file, whose path is the agent's argument. */
  void save(Path file) throws IOException {
    new ObjectMapper().writeValue(file.toFile(), this);
  }

  static AttachRequest load(Path file) throws IOException {
    return new ObjectMapper().readValue(file.toFile(), AttachRequest.class);
  }
}
