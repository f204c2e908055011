package dev.pgmap.core.fsdax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.fs.IomapOps;
import dev.pgmap.api.pgmap.DevPagemapOps;
import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.api.pgmap.PagemapSpec;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.log.KernelLog;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.mm.Task;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.pgmap.DevPagemap;
import dev.pgmap.core.pgtable.Leaf;
import dev.pgmap.core.pgtable.Pte;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine with 16 MiB of FS_DAX memory whose page counts are written down, and DAX files in it.
 * Block 0 of the device is page {@link #PFN}. Belongs to one test.
 */
final class FsDaxLab implements AutoCloseable {
  static final long MIB = 1L << 20;
  static final long PAGE = 4096;
  static final long DEVICE = 16L << 30;
  static final long PFN = DEVICE >>> 12;

  /** Pages of a PMD entry. */
  static final long PMD_PAGES = 512;

  final RecordingPageRefs refs = new RecordingPageRefs();
  final Machine machine;
  final DevPagemap pgmap;
  final FsDaxContext context;
  private final List<DaxFile> files = new ArrayList<>();
  private boolean warningsExpected;

  FsDaxLab(Era era) {
    machine =
        Machine.boot(
            new MachineSpec(
                2,
                MachineSpec.ramOf(256 * MIB),
                List.of(),
                List.of(
                    new MachineSpec.SoftReserved(PhysRange.ofLength(DEVICE, 64 * MIB), 2 * MIB)),
                4,
                era),
            refs);
    PhysRange range = PhysRange.ofLength(DEVICE, 16 * MIB);
    pgmap =
        machine
            .pagemaps()
            .memremap(
                new PagemapSpec("pmem0", MemoryType.FS_DAX, List.of(range), 0, null, null),
                DevPagemapOps.NONE);
    context =
        new FsDaxContext(
            machine.mmContext(), machine.addressSpaces(), machine.memoryFailure(), era.fsdax());
    refs.sequences().clear();
  }

  FsDaxLab(String era) {
    this(Era.named(era));
  }

  TestBytes bytes() {
    return new TestBytes(machine.memory(), PhysRange.ofLength(DEVICE, 16 * MIB));
  }

  /** A file with these extents. */
  DaxFile file(IomapOps extents) {
    int ino = files.size() + 12;
    DaxFile file =
        new DaxFile(context, new DaxTarget(bytes(), 259L << 20), "/mnt/f" + ino, ino, extents);
    files.add(file);
    return file;
  }

  /** A mapping of a whole file in a task of its own. */
  Mapped map(DaxFile file, long nrPages) {
    return map(machine.newTask("test"), file, nrPages, false);
  }

  Mapped map(Task task, DaxFile file, long nrPages, boolean sync) {
    long at =
        sync
            ? task.mm().mmapSync(file.space(), nrPages * PAGE, 0)
            : task.mm().mmap(file.space(), nrPages * PAGE, 0, true, true);
    return new Mapped(task, at, nrPages);
  }

  /** The same private, so that writes are copied. */
  Mapped mapPrivate(DaxFile file, long nrPages) {
    Task task = machine.newTask("private");
    return new Mapped(task, task.mm().mmap(file.space(), nrPages * PAGE, 0, false, true), nrPages);
  }

  /** Where a task has a file mapped. */
  final class Mapped {
    final Task task;
    final long at;
    final long nrPages;

    Mapped(Task task, long at, long nrPages) {
      this.task = task;
      this.at = at;
      this.nrPages = nrPages;
    }

    long address(long page) {
      return at + page * PAGE;
    }

    void write(long page) {
      task.mm().store(address(page), (byte) 1);
    }

    byte read(long page) {
      return task.mm().load(address(page));
    }

    /** The pfn that a page is mapped to, or -1. */
    long pfn(long page) {
      Leaf leaf = task.mm().tables().find(address(page));
      return leaf == null ? -1 : leaf.pfnOf(address(page));
    }

    boolean isWritable(long page) {
      Leaf leaf = task.mm().tables().find(address(page));
      return leaf != null && Pte.isWritable(leaf.entry());
    }

    /** Bytes of the entry that maps a page, or 0. */
    long entryBytes(long page) {
      Leaf leaf = task.mm().tables().find(address(page));
      return leaf == null ? 0 : leaf.bytes();
    }

    long[] pin(long page, int n) {
      long[] pfns = new long[n];
      int got =
          machine.gup().pinUserPagesFast(task.mm(), address(page), n, FollFlag.WRITE, pfns, 0);
      assertThat(got).isEqualTo(n);
      return pfns;
    }

    long get(long page) {
      long[] pfns = new long[1];
      assertThat(
              machine.gup().getUserPagesFast(task.mm(), address(page), 1, FollFlag.WRITE, pfns, 0))
          .isEqualTo(1);
      return pfns[0];
    }

    void unmap() {
      task.mm().munmap(at, nrPages * PAGE);
    }
  }

  void unpin(long[] pfns) {
    machine.gup().unpinUserPages(pfns, 0, pfns.length);
  }

  void put(long pfn) {
    machine.gup().putPage(pfn);
  }

  int count(long pfn) {
    return refs.count(machine.structPages().record(machine.structPages().headPfn(pfn)));
  }

  long mapping(long pfn) {
    return machine.structPages().mapping(machine.structPages().record(pfn));
  }

  long index(long pfn) {
    return machine.structPages().index(machine.structPages().record(pfn));
  }

  int order(long pfn) {
    return machine.structPages().order(machine.structPages().headPfn(pfn));
  }

  /** What happened to the count of a page since the last call, in the recordings' notation. */
  String events(long pfn) {
    String found = refs.sequences().of(pfn);
    refs.sequences().clear();
    return found;
  }

  /** Takes a part of a file away as a truncate or a punched hole does. */
  static void truncate(DaxFile file, ExtentList extents, long from, long nrPages) {
    file.lockInvalidate();
    try {
      file.breakLayout(0, Long.MAX_VALUE);
      file.deleteRange(from, nrPages);
      extents.free(from, nrPages);
    } finally {
      file.unlockInvalidate();
    }
  }

  /** Takes all of a file's entries away. */
  static void truncateAll(DaxFile file) {
    file.lockInvalidate();
    try {
      file.breakLayout(0, Long.MAX_VALUE);
      file.deleteRange(0, Long.MAX_VALUE);
    } finally {
      file.unlockInvalidate();
    }
  }

  List<String> warnings() {
    return machine.log().entries().stream()
        .filter(entry -> entry.level() != KernelLog.Level.INFO)
        .map(KernelLog.Entry::text)
        .toList();
  }

  void expectWarnings() {
    warningsExpected = true;
  }

  /** Checks what must hold when nobody is at work, and that nobody waits. */
  void check() {
    assertThat(Invariants.check(machine)).isEmpty();
    assertThat(context.waits().nrWaiters()).isZero();
    if (!warningsExpected) {
      assertThat(warnings()).isEmpty();
    }
  }

  @Override
  public void close() {
    machine.close();
  }
}
