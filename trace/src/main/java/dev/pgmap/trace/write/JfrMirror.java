package dev.pgmap.trace.write;

import dev.pgmap.trace.event.Symbols;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.format.Style;
import dev.pgmap.trace.refs.PageRef;
import dev.pgmap.trace.refs.PageRefDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/**
 * Mirrors the rare events of a recording into one of Java's flight recorder, for JDK Mission
 * Control: those of the {@code pgmap} system, memory failures, and where events were lost; changes
 * of page counts only on request, and no more than asked for.
 *
 * <p>The flight recorder stamps an event when it is written, so the order is that of the source,
 * and the real time is a field. It is one for the whole process: one mirror is made at a time.
 */
public final class JfrMirror implements TraceWriter {
  private static final Object ONE_AT_A_TIME = new Object();

  private static final List<Class<? extends MirrorEvent>> KINDS =
      List.of(
          MirrorEvent.Pgmap.class,
          MirrorEvent.MemoryFailure.class,
          MirrorEvent.PageRef.class,
          MirrorEvent.Lost.class);

  private final long mostPageRefs;

  /** The rare events. */
  public JfrMirror() {
    this(0);
  }

  /** The rare events, and so many changes of page counts at most. */
  public JfrMirror(long mostPageRefs) {
    this.mostPageRefs = mostPageRefs;
  }

  @Override
  public void write(TraceSource source, Path target) {
    if (!FlightRecorder.isAvailable()) {
      throw new TraceException(
          target.toString(), "this JVM has no flight recorder", "one with jdk.jfr", "");
    }
    Path sibling = OutputFile.sibling(target, "jfr");
    synchronized (ONE_AT_A_TIME) {
      try {
        record(source, sibling);
        Files.move(
            sibling, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw OutputFile.failed(target, e);
      } finally {
        delete(sibling, target);
      }
    }
  }

  private static void delete(Path sibling, Path target) {
    try {
      Files.deleteIfExists(sibling);
    } catch (IOException e) {
      throw OutputFile.failed(target, e);
    }
  }

  private void record(TraceSource source, Path file) throws IOException {
    KINDS.forEach(FlightRecorder::register);
    try (Recording recording = new Recording()) {
      KINDS.forEach(recording::enable);
      recording.start();
      Mirror mirror = new Mirror(source, mostPageRefs);
      StackJoin.forEach(source, new EventIds(source.name(), source.events()), mirror::add);
      recording.stop();
      recording.dump(file);
    } finally {
      KINDS.forEach(FlightRecorder::unregister);
    }
  }

  /** Commits the events of one source. */
  private static final class Mirror {
    private final Symbols symbols;
    private final PrintFmts printFmts;
    private final PageRefDecoder pageRefs;
    private final PageRef pageRef = new PageRef();
    private final StringBuilder text = new StringBuilder();
    private long pageRefsLeft;

    Mirror(TraceSource source, long mostPageRefs) {
      symbols = source.symbols();
      printFmts = new PrintFmts(Style.KERNEL, symbols);
      pageRefs = new PageRefDecoder(source.events());
      pageRefsLeft = mostPageRefs;
    }

    void add(StackedEvent stacked) {
      TraceEvent event = stacked.event();
      if (event.lost() != 0) {
        MirrorEvent.Lost lost = new MirrorEvent.Lost();
        lost.lost = event.lost();
        commit(lost, stacked);
      }
      if (event.format().system().equals("pgmap")) {
        commit(new MirrorEvent.Pgmap(), stacked);
      } else if (event.format().name().equals("memory_failure_event")) {
        commit(new MirrorEvent.MemoryFailure(), stacked);
      } else if (pageRefsLeft > 0 && pageRefs.decode(event, pageRef)) {
        pageRefsLeft--;
        MirrorEvent.PageRef mirrored = new MirrorEvent.PageRef();
        mirrored.pfn = pageRef.pfn();
        mirrored.val = pageRef.val();
        commit(mirrored, stacked);
      }
    }

    private void commit(MirrorEvent mirrored, StackedEvent stacked) {
      TraceEvent event = stacked.event();
      mirrored.event = event.format().fullName();
      mirrored.stamp = event.timestamp();
      mirrored.cpu = event.cpu();
      mirrored.pid = event.pid();
      mirrored.task = Columns.comm(event);
      mirrored.buffer = event.buffer();
      text.setLength(0);
      printFmts.print(event, text);
      mirrored.text = text.toString().strip();
      mirrored.stack = Stacks.text(stacked.stack(), symbols);
      mirrored.commit();
    }
  }
}
