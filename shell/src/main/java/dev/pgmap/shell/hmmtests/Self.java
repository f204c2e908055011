package dev.pgmap.shell.hmmtests;

import dev.pgmap.api.MmException;
import dev.pgmap.core.devmem.OpenDevice;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Task;
import dev.pgmap.shell.session.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a test works with: its task, and the devices that its fixture opened. */
final class Self implements AutoCloseable {
  /** What the tests' buffers have. */
  static final int BUFFER_PAGES = 1024;

  private static final int FIRST_COHERENT = 2;

  private final Console console;
  private final Task task;
  private final int[] numbers;
  private final List<OpenDevice> devices = new ArrayList<>();

  private Self(Console console, Task task, int[] numbers) {
    this.console = console;
    this.task = task;
    this.numbers = numbers;
  }

  /**
   * Opens the devices of a test ({@code FIXTURE_SETUP}).
   *
   * @throws TestSkipped if there is no coherent memory
   * @throws TestFailed if a device cannot be opened
   */
  static Self open(Console console, Task task, int[] numbers) {
    Self self = new Self(console, task, numbers);
    try {
      for (int number : numbers) {
        self.devices.add(self.openDevice(number));
      }
      return self;
    } catch (RuntimeException e) {
      self.close();
      throw e;
    }
  }

  private OpenDevice openDevice(int number) {
    String path = "/dev/hmm_dmirror" + number;
    try {
      return machine().devmemBus().open(path, mm());
    } catch (MmException e) {
      console.err().println("could not open hmm dmirror driver (" + path + ")");
      if (number >= FIRST_COHERENT && devices.isEmpty()) {
        throw new TestSkipped("DEVICE_COHERENT not available");
      }
      Check.equal("self->fd", -1, "0", 0);
      throw e;
    }
  }

  /** Forks; the child opens the first device for itself, does this, and ends. */
  void fork(Consumer<Self> work) {
    Task child = task.fork();
    try {
      child.run(() -> {
        try (Self self = open(console, child, new int[] {0})) {
          work.accept(self);
        }
      });
    } finally {
      child.exit();
    }
  }

  /** Starts a thread of this task. */
  Thread inThread(Runnable work) {
    return Thread.ofPlatform().daemon().name("hmm-tests").start(() -> task.run(work));
  }

  /** Waits for such a thread, also if somebody wants this one to end. */
  static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  Machine machine() {
    return console.machine();
  }

  Console console() {
    return console;
  }

  Task task() {
    return task;
  }

  Mm mm() {
    return task.mm();
  }

  /** The first device, or the second. */
  OpenDevice device(int index) {
    return devices.get(index);
  }

  /** Whether the devices' memory is coherent ({@code hmm_is_coherent_type}). */
  boolean isCoherent() {
    return numbers[0] >= FIRST_COHERENT;
  }

  /** Closes the devices ({@code FIXTURE_TEARDOWN}). */
  @Override
  public void close() {
    devices.forEach(OpenDevice::close);
  }
}
