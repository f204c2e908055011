package dev.pgmap.shell.guptest;

import dev.pgmap.api.MmException;
import dev.pgmap.core.fs.OpenFile;
import dev.pgmap.core.machine.GupTestTraits.Output;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.HugetlbPool;
import dev.pgmap.core.mm.MemoryAdvice;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.session.CommandInterrupted;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import dev.pgmap.shell.session.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The user side of gup_test: maps, touches, runs the threads, prints. */
final class GupTestRun {
  private final Console console;
  private final Machine machine;
  private final Task task;
  private final GupTestPlan plan;
  private final GupTestOutput output;
  private final AtomicReference<@Nullable RuntimeException> killedBy = new AtomicReference<>();
  private final AtomicBoolean failed = new AtomicBoolean();

  GupTestRun(Console console, Task task, GupTestPlan plan) {
    this.console = console;
    this.machine = console.machine();
    this.task = task;
    this.plan = plan;
    this.output =
        GupTestOutput.of(
            console.session().json() ? null : machine.era().gupTest().output(),
            console.out(),
            plan);
  }

  int run() {
    long start = map();
    MemoryAdvice advice = plan.advice();
    if (advice != null && !plan.hugetlb()) {
      task.mm().madvise(start, plan.bytes(), advice);
    }
    if (plan.touch()) {
      touch(start);
    }
    output.begin();
    runThreads(start);
    RuntimeException killer = killedBy.get();
    if (killer != null) {
      throw killer;
    }
    output.end();
    return failed.get() ? Exit.FAILED : Exit.OK;
  }

  private long map() {
    Mm mm = task.mm();
    if (plan.hugetlb()) {
      HugetlbPool pool = mm.context().ordinary().hugetlb().byDefault();
      return mm.mmapHugetlb(plan.bytes(), pool, plan.shared(), true);
    }
    if (plan.file().equals("/dev/zero")) {
      return mm.mmap(null, plan.bytes(), 0, plan.shared(), true);
    }
    try (OpenFile file = machine.files().open(console.resolve(plan.file()), true)) {
      return mm.mmap(file.space(), plan.bytes(), 0, plan.shared(), true);
    }
  }

  private void touch(long start) {
    try (Progress progress = console.progress("touching pages", plan.bytes() >>> 12)) {
      task.mm()
          .touch(
              start,
              plan.bytes(),
              (byte) 0,
              done -> {
                Console.checkInterrupted();
                progress.report(done);
              });
    }
  }

  private void runThreads(long start) {
    if (plan.nrThreads() == 1) {
      runOne(start);
      return;
    }
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < plan.nrThreads(); i++) {
      threads.add(Thread.ofPlatform().daemon().start(() -> task.run(() -> runOne(start))));
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          threads.forEach(Thread::interrupt);
        }
      }
    }
    if (interrupted) {
      throw new CommandInterrupted();
    }
  }

  private void runOne(long start) {
    try {
      repeat(new GupTestLoop(machine, task.mm(), plan, console.err()), start);
    } catch (CommandInterrupted e) {
      killedBy.compareAndSet(null, e);
    } catch (OutOfMemoryError e) {
      ioctlFailed(
          "no memory for the list of "
              + (plan.bytes() >>> 12)
              + " pages (-ENOMEM); give"
              + " the program more with PGMAP_JAVA_OPTS=-Xmx4g");
    } catch (MmException e) {
      killedBy.compareAndSet(null, e);
    }
  }

  private void repeat(GupTestLoop loop, long start) {
    boolean bare = machine.era().gupTest().output() == Output.BARE;
    int times = plan.ioctl().isTimed() || bare ? plan.repeats() : 1;
    for (int i = 0; i < times; i++) {
      output.result(loop.run(start, plan.bytes()));
    }
    output.threadEnded(true);
  }

  private void ioctlFailed(String why) {
    console.err().println("gup_test: ioctl: " + why);
    failed.set(true);
    output.threadEnded(false);
  }
}
