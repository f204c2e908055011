package dev.pgmap.bench;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.TraceEvent;
import java.util.List;

/** The event that a cursor on a {@link MadeRecording} stands on. For one thread. */
final class MadeEvent implements TraceEvent {
  private static final long FIRST_PFN = 0x70200;
  private static final int NR_PAGES = 4096;
  private static final int PIN = 1024;
  private static final long NANOS_BETWEEN = 150;
  private static final long FIRST_STAMP = 1_000_000_000;
  private static final long FLAGS = 0x14;
  private static final long MAPPING = 0xff11_0002_003a_6400L;

  private final List<EventFormat> formats;
  private final Comms comms;

  /** Counts from 1. */
  private long number;

  /**
   * The event before the first.
   *
   * @param formats of a fast pin's two steps and of an unpin
   */
  MadeEvent(List<EventFormat> formats, Comms comms) {
    this.formats = formats;
    this.comms = comms;
  }

  /** Goes on to the next event; says its number. */
  long moveOn() {
    return ++number;
  }

  private int step() {
    return (int) (number % formats.size());
  }

  @Override
  public EventFormat format() {
    return formats.get(step());
  }

  @Override
  public long timestamp() {
    return FIRST_STAMP + number * NANOS_BETWEEN;
  }

  /** A task has its cpu for some hundred events. */
  @Override
  public int cpu() {
    return (int) (number >> 8) % MadeRecording.NR_CPUS;
  }

  @Override
  public int pid() {
    return MadeRecording.FIRST_PID + cpu();
  }

  @Override
  public String comm() {
    return comms.of(pid());
  }

  @Override
  public int flags() {
    return 0;
  }

  @Override
  public int preemptCount() {
    return 0;
  }

  @Override
  public long lost() {
    return 0;
  }

  @Override
  public String buffer() {
    return "";
  }

  @Override
  public long number(EventField field) {
    return switch (field.name()) {
      case "pfn" -> FIRST_PFN + number / formats.size() % NR_PAGES;
      case "flags" -> FLAGS;
      case "count" -> step() == 0 ? 2 : step() == 1 ? 1 + PIN : 1;
      case "mapping" -> MAPPING;
      case "val" -> step() == 0 ? 1 : step() == 1 ? PIN - 1 : -PIN;
      case "ret", "mt" -> step() == 0 ? 1 : 0;
      default -> 0;
    };
  }

  @Override
  public String text(EventField field) {
    throw new IllegalArgumentException("field %s: is no text".formatted(field.name()));
  }

  @Override
  public int length(EventField field) {
    return 1;
  }

  @Override
  public long element(EventField field, int index) {
    return number(field);
  }
}
