package dev.pgmap.shell.vmtests;

import dev.pgmap.api.Errno;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code run_vmtests}: the kernel's runner of memory tests, for gup. */
@CommandLine.Command(
    name = "run_vmtests",
    description = {
      "Run the gup tests of the kernel's run_vmtests.sh on this machine, with its TAP output.",
      "A test that this kernel or this machine has no means for is skipped, with the reason."
    })
public final class RunVmtests implements Command {
  private static final String CATEGORY = "gup_test";
  private static final int MOST_MIB = 1024;

  private final Console console;

  @Option(
      names = {"-a", "--long"},
      description = "All combinations of the gup matrix, not the short run.")
  private boolean whole;

  @Option(names = "-t", paramLabel = "CATEGORY", description = "Only gup_test is there.")
  private String category = CATEGORY;

  @Option(names = "-m", paramLabel = "MIB", description = "What each test maps. Default: 128.")
  private String mib = "128";

  private int nrRun;
  private int nrPassed;
  private int nrSkipped;

  /** On that console. */
  public RunVmtests(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    if (!category.equals(CATEGORY)) {
      throw CommandException.usage("-t: found '%s', expected %s", category, CATEGORY);
    }
    int size = Numbers.parseInt("-m", mib, 1, MOST_MIB);
    console.out().println("TAP version 13");
    for (List<String> line : GupMatrix.lines(whole, size)) {
      Console.checkInterrupted();
      run(line);
    }
    int nrFailed = nrRun - nrPassed - nrSkipped;
    console
        .out()
        .println("# SUMMARY: PASS=%d SKIP=%d FAIL=%d".formatted(nrPassed, nrSkipped, nrFailed));
    console.out().println("1.." + nrRun);
    return nrFailed == 0 ? Exit.OK : Exit.FAILED;
  }

  private void run(List<String> line) {
    String name = String.join(" ", line);
    String title = "running ./" + name;
    comment("-".repeat(title.length()));
    comment(title);
    comment("-".repeat(title.length()));
    StringWriter text = new StringWriter();
    Console inner = console.withAllOutput(new PrintWriter(text));
    int status =
        line.getFirst().equals("gup_longterm") ? new GupLongterm(inner).run() : inner.run(line);
    text.toString().lines().forEach(this::comment);
    nrRun++;
    String why = status == Exit.OK ? null : whyNot(line, status, inner.errno());
    if (status == Exit.OK) {
      nrPassed++;
      verdict("[PASS]", "ok", name, "");
    } else if (why != null) {
      nrSkipped++;
      verdict("[SKIP]", "ok", name, " # SKIP " + why);
    } else {
      verdict("[FAIL]", "not ok", name, " # exit=" + status);
    }
  }

  /** Why a kernel could not run this at all; null if it is a failure. */
  private @Nullable String whyNot(List<String> line, int status, @Nullable Errno errno) {
    if (status == GupLongterm.SKIPPED) {
      return "this kernel holds no longterm pins for a test";
    }
    if (status == Exit.USAGE) {
      return "gup_test of era %s has not all of these options"
          .formatted(console.machine().era().name());
    }
    if (line.contains("-H") && errno == Errno.ENOMEM) {
      return "not enough hugetlb pages";
    }
    return null;
  }

  private void verdict(String word, String result, String name, String more) {
    comment(word);
    console.out().println("%s %d %s%s".formatted(result, nrRun, name, more));
    console.out().flush();
  }

  private void comment(String text) {
    console.out().println("# " + text);
  }
}
