package dev.pgmap.shell.trace;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.format.Table;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.trace.read.TraceFiles;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trace info}: what a recording holds, in figures. */
@CommandLine.Command(
    name = "info",
    description = "Tell what a recording is: kind, clock, cpus, events by name, losses.")
final class InfoCommand implements Command {
  private final Console console;

  @Mixin private RecordingFile file = new RecordingFile();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  InfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    TraceFiles.Opened opened = file.open();
    try (opened) {
      RecordingSummary summary = RecordingSummary.of(opened.source());
      if (Group.wantsJson(console, json)) {
        console.out().println(JsonText.of(toJson(opened, summary)));
      } else {
        print(opened, summary);
      }
    }
    return Exit.OK;
  }

  private void print(TraceFiles.Opened opened, RecordingSummary summary) {
    Table head =
        new Table("kind", opened.kind().label())
            .row("clock", opened.source().clock().name())
            .row("cpus", opened.source().nrCpus())
            .row("tasks", opened.source().comms().byPid().size())
            .row("symbols", opened.source().symbols().size());
    if (summary.hasBuffers()) {
      head.row("buffers", String.join(" ", summary.buffers()));
    }
    head.row("events", summary.events())
        .row("time", summary.time(opened.source().clock()))
        .row("lost", summary.lost());
    if (opened.skippedLines() > 0) {
      head.row(
          "skipped",
          "%d lines that are no events, the first is line %d"
              .formatted(opened.skippedLines(), opened.firstSkippedLine()));
    }
    head.lines().forEach(console.out()::println);
    console.out().println();
    Table names = new Table("event", "count");
    summary.byName().forEach(names::row);
    names.lines().forEach(console.out()::println);
  }

  private static ObjectNode toJson(TraceFiles.Opened opened, RecordingSummary summary) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", opened.kind().label())
        .put("clock", opened.source().clock().name())
        .put("cpus", opened.source().nrCpus())
        .put("tasks", opened.source().comms().byPid().size())
        .put("symbols", opened.source().symbols().size())
        .put("events", summary.events())
        .put("first", summary.first())
        .put("last", summary.last())
        .put("lost", summary.lost())
        .put("skipped_lines", opened.skippedLines());
    ObjectNode byName = node.putObject("by_name");
    summary.byName().forEach(byName::put);
    return node;
  }
}
