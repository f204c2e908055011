package dev.pgmap.shell.ndctltests;

import static dev.pgmap.shell.ndctltests.Checks.check;
import static dev.pgmap.shell.ndctltests.Checks.fails;
import static dev.pgmap.shell.ndctltests.Checks.run;
import static dev.pgmap.shell.ndctltests.Checks.sigbus;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.nvdimm.Namespace;
import dev.pgmap.core.pmem.DiskBytes;
import dev.pgmap.shell.command.Command;
import dev.pgmap.shell.command.SizeConverter;
import dev.pgmap.shell.session.Console;
import dev.pgmap.shell.session.Exit;
import java.util.Objects;
import java.util.stream.LongStream;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/**
 * {@code device-dax} of the suite, for one alignment: data written to a block device are seen
 * through a mapping of the same memory as device-dax; direct I/O, fork and poison on that mapping;
 * and what is left of it when the device goes away.
 *
 * <p>Left out: how long the check of the data takes (a real test finds out so whether the memory is
 * cached), and {@code smaps}, a file that is not here.
 */
@CommandLine.Command(
    name = "device-dax",
    description = "Check a namespace as device-dax; it is made anew several times.")
final class DeviceDax implements Command {
  private static final int PAGE_BYTES = 4096;

  private final Console console;

  @Parameters(index = "0", paramLabel = "NAMESPACE")
  private String name = "";

  @Parameters(index = "1", paramLabel = "ALIGN", converter = SizeConverter.class)
  private long alignBytes;

  DeviceDax(Console console) {
    this.console = console;
  }

  @Override
  public int call() {
    seed();
    create("devdax");
    AddressSpace node = machine().daxBus().nodes().open("/dev/" + deviceName());
    Task task = machine().newTask("device-dax");
    return console.session().tasks().run(task, self -> checkAll(self, node));
  }

  private Machine machine() {
    return console.machine();
  }

  private void create(String mode) {
    run(
        console,
        "ndctl create-namespace -m %s -M dev -f -a %d -e %s".formatted(mode, alignBytes, name));
  }

  private String deviceName() {
    Namespace namespace = machine().nvdimm().namespace(name);
    return Objects.requireNonNull(namespace.deviceName());
  }

  /** Data at the offsets that are checked, by way of the block device. */
  private void seed() {
    create("fsdax");
    DiskBytes disk = machine().pmemBus().open("/dev/" + deviceName()).bytes();
    offsets().forEach(at -> disk.write(at, page(at), 0, PAGE_BYTES));
    disk.fence();
  }

  /** The first and last pages of both units, and some between them. */
  private LongStream offsets() {
    long unit = Math.max(alignBytes, PAGE_BYTES);
    long step = Math.max(PAGE_BYTES, unit / 8);
    return LongStream.concat(
        LongStream.iterate(0, at -> at < 2 * unit, at -> at + step),
        LongStream.of(unit - PAGE_BYTES, 2 * unit - PAGE_BYTES));
  }

  /** A page whose words tell where it belongs. */
  private static byte[] page(long offset) {
    byte[] page = new byte[PAGE_BYTES];
    for (int i = 0; i < PAGE_BYTES; i++) {
      page[i] = (byte) (offset / PAGE_BYTES * 31 + i * 7L);
    }
    return page;
  }

  private int checkAll(Task task, AddressSpace node) {
    readOnly(task, node);
    new DirectIoCases(console, task, 2 * alignBytes, () -> map(task, node, true)).run();
    remap(task, node);
    poison(task, node);
    goneDevice(task, map(task, node, true));
    return Exit.OK;
  }

  private long map(Task task, AddressSpace node, boolean writable) {
    return task.mm().mmap(node, 2 * alignBytes, 0, true, writable);
  }

  private void readOnly(Task task, AddressSpace node) {
    fails(
        () -> task.mm().mmap(node, 2 * alignBytes, 0, false, false),
        "MAP_PRIVATE of a device",
        Errno.EINVAL);
    long address = map(task, node, false);
    offsets().forEach(at -> verify(task, address + at, page(at)));
    task.mm().munmap(address, 2 * alignBytes);
  }

  private static void verify(Task task, long address, byte[] expected) {
    for (int i = 0; i < PAGE_BYTES; i++) {
      check(task.mm().load(address + i) == expected[i], "data are at 0x%x".formatted(address + i));
    }
  }

  /**
   * One page of the mapping is moved. A kernel may refuse that; one that does not must not let the
   * task reach the page of a device whose entries are larger.
   */
  private void remap(Task task, AddressSpace node) {
    long address = map(task, node, true);
    long elsewhere = task.mm().mmap(null, 2 * alignBytes, 0, false, true);
    if (isMoved(task, address, elsewhere)) {
      Runnable store = () -> task.mm().store(elsewhere, (byte) 0xaa);
      if (alignBytes > PAGE_BYTES) {
        sigbus(store, "a store to the page that was moved");
      } else {
        store.run();
      }
    }
    task.mm().munmap(elsewhere, 2 * alignBytes);
    task.mm().munmap(address, 2 * alignBytes);
  }

  private static boolean isMoved(Task task, long from, long to) {
    try {
      int flags = Mm.MREMAP_MAYMOVE | Mm.MREMAP_FIXED;
      return task.mm().mremap(from, PAGE_BYTES, PAGE_BYTES, flags, to) == to;
    } catch (MmException e) {
      return false;
    }
  }

  private void poison(Task task, AddressSpace node) {
    long address = map(task, node, true);
    new PoisonCase(machine(), task, alignBytes).run(address);
    task.mm().munmap(address, 2 * alignBytes);
  }

  private void goneDevice(Task task, long address) {
    task.mm().store(address + alignBytes, (byte) 1);
    run(console, "ndctl create-namespace -m raw -f -e " + name);
    sigbus(() -> task.mm().store(address + alignBytes, (byte) 0xff), "a store after the reset");
    task.mm().munmap(address, 2 * alignBytes);
  }
}
