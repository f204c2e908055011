package dev.pgmap.shell.zdtool;

import dev.pgmap.api.MmException;
import dev.pgmap.core.failure.ErrorInjection.Advice;
import dev.pgmap.core.mm.SigInfo;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.mm.TaskSignal;
import dev.pgmap.shell.format.Sizes;
import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.Locale;
import java.util.stream.LongStream;
import picocli.CommandLine.Parameters;

/** What the verbs share that give one page an advice and then look what became of the mapping. */
abstract class InjectVerb extends Verb {
  private static final long PAGE_BYTES = 4096;

  private final Advice advice;

  @Parameters(index = "2", paramLabel = "OFF", description = "Where the page begins.")
  private String offset = "";

  InjectVerb(Console console, Advice advice) {
    super(console);
    this.advice = advice;
  }

  @Override
  void checkArguments() {
    super.checkArguments();
    if (offset() >= bytes()) {
      throw CommandException.badValue("OFF", offset, "an offset below LEN");
    }
  }

  private long offset() {
    return Sizes.parse("OFF", offset);
  }

  @Override
  int run(Task task) {
    long base = map(task);
    touch(task, base);
    long target = base + offset();
    PageProbe probe = new PageProbe(machine());
    long pfn = probe.pfnOf(task.mm(), target);
    sayPages(task, "before", base);
    inject(task, base);
    console()
        .out()
        .println("kpageflags(pfn 0x%x) after=%s".formatted(pfn, probe.kpageflagsText(pfn)));
    sayPages(task, "after", base);
    LongStream.of(offset(), 0, offset() - PAGE_BYTES, offset() + PAGE_BYTES, lastPage())
        .filter(at -> at >= 0 && at < bytes())
        .forEach(at -> sayAccess(task, base, at));
    task.mm().munmap(base, bytes());
    say("munmapped");
    return Exit.OK;
  }

  private long lastPage() {
    return (bytes() - 1) & -PAGE_BYTES;
  }

  private void sayPages(Task task, String when, long base) {
    sayPage(task, "target-" + when, base + offset());
    sayPage(task, "page0-" + when, base);
  }

  private void inject(Task task, long base) {
    String result = "0 ";
    try {
      machine().errorInjection().madvise(task, base + offset(), PAGE_BYTES, advice);
    } catch (MmException e) {
      result = outcome(e);
    }
    SigInfo signal = task.takeSignal();
    if (signal == null) {
      say("madvise=%s", result);
    } else {
      say(
          "signal %d si_code=%d addr=0x%x addr-base=%s lsb=%d during madvise",
          signal.signal(),
          signal.code(),
          signal.address(),
          hex(signal.address() - base),
          signal.addressLsb());
    }
  }

  private void sayAccess(Task task, long base, long at) {
    try {
      // The tool adds to what is there: it reads before it writes.
      task.mm().store(base + at, (byte) (task.mm().load(base + at) + 1));
      say("access +%s ok", hex(at));
    } catch (TaskSignal e) {
      say("access +%s signal %d addr=0x%x", hex(at), e.signal(), e.address());
    }
  }

  /** As {@code %#lx} prints it: zero has no prefix. */
  private static String hex(long value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "0x%x", value);
  }
}
