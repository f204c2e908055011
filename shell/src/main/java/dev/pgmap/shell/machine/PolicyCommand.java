package dev.pgmap.shell.machine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.PolicyChoice;
import dev.pgmap.core.pgtable.TableWalker;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.Group;
import dev.pgmap.shell.format.JsonText;
import dev.pgmap.shell.format.Table;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy}: single answers of the machine's kernel, apart from its era. */
@CommandLine.Command(
    name = "policy",
    description = {
      "Show the policies of the machine, or boot a fresh one with some of them changed.",
      "policy | policy NAME=VALUE...",
      "Struct pages are made by the policies of their machine, so they change by a boot only:",
      "in a script, before the first namespace. 'era NAME' boots one without changes again."
    })
public final class PolicyCommand implements Command {
  private static final String WALKER = "walker";

  private final Console console;

  @Parameters(
      paramLabel = "NAME=VALUE",
      arity = "0..*",
      description = "What to change, such as hold=sweep; or list.")
  private List<String> words = List.of();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  /** On that console. */
  public PolicyCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    if (words.isEmpty() || words.equals(List.of("list"))) {
      show(console.machine().era());
      return Exit.OK;
    }
    MachineSpec chosen = apply(console.machine().spec(), parse(words));
    console.session().reboot(chosen);
    console
        .out()
        .println(
            "booted a fresh machine of era %s: namespaces, mappings and counters of the last one"
                    .formatted(chosen.era().label())
                + " are gone, but for what is in device files");
    return Exit.OK;
  }

  /**
   * Reads {@code NAME=VALUE} words.
   *
   * @throws CommandException for a word of another form, or a policy that is named twice
   */
  public static Map<String, String> parse(List<String> words) {
    Map<String, String> answers = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals <= 0 || equals == word.length() - 1) {
        throw CommandException.usage(
            "policy: found '%s', expected NAME=VALUE such as hold=sweep", word);
      }
      String name = word.substring(0, equals);
      if (answers.put(name, word.substring(equals + 1)) != null) {
        throw CommandException.usage("policy: '%s' is there twice, expected it once", name);
      }
    }
    return answers;
  }

  /**
   * A machine with other policies: those of its kernel, and who goes over its page tables.
   *
   * @throws dev.pgmap.api.MmException EINVAL for an unknown policy or value
   */
  public static MachineSpec apply(MachineSpec spec, Map<String, String> answers) {
    Map<String, String> ofEra = new LinkedHashMap<>(answers);
    String walker = ofEra.remove(WALKER);
    MachineSpec changed = walker == null ? spec : spec.withWalker(TableWalker.named(walker));
    return ofEra.isEmpty() ? changed : changed.withEra(PolicyChoice.apply(spec.era(), ofEra));
  }

  private void show(Era era) {
    if (Group.wantsJson(console, json)) {
      ArrayNode all = JsonText.array();
      for (PolicyChoice choice : PolicyChoice.all()) {
        ArrayNode values =
            all.addObject()
                .put("policy", choice.name())
                .put("value", choice.current().apply(era))
                .put("chosen", era.chosen().containsKey(choice.name()))
                .putArray("values");
        choice.values().forEach(values::add);
      }
      ArrayNode walkers =
          all.addObject()
              .put("policy", WALKER)
              .put("value", walker())
              .put("chosen", isWalkerChosen())
              .putArray("values");
      TableWalker.all().forEach(one -> walkers.add(one.name()));
      console.out().println(JsonText.of(all));
      return;
    }
    Table table = new Table("policy", "value", "", "of", "decides");
    for (PolicyChoice choice : PolicyChoice.all()) {
      table.row(
          choice.name(),
          choice.current().apply(era),
          era.chosen().containsKey(choice.name()) ? "chosen" : "era " + era.name(),
          String.join(" ", choice.values()),
          choice.question());
    }
    table.row(
        WALKER,
        walker(),
        isWalkerChosen() ? "chosen" : "every era",
        String.join(" ", TableWalker.all().stream().map(TableWalker::name).toList()),
        "who goes over page tables: gup, unmapping, pagemap");
    table.lines().forEach(console.out()::println);
  }

  private String walker() {
    return console.machine().spec().walker().name();
  }

  private boolean isWalkerChosen() {
    return !console.machine().spec().walker().equals(TableWalker.PER_LEVEL);
  }
}
