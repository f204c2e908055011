package dev.pgmap.shell.machine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pgmap.core.machine.Era;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code era}: which kernel the machine behaves like. */
@CommandLine.Command(
    name = "era",
    description = {
      "Show the era, or boot a fresh machine of another one.",
      "era | era list | era compare A B | era NAME"
    })
public final class EraCommand implements Command {
  private final Console console;

  @Parameters(
      paramLabel = "WHAT",
      arity = "0..3",
      description = "list, compare with two eras, or the era to boot.")
  private List<String> words = List.of();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  /** On that console. */
  public EraCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    String what = words.isEmpty() ? "show" : words.getFirst();
    int nrMore = Math.max(0, words.size() - 1);
    if (nrMore != (what.equals("compare") ? 2 : 0)) {
      throw CommandException.usage(
          "found %d words after '%s', expected era, era list, era compare A B, or era NAME",
          nrMore, what);
    }
    switch (what) {
      case "show" -> show(List.of(console.machine().era()));
      case "list" -> show(Era.all());
      case "compare" -> compare(Era.named(words.get(1)), Era.named(words.get(2)));
      default -> boot(Era.named(what));
    }
    return Exit.OK;
  }

  private void show(List<Era> eras) {
    if (Group.wantsJson(console, json)) {
      ArrayNode all = JsonText.array();
      eras.forEach(era -> all.addObject().put("era", era.name()).put("summary", era.summary()));
      console.out().println(JsonText.of(all));
      return;
    }
    for (Era era : eras) {
      String mark = era.name().equals(console.machine().era().name()) ? "*" : " ";
      console.out().println("%s %-5s %s".formatted(mark, era.label(), era.summary()));
    }
  }

  private void compare(Era left, Era right) {
    EraFacts.compare(left, right).lines().forEach(console.out()::println);
  }

  private void boot(Era era) {
    console.session().reboot(console.machine().spec().withEra(era));
    console
        .out()
        .println(
            "booted a fresh machine of era %s: namespaces, mappings and counters of the last one"
                    .formatted(era.name())
                + " are gone, but for what is in device files");
  }
}
