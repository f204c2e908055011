package dev.pgmap.shell.guptest;

import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.GupTestTraits;
import dev.pgmap.core.machine.GupTestTraits.Output;
import dev.pgmap.core.mm.MemoryAdvice;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.format.Numbers;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code gup_test}, with the options and defaults that it has in the machine's era.
 *
 * <p>Options take effect in the order in which they were typed: a later command replaces an earlier
 * one, and a negative {@code -n} uses the size known so far.
 */
@CommandLine.Command(
    name = "gup_test",
    description = {
      "Time get_user_pages and pin_user_pages on a mapping, or dump its pages.",
      "In era 5.10 this is gup_benchmark: no -c -p -F -j -W, and writing only with -w."
    })
public final class GupTest implements Command {
  private static final long MIB = 1L << 20;
  private static final long PAGE_BYTES = 4096;
  private static final int MAX_THREADS = 256;
  private static final int MAX_DUMPED = 8;
  private static final Set<String> SINCE_5_11 = Set.of("-c", "-p", "-F", "-j", "-W", "-z");

  private final Console console;
  private final Set<String> used = new LinkedHashSet<>();
  private final List<Long> dumpPages = new ArrayList<>();
  private GupIoctl ioctl = GupIoctl.GUP_FAST_BENCHMARK;
  private long bytes = 128 * MIB;
  private long nrPagesPerCall = 1;
  private int repeats = 1;
  private int nrThreads = 1;
  private int rawFlags;
  private @Nullable Boolean write;
  private boolean touch = true;

  @Option(names = "-f", paramLabel = "FILE", description = "What to map. Default: /dev/zero.")
  private String file = "/dev/zero";

  @Option(names = "-S", description = "Map it shared; device-dax needs this.")
  private boolean shared;

  @Option(names = "-H", description = "Map anonymous huge pages.")
  private boolean hugetlb;

  private @Nullable MemoryAdvice advice;

  @Option(names = "-p", description = "With -c: pin the pages rather than get them.")
  private boolean dumpPins;

  /** On that console. */
  public GupTest(Console console) {
    this.console = console;
  }

  private GupTestTraits traits() {
    return console.machine().era().gupTest();
  }

  private void choose(boolean given, String option, GupIoctl chosen) {
    if (given) {
      used.add(option);
      ioctl = chosen;
    }
  }

  @Option(names = "-u", description = "GUP_FAST_BENCHMARK (the default).")
  void setGupFast(boolean given) {
    choose(given, "-u", GupIoctl.GUP_FAST_BENCHMARK);
  }

  @Option(names = "-a", description = "PIN_FAST_BENCHMARK.")
  void setPinFast(boolean given) {
    choose(given, "-a", GupIoctl.PIN_FAST_BENCHMARK);
  }

  @Option(names = "-U", description = "GUP_BASIC_TEST.")
  void setGupBasic(boolean given) {
    choose(given, "-U", GupIoctl.GUP_BASIC_TEST);
  }

  @Option(names = "-b", description = "PIN_BASIC_TEST.")
  void setPinBasic(boolean given) {
    choose(given, "-b", GupIoctl.PIN_BASIC_TEST);
  }

  @Option(names = "-L", description = "PIN_LONGTERM_BENCHMARK.")
  void setLongterm(boolean given) {
    choose(given, "-L", GupIoctl.PIN_LONGTERM_BENCHMARK);
  }

  @Option(names = "-c", description = "DUMP_USER_PAGES_TEST: dump pages N... to the kernel log.")
  void setDump(boolean given) {
    choose(given, "-c", GupIoctl.DUMP_USER_PAGES_TEST);
  }

  @Option(names = "-m", paramLabel = "MIB", description = "How many MiB. Default: 128.")
  void setMebibytes(String value) {
    bytes = Numbers.parse("-m", value, 1, 1L << 23) * MIB;
  }

  @Option(names = "-r", paramLabel = "N", description = "Repeat timed commands. Default: 1.")
  void setRepeats(String value) {
    repeats = Numbers.parseInt("-r", value, 1, Integer.MAX_VALUE);
  }

