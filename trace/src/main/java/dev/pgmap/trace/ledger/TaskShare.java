package dev.pgmap.trace.ledger;

/**
 * A task and its share of something.
 *
 * @param comm the task's name; {@code <...>} if nobody noted it
 * @param amount how much of it
 */
public record TaskShare(int pid, String comm, long amount) {
  /** {@code comm-pid}, as a trace shows it. */
  public String name() {
    return comm + "-" + pid;
  }
}
