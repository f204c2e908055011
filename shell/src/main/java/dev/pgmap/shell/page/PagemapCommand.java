package dev.pgmap.shell.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.pagewalk.Pagemap;
import dev.pgmap.core.pagewalk.PagemapSink;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pagemap}: what the pages of a task are mapped to. */
@CommandLine.Command(
    name = "pagemap",
    description = {
      "Show what a task's addresses are mapped to: size of the leaf, page frame, flags.",
      "Without a range: all of its areas. The entries are those of /proc/PID/pagemap."
    })
public final class PagemapCommand implements Command {
  private static final long MOST_RAW_PAGES = 65_536;

  private final Console console;

  @Parameters(index = "0", paramLabel = "PID", description = "A task that ps shows.")
  private String pid = "";

  @Parameters(
      index = "1",
      paramLabel = "RANGE",
      arity = "0..1",
      description = "START-END in hexadecimal, as the lines begin.")
  private @Nullable String range;

  @Option(
      names = "--walker",
      paramLabel = "WHICH",
      description = "per-level or leaf. Default: that of the machine.")
  private @Nullable String walker;

  @Option(names = "--raw", description = "The 64-bit entries, one for each 4 KiB of the range.")
  private boolean raw;

  @Option(names = "--smaps", description = "The sums of /proc/PID/smaps for each area.")
  private boolean smaps;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  /** On that console. */
  public PagemapCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    Mm mm = task().mm();
    TableWalker by = walker == null ? console.machine().spec().walker() : TableWalker.named(walker);
    if (smaps) {
      console.out().print(SmapsText.of(mm, by));
    } else if (raw) {
      raw(mm, by);
    } else if (Group.wantsJson(console, json)) {
      ArrayNode all = JsonText.array();
      dump(
          mm,
          by,
          (start, end, entry, bytes) -> {
            if (entry != 0) {
              PagemapText.json(all.addObject(), start, end, entry, bytes);
            }
          });
      console.out().println(JsonText.of(all));
    } else {
      dump(
          mm,
          by,
          (start, end, entry, bytes) ->
              console.out().println(PagemapText.line(start, end, entry, bytes)));
    }
    return Exit.OK;
  }

  private Task task() {
    int number = Numbers.parseInt("PID", pid, 1, Integer.MAX_VALUE);
    for (Task task : console.session().lab().tasks().all()) {
      if (task.pid() == number) {
        return task;
      }
    }
    throw CommandException.usage("PID: found %d, expected a task that ps shows", number);
  }

  private void dump(Mm mm, TableWalker by, PagemapSink sink) {
    Pagemap.Merged merged = new Pagemap.Merged(sink);
    for (long[] part : parts(mm)) {
      Pagemap.dump(mm, part[0], part[1], by, merged);
    }
    merged.finish();
  }

  private List<long[]> parts(Mm mm) {
    return range == null
        ? mm.vmas().stream().map(vma -> new long[] {vma.start(), vma.end()}).toList()
        : List.of(parseRange(range));
  }

  private static long[] parseRange(String text) {
    String[] ends = text.split("-", -1);
    if (ends.length != 2) {
      throw CommandException.usage("RANGE: found '%s', expected START-END in hexadecimal", text);
    }
    long start = address(text, ends[0]);
    return new long[] {start & -4096L, address(text, ends[1]) + 4095 & -4096L};
  }

  private static long address(String range, String text) {
    try {
      long address = Long.parseLong(text.startsWith("0x") ? text.substring(2) : text, 16);
      if (address >= 0) {
        return address;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a negative one.
    }
    throw CommandException.usage("RANGE: found '%s', expected START-END in hexadecimal", range);
  }

  private void raw(Mm mm, TableWalker by) {
    List<long[]> parts = parts(mm);
    long nrPages = parts.stream().mapToLong(part -> part[1] - part[0] >>> 12).sum();
    if (nrPages > MOST_RAW_PAGES) {
      throw CommandException.usage(
          "--raw of %d pages, expected at most %d: name a RANGE", nrPages, MOST_RAW_PAGES);
    }
    for (long[] part : parts) {
      Pagemap.dump(mm, part[0], part[1], by, PagemapText.raw(line -> console.out().println(line)));
    }
  }
}
