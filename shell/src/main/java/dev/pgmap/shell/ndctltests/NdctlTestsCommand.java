package dev.pgmap.shell.ndctltests;

import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.ndctltests.TestResult.Verdict;
import dev.pgmap.shell.session.CommandInterrupted;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ndctl-tests}: the DAX part of ndctl's test suite. */
@CommandLine.Command(
    name = "ndctl-tests",
    description = {
      "Run the DAX part of ndctl's test suite, each test on a machine of its own with the era,",
      "cpus and page tables of the present one. The exit code is 1 if one fails."
    })
public final class NdctlTestsCommand implements Command {
  private final Console console;

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "Such as align.sh. Default: all.")
  private List<String> names = List.of();

  @Option(
      names = {"-l", "--list"},
      description = "Only list them.")
  private boolean list;

  @Option(
      names = {"-v", "--verbose"},
      description = "Print what each test prints.")
  private boolean verbose;

  /** The command on that console, whose machine it leaves alone. */
  public NdctlTestsCommand(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    List<NdctlTest> tests = NdctlTest.named(names);
    if (list) {
      tests.forEach(test -> console.out().println("ndctl:" + test.suite() + " / " + test.name()));
      return Exit.OK;
    }
    List<TestResult> results = new ArrayList<>();
    for (NdctlTest test : tests) {
      Console.checkInterrupted();
      TestResult result = run(test, console.machine().spec());
      results.add(result);
      print(result, results.size(), tests.size());
    }
    printCounts(results);
    return count(results, Verdict.FAIL) == 0 ? Exit.OK : Exit.FAILED;
  }

  private TestResult run(NdctlTest test, MachineSpec like) {
    try {
      return TestRun.of(test).run(like, console.session().pluginDirectory());
    } catch (InterruptedException e) {
      throw new CommandInterrupted();
    }
  }

  private void print(TestResult result, int number, int count) {
    console.out().println(result.line(number, count));
    if (!result.reason().isEmpty()) {
      console.out().println("    " + result.reason());
    }
    if (verbose || result.verdict() == Verdict.FAIL) {
      result.output().lines().forEach(line -> console.out().println("    | " + line));
    }
    console.out().flush();
  }

  private void printCounts(List<TestResult> results) {
    console.out().println();
    console.out().printf("Ok:      %d%n", count(results, Verdict.OK));
    console.out().printf("Fail:    %d%n", count(results, Verdict.FAIL));
    console.out().printf("Skipped: %d%n", count(results, Verdict.SKIP));
  }

  private static long count(List<TestResult> results, Verdict verdict) {
    return results.stream().filter(result -> result.verdict() == verdict).count();
  }
}
