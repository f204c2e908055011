package dev.pgmap.shell.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code page}: struct pages, decoded. */
@CommandLine.Command(name = "page", description = "Show struct pages, decoded.")
public final class PageCommand implements Command {
  private static final int MAX_PAGES = 4096;

  private final Console console;

  @Parameters(index = "0", paramLabel = "PFN", description = "The first page, such as 0x400200.")
  private String pfn = "";

  @Parameters(index = "1", paramLabel = "N", arity = "0..1", description = "How many. Default: 1.")
  private String count = "1";

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  /** On that console. */
  public PageCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    long first = Numbers.parse("PFN", pfn, 0, Long.MAX_VALUE >>> 12);
    int nrPages = Numbers.parseInt("N", count, 1, MAX_PAGES);
    ArrayNode all = JsonText.array();
    boolean asJson = Group.wantsJson(console, json);
    for (long i = first; i < first + nrPages; i++) {
      PageView page = PageView.read(console.machine(), i);
      if (asJson) {
        all.add(PageReport.json(page));
      } else {
        PageReport.lines(page).forEach(console.out()::println);
      }
    }
    if (asJson) {
      console.out().println(JsonText.of(all));
    }
    return Exit.OK;
  }
}
