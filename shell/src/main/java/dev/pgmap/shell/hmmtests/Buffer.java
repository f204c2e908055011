package dev.pgmap.shell.hmmtests;

import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.MirrorCommand;
import dev.pgmap.core.devmem.OpenDevice;
import dev.pgmap.core.mm.Mm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;

/**
 * {@code struct hmm_buffer}: a range of a task's memory, and as large a one that devices write what
 * they read into. Both are filled and checked as arrays of ints.
 */
final class Buffer {
  static final int PAGE_BYTES = 4096;
  private static final long HUGE_BYTES = 2L << 20;

  static final int INTS_PER_PAGE = PAGE_BYTES / Integer.BYTES;

  private final Mm mm;
  private final long mirror;
  private long address;
  private final int npages;
  private long cpages;
  private long faults;

  /**
   * Around memory that is mapped already.
   *
   * @param address where it begins
   */
  Buffer(Mm mm, long address, int npages) {
    this(mm, address, mm.mmap(null, (long) npages * PAGE_BYTES, 0, false, true), npages);
  }

  private Buffer(Mm mm, long address, long mirror, int npages) {
    this.mm = mm;
    this.address = address;
    this.mirror = mirror;
    this.npages = npages;
  }

  /** Private anonymous memory that can be read and written. */
  static Buffer anonymous(Self self, int npages) {
    return new Buffer(
        self.mm(), self.mm().mmap(null, (long) npages * PAGE_BYTES, 0, false, true), npages);
  }

  /** Private anonymous memory that begins where a huge page may. */
  static Buffer aligned(Self self, int npages) {
    Mm mm = self.mm();
    long bytes = (long) npages * PAGE_BYTES;
    long at = mm.mmap(null, bytes + HUGE_BYTES, 0, false, true);
    long from = at + HUGE_BYTES - 1 & -HUGE_BYTES;
    if (from > at) {
      mm.munmap(at, from - at);
    }
    if (from + bytes < at + bytes + HUGE_BYTES) {
      mm.munmap(from + bytes, at + HUGE_BYTES - from);
    }
    return new Buffer(mm, from, npages);
  }

  /**
   * Memory of huge pages that were set aside.
   *
   * @throws TestSkipped if there are none
   */
  static Buffer hugetlb(Self self, int npages) {
    try {
      long at = self.mm().mmapHugetlb((long) npages * PAGE_BYTES);
      return new Buffer(self.mm(), at, npages);
    } catch (MmException e) {
      throw new TestSkipped("Huge page could not be allocated");
    }
  }

  /** The same addresses in a child. */
  Buffer in(Mm child) {
    return new Buffer(child, address, mirror, npages);
  }

  /** Where it begins. */
  long address() {
    return address;
  }

  /** Where one of its pages begins. */
  long page(int index) {
    return address + (long) index * PAGE_BYTES;
  }

  int npages() {
    return npages;
  }

  long bytes() {
    return (long) npages * PAGE_BYTES;
  }

  /** From now on it begins there: a part of it is worked on. */
  void setAddress(long other) {
    address = other;
  }

  /** Pages that the last command did. */
  long cpages() {
    return cpages;
  }

  /** Writes an int for each index, page by page in order. */
  void fill(IntUnaryOperator values) {
    write(address, 0, values);
  }

  /** The same from a page on. */
  void fillFrom(int firstPage, IntUnaryOperator values) {
    write(address, firstPage, values);
  }

  /** Fills the mirror. */
  void fillMirror(IntUnaryOperator values) {
    write(mirror, 0, values);
  }

  private void write(long at, int firstPage, IntUnaryOperator values) {
    byte[] page = new byte[PAGE_BYTES];
    ByteBuffer ints = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    for (int p = firstPage; p < npages; p++) {
      for (int i = 0; i < INTS_PER_PAGE; i++) {
        ints.putInt(i * Integer.BYTES, values.applyAsInt(p * INTS_PER_PAGE + i));
      }
      mm.write(at + (long) p * PAGE_BYTES, page);
    }
  }

  /** Fails unless each int is what it should be, read page by page in order. */
  void check(IntUnaryOperator expected) {
    checkPages(address, 0, npages, expected);
  }

  /** The same of some pages. */
  void check(int firstPage, int endPage, IntUnaryOperator expected) {
    checkPages(address, firstPage, endPage, expected);
  }

  /** The same of the mirror. */
  void checkMirror(IntUnaryOperator expected) {
    checkPages(mirror, 0, npages, expected);
  }

  private void checkPages(long at, int firstPage, int endPage, IntUnaryOperator expected) {
    byte[] page = new byte[PAGE_BYTES];
    ByteBuffer ints = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    for (int p = firstPage; p < endPage; p++) {
      mm.read(at + (long) p * PAGE_BYTES, page);
      for (int i = 0; i < INTS_PER_PAGE; i++) {
        int index = p * INTS_PER_PAGE + i;
        Check.equal("ptr[i]", ints.getInt(i * Integer.BYTES), "i", expected.applyAsInt(index));
      }
    }
  }

  /** Adds one to each int. */
  void increment(IntUnaryOperator expected) {
    byte[] page = new byte[PAGE_BYTES];
    ByteBuffer ints = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    for (int p = 0; p < npages; p++) {
      mm.read(page(p), page);
      for (int i = 0; i < INTS_PER_PAGE; i++) {
        int found = ints.getInt(i * Integer.BYTES);
        Check.equal("ptr[i]++", found, "i", expected.applyAsInt(p * INTS_PER_PAGE + i));
        ints.putInt(i * Integer.BYTES, found + 1);
      }
      mm.write(page(p), page);
    }
  }

  /** A byte of a snapshot, or of whatever was read last. */
  int mirrorByte(int index) {
    return mm.load(mirror + index) & 0xff;
  }

  /**
   * A command of a device on the first pages ({@code hmm_dmirror_cmd}).
   *
   * @return 0, or a negated errno
   */
  int command(OpenDevice device, MirrorCommand command, int pages) {
    long[] words = {address, mirror, pages, 0, 0};
    try {
      device.ioctl(command.ordinal(), words);
    } catch (MmException e) {
      return -e.errno().number();
    }
    cpages = words[MirrorCommand.CPAGES];
    faults = words[MirrorCommand.FAULTS];
    return 0;
  }

  /** Fails unless a command on all pages does all of them. */
  void done(OpenDevice device, MirrorCommand command) {
    done(device, command, npages);
  }

  /** Fails unless a command does all of these pages. */
  void done(OpenDevice device, MirrorCommand command, int pages) {
    Check.ret(command(device, command, pages), 0);
    Check.equal("buffer->cpages", cpages, "npages", pages);
  }

  /** The same, and the device had to fault once. */
  void doneInOneFault(OpenDevice device, MirrorCommand command, int pages) {
    done(device, command, pages);
    Check.equal("buffer->faults", faults, "1", 1);
  }

  /** Unmaps both ({@code hmm_buffer_free}). */
  void free() {
    mm.munmap(address, bytes());
    freeMirror();
  }

  void freeMirror() {
    mm.munmap(mirror, bytes());
  }
}
