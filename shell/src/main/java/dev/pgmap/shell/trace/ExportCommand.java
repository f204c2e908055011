package dev.pgmap.shell.trace;

import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.event.TraceSource;
import dev.pgmap.trace.read.TraceFiles;
import dev.pgmap.trace.write.CollapsedStacks.Weight;
import dev.pgmap.trace.write.PerfDataWriter;
import dev.pgmap.trace.write.TraceWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trace export}: writes a recording of any kind for another tool. */
@CommandLine.Command(
    name = "export",
    description = "Write a recording for trace-cmd, KernelShark, perf, Perfetto or a flame graph.")
final class ExportCommand implements Command {
  private final Console console;

  @Mixin private RecordingFile file = new RecordingFile();
  @Mixin private EventChoice choice = new EventChoice();

  @Option(
      names = {"-f", "--format"},
      required = true,
      paramLabel = "FORMAT",
      description =
          "trace.dat, trace.dat-v7, perf, perfetto, text, report, collapsed or jfr. perf has a"
              + " second file, OUT.kallsyms, for perf's option --kallsyms.")
  private String format = "";

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description =
          "The file to write; it is replaced when the new one is complete. KernelShark opens names"
              + " that end in .dat only.")
  private Path output = Path.of("");

  @Option(
      names = "--compress",
      paramLabel = "HOW",
      description = "trace.dat-v7: none (the default), zlib or zstd.")
  private String compress = "none";

  @Option(
      names = "--held",
      description = "collapsed: count references still held at the end, not events.")
  private boolean held;

  @Option(
      names = "--page-refs",
      paramLabel = "N",
      description = "jfr: so many changes of page counts too, not only the rare events.")
  private long pageRefs;

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    ExportFormat kind = ExportFormat.named(format);
    if (pageRefs < 0) {
      throw CommandException.badValue("--page-refs", Long.toString(pageRefs), "0 or more");
    }
    ExportFormat.Choices choices =
        new ExportFormat.Choices(
            ExportFormat.compressionNamed(compress), held ? Weight.HELD : Weight.EVENTS, pageRefs);
    write(kind.writer(choices));
    if (kind == ExportFormat.PERF) {
      Path kallsyms = PerfDataWriter.kallsymsOf(output);
      console.out().println("perf report -i %s --kallsyms %s".formatted(output, kallsyms));
    }
    return Exit.OK;
  }

  private void write(TraceWriter writer) {
    TraceFiles.Opened opened = file.open();
    try (opened) {
      writer.write(selected(opened.source()), output);
    }
  }

  /** All of a source as it is, which can be quicker. */
  private TraceSource selected(TraceSource all) {
    return choice.isAll() ? all : choice.of(all);
  }
}
