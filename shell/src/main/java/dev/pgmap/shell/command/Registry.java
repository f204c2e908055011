package dev.pgmap.shell.command;

import dev.pgmap.shell.session.Console;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * All commands by name, in the order in which help lists them.
 *
 * <p>A command is an object with picocli's annotations that implements {@code Callable<Integer>};
 * it is made afresh for each run. Immutable once filled.
 */
public final class Registry {
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(String family, boolean needsMachine, Function<Console, CommandLine> make) {}

  /** Adds a command of a family that help shows together. */
  public Registry add(String family, String name, Function<Console, Object> make) {
    return addTree(family, name, console -> new CommandLine(make.apply(console)));
  }

  /** Adds a command that has subcommands. */
  public Registry addTree(String family, String name, Function<Console, CommandLine> make) {
    entries.put(name, new Entry(family, true, make));
    return this;
  }

  /**
   * Adds a command that has subcommands and works on files, so that no machine is booted for it.
   */
  public Registry addOffline(String family, String name, Function<Console, CommandLine> make) {
    entries.put(name, new Entry(family, false, make));
    return this;
  }

  /** Whether a machine is to be up before the command runs. */
  public boolean needsMachine(String name) {
    Entry entry = entries.get(name);
    return entry == null || entry.needsMachine;
  }

  /** A command with its subcommands. */
  public static CommandLine tree(Object parent, Object... subcommands) {
    CommandLine line = new CommandLine(parent);
    for (Object subcommand : subcommands) {
      line.addSubcommand(subcommand);
    }
    return line;
  }

  /** Makes a command, or null if there is none of that name. */
  public @Nullable CommandLine make(String name, Console console) {
    Entry entry = entries.get(name);
    if (entry == null) {
      return null;
    }
    CommandLine line = entry.make.apply(console);
    configure(line);
    return line;
  }

  private static void configure(CommandLine line) {
    line.setOverwrittenOptionsAllowed(true);
    line.setExpandAtFiles(false);
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(100);
    CommandSpec spec = line.getCommandSpec();
    spec.addOption(
        OptionSpec.builder("--help").usageHelp(true).description("Show this help.").build());
    if (line.getCommand() instanceof Tuned tuned) {
      tuned.tune(line);
    }
    line.getSubcommands().values().forEach(Registry::configure);
  }

  /** The names, in the order of their adding. */
  public Collection<String> names() {
    return entries.keySet();
  }

  /** The families, in the order of their first command. */
  public List<String> families() {
    return entries.values().stream().map(Entry::family).distinct().toList();
  }

  /** The names of a family's commands. */
  public List<String> namesOf(String family) {
    return names().stream()
        .filter(name -> Objects.requireNonNull(entries.get(name)).family.equals(family))
        .toList();
  }

  /** The name that is most like one that does not exist; empty if none is like it. */
  public String similarTo(String unknown) {
    String best = "";
    int least = 1 + (unknown.length() + 2) / 3;
    for (String name : names()) {
      int distance = EditDistance.between(unknown, name, least);
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return best;
  }
}