  @Option(
      names = "-n",
      paramLabel = "N",
      description = "Pages per call. Default: 1. Negative: all pages in one call.")
  void setPagesPerCall(String value) {
    long number = Numbers.parse("-n", value, Integer.MIN_VALUE, (1L << 32) - 1);
    if (number == 0) {
      throw CommandException.badValue("-n", value, "a number of pages that is not zero");
    }
    boolean wraps = traits().output() != Output.TAP;
    nrPagesPerCall = number > 0 ? number : wraps ? number & 0xffff_ffffL : bytes / PAGE_BYTES;
  }

  @Option(names = "-j", paramLabel = "N", description = "Threads. Default: 1.")
  void setThreads(String value) {
    used.add("-j");
    nrThreads = Numbers.parseInt("-j", value, 1, MAX_THREADS);
  }

  @Option(names = "-F", paramLabel = "FLAGS", description = "FOLL flags, as the era numbers them.")
  void setFlags(String value) {
    used.add("-F");
    rawFlags = (int) Numbers.parse("-F", value, 0, (1L << 32) - 1);
  }

  @Option(names = "-w", description = "FOLL_WRITE on; the default from 5.11 on.")
  void setWrite(boolean given) {
    write = given ? Boolean.TRUE : write;
  }

  @Option(names = "-W", description = "FOLL_WRITE off.")
  void setNoWrite(boolean given) {
    if (given) {
      used.add("-W");
      write = false;
    }
  }

  @Option(names = "-z", description = "Let the kernel fault pages in; 5.17 and 6.1 only.")
  void setNoTouch(boolean given) {
    if (given) {
      used.add("-z");
      touch = false;
    }
  }

  @Option(names = "-t", description = "madvise(HUGEPAGE): matters to anonymous memory only.")
  void setHugePages(boolean given) {
    advice = given ? MemoryAdvice.HUGEPAGE : advice;
  }

  @Option(names = "-T", description = "madvise(NOHUGEPAGE).")
  void setNoHugePages(boolean given) {
    advice = given ? MemoryAdvice.NOHUGEPAGE : advice;
  }

  @Parameters(paramLabel = "N", arity = "0..*", description = "With -c: pages to dump, from 0.")
  void setDumpPages(List<String> values) {
    for (String value : values == null ? List.<String>of() : values) {
      dumpPages.add(Numbers.parse("page", value, 0, Integer.MAX_VALUE));
    }
  }

  @Override
  public int call() {
    checkEra();
    if (ioctl != GupIoctl.DUMP_USER_PAGES_TEST && !dumpPages.isEmpty()) {
      throw CommandException.usage(
          "found page number %d, expected none: they belong to -c", dumpPages.getFirst());
    }
    if (dumpPages.size() > MAX_DUMPED) {
      throw CommandException.usage(
          "found %d page numbers, expected at most %d", dumpPages.size(), MAX_DUMPED);
    }
    GupTestPlan plan = plan();
    return console.runAsTask("gup_test", task -> new GupTestRun(console, task, plan).run());
  }

  private void checkEra() {
    if (dumpPins) {
      used.add("-p");
    }
    Output output = traits().output();
    for (String option : used) {
      boolean missing =
          output == Output.BARE && SINCE_5_11.contains(option)
              || output == Output.TAP && option.equals("-z");
      if (missing) {
        throw CommandException.usage(
            "found %s, which gup_test of era %s does not have; see gup_test --help",
            option, console.machine().era().name());
      }
    }
  }

  private GupTestPlan plan() {
    int flags = FollNumbers.toEngine(rawFlags, traits().longtermFlag());
    boolean writes = write == null ? traits().output() != Output.BARE : write;
    flags = writes ? flags | FollFlag.WRITE : flags & ~FollFlag.WRITE;
    return new GupTestPlan(
        ioctl,
        bytes,
        nrPagesPerCall,
        repeats,
        nrThreads,
        file,
        shared,
        hugetlb,
        advice,
        flags,
        touch,
        dumpPins,
        dumpPages.isEmpty() ? List.of(0L) : List.copyOf(dumpPages));
  }
}
