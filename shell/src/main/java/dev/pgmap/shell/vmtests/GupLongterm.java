package dev.pgmap.shell.vmtests;

import dev.pgmap.api.MmException;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.RamFile;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TmpFiles;
import dev.pgmap.shell.guptest.LongtermHold;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;

/**
 * {@code gup_longterm}: longterm pins of mapped files, for reading and for writing, by the slow and
 * the fast call, of shared and of private mappings.
 *
 * <p>Files: one in RAM, as {@code memfd_create} makes it. Of the others that the original tries
 * there are no temporary files on disks, and no hugetlb files, here: they are skipped.
 */
final class GupLongterm {
  /** What a test answers that cannot be run: {@code KSFT_SKIP}. */
  static final int SKIPPED = 4;

  private static final String FILE = TmpFiles.DIRECTORY + "gup_longterm";
  private static final int NR_MODES = 8;
  private static final int NR_FILES = 4;

  private final Console console;
  private final Machine machine;
  private int nrRun;
  private int nrPassed;
  private int nrSkipped;

  GupLongterm(Console console) {
    this.console = console;
    this.machine = console.machine();
  }

  /** Runs all; {@link #SKIPPED} if this era's kernel has no such test. */
  int run() {
    console.out().println("TAP version 13");
    if (!machine.era().gupTest().pinLongtermTest()) {
      console
          .out()
          .println("1..0 # SKIP era %s has no PIN_LONGTERM_TEST".formatted(machine.era().name()));
      return SKIPPED;
    }
    console.out().println("1.." + NR_MODES * NR_FILES);
    for (boolean shared : new boolean[] {true, false}) {
      for (boolean write : new boolean[] {true, false}) {
        for (boolean fast : new boolean[] {false, true}) {
          files(shared, write, fast);
        }
      }
    }
    int nrFailed = nrRun - nrPassed - nrSkipped;
    console
        .out()
        .println(
            "# Totals: pass:%d fail:%d xfail:0 xpass:0 skip:%d error:0"
                .formatted(nrPassed, nrFailed, nrSkipped));
    return nrFailed == 0 ? Exit.OK : Exit.FAILED;
  }

  private void files(boolean shared, boolean write, boolean fast) {
    String what =
        "%s longterm %s pin in %s file mapping"
            .formatted(
                write ? "R/W" : "R/O",
                fast ? "GUP-fast" : "GUP",
                shared ? "MAP_SHARED" : "MAP_PRIVATE");
    title(what, "memfd");
    memfd(shared, write, fast);
    skip(what, "tmpfile", "no file system at /tmp");
    skip(what, "local tmpfile", "no file system at the current directory");
    skip(what, "memfd hugetlb", "memfd_create() failed: no hugetlb files");
  }

  private void title(String what, String file) {
    console.out().println("# [RUN] %s ... with %s".formatted(what, file));
  }

  private void skip(String what, String file, String why) {
    title(what, file);
    nrSkipped++;
    console.out().println("ok %d # SKIP %s".formatted(++nrRun, why));
  }

  private void memfd(boolean shared, boolean write, boolean fast) {
    try {
      int status = console.runAsTask("gup_longterm", task -> pin(task, shared, write, fast));
      result(status == Exit.OK, "Should have worked");
    } finally {
      machine.files().tmpFiles().unlink(FILE);
    }
  }

  private void result(boolean ok, String text) {
    nrPassed += ok ? 1 : 0;
    console.out().println("%s %d %s".formatted(ok ? "ok" : "not ok", ++nrRun, text));
  }

  private int pin(Task task, boolean shared, boolean write, boolean fast) {
    Mm mm = task.mm();
    long bytes = mm.pageBytes();
    RamFile file = machine.files().tmpFiles().open(FILE, true);
    try {
      file.truncate(bytes);
      long address = mm.mmap(file.space(), bytes, 0, shared, true);
      LongtermHold.start(machine, mm, address, bytes, write, fast).stop();
      return Exit.OK;
    } catch (MmException e) {
      console.out().println("# " + e.getMessage());
      return Exit.FAILED;
    }
  }
}
