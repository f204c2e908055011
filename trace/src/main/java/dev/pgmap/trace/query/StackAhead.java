package dev.pgmap.trace.query;

import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.refs.StackReader;
import dev.pgmap.trace.refs.StackTable;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells an event's stack when the event is reached, though the recording has it after the event: a
 * second cursor that runs ahead of the first.
 *
 * <p>A stack belongs to the event before it of the same buffer, cpu and task. One that follows more
 * than {@value #WINDOW} events later is not found; memory does not depend on the recording but for
 * its distinct stacks. For one thread.
 */
final class StackAhead implements AutoCloseable {
  private static final int WINDOW = 1 << 14;

  private record Place(String buffer, int cpu) {}

  /** The event that the next stack of a place belongs to. */
  private static final class Owner {
    long step;
    int pid;
    boolean waits;
  }

  private final TraceCursor cursor;
  private final StackReader reader;
  private final Map<Place, Owner> owners = new HashMap<>();
  private final int[] stacks = new int[2 * WINDOW];
  private long reached;
  private boolean more = true;

  /** At the first event of a source. */
  StackAhead(TraceSource source, StackTable table) {
    reader = new StackReader(table);
    cursor = source.open();
  }

  /** Whether a source can have stacks at all. */
  static boolean isNeededFor(TraceSource source) {
    return source.events().all().stream().anyMatch(StackReader::isStack);
  }

  /**
   * The stack of an event; {@link StackTable#NONE} if it has none.
   *
   * @param step the event's number from 1, stacks counted, not less than that of the call before
   */
  int of(long step) {
    while (more && reached < step + WINDOW) {
      advance();
    }
    return stacks[index(step)];
  }

  private void advance() {
    more = cursor.next();
    if (!more) {
      return;
    }
    TraceEvent event = cursor.event();
    EventFormat format = event.format();
    Owner owner =
        owners.computeIfAbsent(new Place(event.buffer(), event.cpu()), unused -> new Owner());
    reached++;
    stacks[index(reached)] = StackTable.NONE;
    if (StackReader.isStack(format)) {
      give(event, owner);
    } else {
      owner.step = reached;
      owner.pid = event.pid();
      owner.waits = true;
    }
  }

  private void give(TraceEvent stack, Owner owner) {
    if (owner.waits && owner.pid == stack.pid() && reached - owner.step < WINDOW) {
      stacks[index(owner.step)] = reader.read(stack);
    }
    owner.waits = false;
  }

  private static int index(long step) {
    return (int) step & 2 * WINDOW - 1;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
