package dev.pgmap.trace.attach;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * How a recording of another process went.
 *
 * @param problem one sentence; empty if all went well
 * @param nrEvents how many events the file has
 * @param nrCpus of how many cpus
 * @param bytes the size of the file
 */
public record AttachReply(String problem, long nrEvents, int nrCpus, long bytes) {
  /** The name of a reply that is not complete. */
  static final String DRAFT = "draft";

  static AttachReply refused(Exception why) {
    return new AttachReply(String.valueOf(why.getMessage()), 0, 0, 0);
  }

  /** Puts it where somebody looks for it: whole or not at all. */
  void save(Path file) throws IOException {
    Path draft = file.resolveSibling(DRAFT);
    new ObjectMapper().writeValue(draft.toFile(), this);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static AttachReply load(Path file) throws IOException {
    return new ObjectMapper().readValue(file.toFile(), AttachReply.class);
  }
}
