package dev.pgmap.shell.hmmtests;

import dev.pgmap.core.pgtable.Geometry;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.module.ModuleGroup;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code hmm-tests}. */
@CommandLine.Command(
    name = "hmm-tests",
    description = {
      "Run the kernel's own tests of device-private and coherent memory, those that this machine's"
          + " kernel has.",
      "Loads the module test_hmm if it is not loaded."
    })
public final class HmmTests implements Command {
  private final Console console;

  @Option(names = "-l", description = "List the tests and run none.")
  private boolean list;

  @Option(names = "-t", paramLabel = "NAME", description = "Run the tests of that name.")
  private List<String> names = new ArrayList<>();

  @Option(names = "-T", paramLabel = "NAME", description = "Leave out the tests of that name.")
  private List<String> excluded = new ArrayList<>();

  @Option(names = "-f", paramLabel = "FIXTURE", description = "Run the tests of that fixture.")
  private List<String> fixtures = new ArrayList<>();

  @Option(names = "-v", paramLabel = "VARIANT", description = "Run the tests of that variant.")
  private List<String> variants = new ArrayList<>();

  @Option(
      names = "-r",
      paramLabel = "FIXTURE[.VARIANT].TEST",
      description = "Run one test, by its full name.")
  private List<String> fullNames = new ArrayList<>();

  /** On that console. */
  public HmmTests(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    List<TestCase> all = TestCatalog.of(console.machine().era().hmmTests());
    List<TestCase> chosen = all.stream().filter(this::isChosen).toList();
    if (chosen.isEmpty()) {
      throw CommandException.usage(
          "no such test in this kernel: found %s, expected a name that hmm-tests -l lists",
          names.isEmpty() ? fullNames : names);
    }
    if (list) {
      chosen.forEach(test -> console.out().println(test.fullName()));
      return Exit.OK;
    }
    ModuleGroup.loadTestHmm(console.session().lab());
    if (console.machine().era().hmmTests().tellsHugetlbSize()) {
      Geometry geometry = console.machine().mmContext().geometry();
      for (int level : new int[] {Geometry.PMD, Geometry.PUD}) {
        long kib = geometry.bytes(level) >> 10;
        console.out().println("# [INFO] detected hugetlb page size: " + kib + " KiB");
      }
    }
    return new Harness(console).run(chosen);
  }

  private boolean isChosen(TestCase test) {
    return matches(names, test.name())
        && matches(fixtures, test.fixture())
        && matches(variants, test.variant())
        && matches(fullNames, test.fullName())
        && !excluded.contains(test.name());
  }

  private static boolean matches(List<String> wanted, String found) {
    return wanted.isEmpty() || wanted.contains(found);
  }
}
