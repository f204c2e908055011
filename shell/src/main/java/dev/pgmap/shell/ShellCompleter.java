package dev.pgmap.shell;

import dev.pgmap.core.dax.DevDax;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.PolicyChoice;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.nvdimm.Region;
import dev.pgmap.host.ModuleInfo;
import dev.pgmap.shell.files.VirtualFiles;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Lab;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Completes commands, subcommands, options, paths, and the names of what there is. */
final class ShellCompleter implements Completer {
  private final Shell shell;

  ShellCompleter(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    suggest(line.words().subList(0, line.wordIndex()), line.word())
        .forEach(text -> candidates.add(candidate(text)));
  }

  private static Candidate candidate(String text) {
    boolean directory = text.endsWith("/");
    return new Candidate(text, text, null, null, null, null, !directory);
  }

  /** What may follow these words and begins with what was typed of the next. */
  List<String> suggest(List<String> before, String typed) {
    List<String> words = currentCommand(before);
    List<String> found = new ArrayList<>();
    if (words.isEmpty()) {
      found.addAll(shell.registry().names());
    } else if (typed.contains("/")) {
      addPaths(typed, found);
    } else {
      addFor(words, typed, found);
      addNamesHere(typed, found);
    }
    return found.stream().filter(text -> text.startsWith(typed)).distinct().sorted().toList();
  }

  /** The words after the last separator, and after commands that run other commands. */
  private static List<String> currentCommand(List<String> before) {
    int start = 0;
    for (int i = 0; i < before.size(); i++) {
      String word = before.get(i);
      if (word.endsWith(";") || word.equals("&") || word.equals("&&") || word.equals("||")) {
        start = i + 1;
      } else if (word.equals("-") || word.equals("do")) {
        start = i + 1;
      }
    }
    boolean wraps =
        before.size() >= start + 2 && List.of("timeout", "expect").contains(before.get(start));
    return before.subList(wraps ? start + 2 : start, before.size());
  }

  /** What is where cd went; the root, where it begins, is left out. */
  private void addNamesHere(String typed, List<String> found) {
    if (!typed.startsWith("-") && !shell.console().directory().equals("/")) {
      addPaths(typed, found);
    }
  }

  private void addPaths(String typed, List<String> found) {
    VirtualFiles files = new VirtualFiles(lab());
    Console console = shell.console();
    String directory = typed.substring(0, typed.lastIndexOf('/') + 1);
    String absolute = console.resolve(directory);
    if (files.isDirectory(absolute)) {
      for (String name : files.list(absolute)) {
        String path = directory + name;
        found.add(files.isDirectory(console.resolve(path)) ? path + "/" : path);
      }
    }
  }

  private Lab lab() {
    return shell.console().session().lab();
  }

  private void addFor(List<String> words, String typed, List<String> found) {
    CommandLine command = shell.registry().make(words.getFirst(), shell.console());
    if (command == null) {
      return;
    }
    CommandLine deepest = command;
    if (!command.getSubcommands().isEmpty()) {
      CommandLine sub = words.size() < 2 ? null : command.getSubcommands().get(words.get(1));
      if (sub == null) {
        found.addAll(command.getSubcommands().keySet());
        return;
      }
      deepest = sub;
    }
    if (typed.startsWith("-")) {
      for (OptionSpec option : deepest.getCommandSpec().options()) {
        found.addAll(List.of(option.names()));
      }
    } else {
      found.addAll(values(words.getFirst(), words.getLast()));
    }
  }

  /** Names that fit a command, or the option before them. */
  private Collection<String> values(String command, @Nullable String last) {
    Machine machine = lab().machine();
    return switch (last == null ? "" : last) {
      case "-m", "--mode" -> command.equals("gup_test") ? List.of() : List.of("devdax", "raw");
      case "-M", "--map" -> List.of("mem", "dev");
      case "-a", "--align" -> List.of("4K", "2M", "1G");
      case "-r", "--region" -> machine.nvdimm().regions().stream().map(Region::name).toList();
      case "-f", "touch", "hold-map", "hold-vmsplice", "hold-pinlt", "fork" ->
          command.equals("gup_test") || command.equals("zdtool")
              ? machine.daxBus().nodes().paths()
              : objects(command, machine);
      default -> objects(command, machine);
    };
  }

  private Collection<String> objects(String command, Machine machine) {
    return switch (command) {
      case "ndctl" -> machine.nvdimm().namespaces().stream().map(Namespace::name).toList();
      case "daxctl" -> machine.daxBus().devices().stream().map(DevDax::name).toList();
      case "rmmod", "modinfo" -> lab().host().list().stream().map(ModuleInfo::name).toList();
      case "insmod" -> lab().host().available().stream().map(ModuleInfo::pluginId).toList();
      case "era" -> {
        List<String> words = new ArrayList<>(List.of("list", "compare"));
        Era.all().forEach(era -> words.add(era.name()));
        yield words;
      }
      case "policy" ->
          PolicyChoice.all().stream()
              .flatMap(policy -> policy.values().stream().map(v -> policy.name() + "=" + v))
              .toList();
      case "help" -> shell.registry().names();
      case "cat", "ls" -> List.of("/proc/", "/sys/", "/dev/");
      default -> List.of();
    };
  }
}
