package dev.pgmap.core.log;

import dev.pgmap.core.sync.Clock;
import dev.pgmap.core.sync.Mutex;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The kernel log of one machine: a bounded ring of messages, and a count of warnings.
 *
 * <p>Where a kernel would WARN or oops, the engine records that here and goes on if it can.
 * Thread-safe.
 */
public final class KernelLog {
  /** How grave a message is. */
  public enum Level {
    INFO,
    WARN,
    BUG
  }

  /**
   * One message.
   *
   * @param nanos when, since boot
   * @param level how grave
   * @param text the message, without time stamp
   */
  public record Entry(long nanos, Level level, String text) {
    @Override
    public String toString() {
      String prefix =
          switch (level) {
            case INFO -> "";
            case WARN -> "WARNING: ";
            case BUG -> "BUG: ";
          };
      return String.format(
          Locale.ROOT,
          "[%5d.%06d] %s%s",
          nanos / 1_000_000_000,
          nanos / 1_000 % 1_000_000,
          prefix,
          text);
    }
  }

  private static final int CAPACITY = 16_384;

  private final Clock clock;
  private final Mutex lock = new Mutex();
  private final ArrayDeque<Entry> ring = new ArrayDeque<>();
  private final Set<String> warned = new HashSet<>();
  private long nrWarnings;
  private long nrDropped;

  /** An empty log with the machine's time stamps. */
  public KernelLog(Clock clock) {
    this.clock = clock;
  }

  /** Logs a message in the manner of {@link String#format}. */
  public void info(String format, @Nullable Object... args) {
    append(Level.INFO, format, args);
  }

  /** Records a warning, a kernel WARN. */
  public void warn(String format, @Nullable Object... args) {
    append(Level.WARN, format, args);
  }

  /** Records a warning, but only the first one of that key, a kernel WARN_ONCE. */
  public void warnOnce(String key, String format, @Nullable Object... args) {
    lock.lock();
    boolean first = warned.add(key);
    lock.unlock();
    if (first) {
      append(Level.WARN, format, args);
    }
  }

  /** Records what a kernel would die of, an oops. */
  public void bug(String format, @Nullable Object... args) {
    append(Level.BUG, format, args);
  }

  private void append(Level level, String format, @Nullable Object... args) {
    String text = args.length == 0 ? format : String.format(Locale.ROOT, format, args);
    lock.lock();
    try {
      if (ring.size() == CAPACITY) {
        ring.removeFirst();
        nrDropped++;
      }
      ring.addLast(new Entry(clock.nanos(), level, text));
      if (level != Level.INFO) {
        nrWarnings++;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The messages that are still in the ring, oldest first. */
  public List<Entry> entries() {
    lock.lock();
    try {
      return List.copyOf(ring);
    } finally {
      lock.unlock();
    }
  }

  /** Empties the ring ({@code dmesg -c}); warnings already given once stay silent. */
  public void clear() {
    lock.lock();
    ring.clear();
    lock.unlock();
  }

  /** How many warnings and oopses were recorded since boot, also those no longer in the ring. */
  public long nrWarnings() {
    lock.lock();
    try {
      return nrWarnings;
    } finally {
      lock.unlock();
    }
  }

  /** How many messages fell out of the ring. */
  public long nrDropped() {
    lock.lock();
    try {
      return nrDropped;
    } finally {
      lock.unlock();
    }
  }
}
