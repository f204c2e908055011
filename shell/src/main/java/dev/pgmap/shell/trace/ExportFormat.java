package dev.pgmap.shell.trace;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.trace.write.CollapsedStacks;
import dev.pgmap.trace.write.Compression;
import dev.pgmap.trace.write.FtraceText;
import dev.pgmap.trace.write.JfrMirror;
import dev.pgmap.trace.write.PerfDataWriter;
import dev.pgmap.trace.write.PerfettoWriter;
import dev.pgmap.trace.write.TraceDatWriter;
import dev.pgmap.trace.write.TraceWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What {@code trace export} can write. */
enum ExportFormat {
  /** For trace-cmd and KernelShark. */
  TRACE_DAT("trace.dat", choices -> TraceDatWriter.v6()),
  /** The same, in the version that trace-cmd 3 writes. */
  TRACE_DAT_V7("trace.dat-v7", choices -> TraceDatWriter.v7(choices.compression())),
  /** For perf script and perf report. */
  PERF("perf", choices -> new PerfDataWriter()),
  /** For ui.perfetto.dev. */
  PERFETTO("perfetto", choices -> new PerfettoWriter()),
  /** As the kernel's trace file. */
  TEXT("text", choices -> FtraceText.kernel()),
  /** As trace-cmd report. */
  REPORT("report", choices -> FtraceText.report()),
  /** For flame graphs. */
  COLLAPSED("collapsed", choices -> new CollapsedStacks(choices.weight())),
  /** For JDK Mission Control. */
  JFR("jfr", choices -> new JfrMirror(choices.pageRefs()));

  private final String label;
  private final Function<Choices, TraceWriter> maker;

  /** What can be chosen for single formats. */
  record Choices(Compression compression, CollapsedStacks.Weight weight, long pageRefs) {}

  ExportFormat(String label, Function<Choices, TraceWriter> maker) {
    this.label = label;
    this.maker = maker;
  }

  /** A writer of the format. */
  TraceWriter writer(Choices choices) {
    return maker.apply(choices);
  }

  /** The format that is called so. */
  static ExportFormat named(String label) {
    return Arrays.stream(values())
        .filter(format -> format.label.equals(label))
        .findFirst()
        .orElseThrow(() -> CommandException.badValue("--format", label, labels()));
  }

  /** The compression that is called so. */
  static Compression compressionNamed(String name) {
    return Arrays.stream(Compression.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() -> CommandException.badValue("--compress", name, "none, zlib or zstd"));
  }

  private static String labels() {
    return Arrays.stream(values()).map(format -> format.label).collect(Collectors.joining(", "));
  }
}
