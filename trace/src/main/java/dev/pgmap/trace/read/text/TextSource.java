package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.Comms;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceClock;
import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceSource;
import java.util.function.Supplier;

/**
 * A text as a recording.
 *
 * <p>Events come in the order of the lines, which is that of time in what the tools print.
 */
public final class TextSource implements TraceSource {
  private final String name;
  private final Supplier<RawEvents> passes;
  private final Runnable closing;
  private final TextModel model;

  /**
   * Goes through a text once, so that everything but the events is known.
   *
   * @param passes begins a pass
   * @param closing is called when the source is closed
   */
  TextSource(String name, Supplier<RawEvents> passes, Runnable closing) {
    this.name = name;
    this.passes = passes;
    this.closing = closing;
    this.model = TextScan.of(passes.get(), name);
  }

  /** Lines that are no events but should be, all in all. */
  public long skippedLines() {
    return model.skipped();
  }

  /** The number of the first of them; 0 if there is none. */
  public long firstSkippedLine() {
    return model.firstSkipped();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public EventTable events() {
    return model.events();
  }

  @Override
  public Symbols symbols() {
    return model.symbols();
  }

  @Override
  public Comms comms() {
    return model.comms();
  }

  /** Text does not name its clock: {@code local} for one in seconds, {@code counter} for counts. */
  @Override
  public TraceClock clock() {
    return TraceClock.named(model.counts() ? "counter" : "local");
  }

  @Override
  public int nrCpus() {
    return model.nrCpus();
  }

  @Override
  public TraceCursor open() {
    return new TextCursor(passes.get(), model);
  }

  @Override
  public void close() {
    closing.run();
  }
}
