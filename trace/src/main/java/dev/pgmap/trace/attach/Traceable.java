package dev.pgmap.trace.attach;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.tracefs.TraceFs;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A machine of this JVM that can be traced from outside. Thread-safe.
 *
 * <p>The set of them is the one static mutable state of the program beside the instrumentation: an
 * agent that is attached is called with nothing in hand but the JVM, so there is nobody who could
 * give it a machine. It holds what is open and nothing else.
 */
public final class Traceable implements AutoCloseable {
  private static final Set<Traceable> MACHINES = ConcurrentHashMap.newKeySet();

  private final Supplier<TraceFs> files;
  private @Nullable AttachedRecording recording;

  private Traceable(Supplier<TraceFs> files) {
    this.files = files;
  }

  /**
   * Lets others find a machine until this is closed.
   *
   * @param files makes the machine's files; called when somebody attaches, and nothing is woven
   *     before
   */
  public static Traceable enter(Supplier<TraceFs> files) {
    Traceable machine = new Traceable(files);
    MACHINES.add(machine);
    return machine;
  }

  /**
   * The machine of this JVM.
   *
   * @throws TraceException if there is none, or more than one
   */
  static Traceable only() {
    List<Traceable> machines = List.copyOf(MACHINES);
    if (machines.size() != 1) {
      throw new TraceException(
          "pgmap", machines.size() + " machines in that process", "one", "wait until it has one");
    }
    return machines.getFirst();
  }

  /**
   * Begins to record the machine.
   *
   * @throws TraceException if something is traced there already
   * @throws dev.pgmap.api.MmException if what is asked for is not there
   */
  synchronized AttachedRecording begin(AttachRequest request) {
    AttachedRecording begun = AttachedRecording.begin(files.get(), request);
    recording = begun;
    return begun;
  }

  /** Before the machine goes: a recording that is under way ends, with its file written. */
  @Override
  public synchronized void close() {
    MACHINES.remove(this);
    if (recording != null) {
      recording.finish();
    }
  }
}
