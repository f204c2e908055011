package dev.pgmap.core.phys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.testing.Floors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PhysicalMemoryTest {
  private static final long END = Floors.GIB;

  private final PhysicalMemory memory = new PhysicalMemory(END);

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void zeroesStoredInto126GibCostNothing() throws Exception {
    try (PhysicalMemory large = new PhysicalMemory(126 * Floors.GIB)) {
      large.storeByte(0, (byte) 0);
      long before = residentKib();
      for (long at = 0; at < large.endAddress(); at += PageMath.PAGE_BYTES) {
        large.storeByte(at, (byte) 0);
      }
      assertThat(residentKib() - before).isLessThan(64 * 1024);
      assertThat(large.isAllZero(0)).isTrue();
      assertThat(large.isAllZero((large.endAddress() >>> 12) - 1)).isTrue();
      assertThat(large.loadByte(large.endAddress() - 1)).isZero();
      assertThat(residentKib() - before).isLessThan(64 * 1024);
    }
  }

  private static long residentKib() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void bytesComeBack() {
    memory.storeByte(4095, (byte) 7);
    memory.storeByte(4096, (byte) -8);
    memory.storeByte(END - 1, (byte) 9);
    assertThat(memory.loadByte(4095)).isEqualTo((byte) 7);
    assertThat(memory.loadByte(4096)).isEqualTo((byte) -8);
    assertThat(memory.loadByte(END - 1)).isEqualTo((byte) 9);
    assertThat(memory.loadByte(4094)).isZero();
    assertThat(memory.isAllZero(0)).isFalse();
    assertThat(memory.isAllZero(2)).isTrue();
  }

  @Test
  void aZeroOverwritesAByteThatWasThere() {
    memory.storeByte(10, (byte) 7);
    memory.storeByte(10, (byte) 0);
    assertThat(memory.loadByte(10)).isZero();
  }

  @Test
  void readsAndWritesCrossPageBorders() {
    byte[] written = new byte[10_000];
    new Random(1).nextBytes(written);
    memory.write(5 * 4096 - 100, written, 0, written.length);
    byte[] found = new byte[written.length + 20];
    memory.read(5 * 4096 - 110, found, 0, found.length);
    byte[] expected = new byte[found.length];
    System.arraycopy(written, 0, expected, 10, written.length);
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void readOfUntouchedPagesClearsTheBufferAndTouchesNothing() {
    byte[] buffer = new byte[3 * 4096];
    Arrays.fill(buffer, (byte) 1);
    memory.storeByte(4096, (byte) 5);
    memory.read(0, buffer, 0, buffer.length);
    assertThat(buffer[4096]).isEqualTo((byte) 5);
    buffer[4096] = 0;
    assertThat(buffer).containsOnly(0);
    assertThat(memory.isAllZero(0)).isTrue();
    assertThat(memory.isAllZero(2)).isTrue();
  }

  @Test
  void partsOfABufferStayAsTheyWere() {
    byte[] buffer = new byte[] {1, 2, 3, 4};
    memory.read(100, buffer, 1, 2);
    assertThat(buffer).containsExactly(1, 0, 0, 4);
    memory.write(100, buffer, 3, 1);
    assertThat(memory.loadByte(100)).isEqualTo((byte) 4);
    assertThat(memory.loadByte(101)).isZero();
  }

  @Test
  void discardForgets() {
    memory.storeByte(0, (byte) 1);
    memory.storeByte(4096, (byte) 2);
    memory.storeByte(8192, (byte) 3);
    memory.discard(PhysRange.ofLength(4096, 4096));
    assertThat(memory.isAllZero(1)).isTrue();
    assertThat(memory.loadByte(4096)).isZero();
    memory.storeByte(4097, (byte) 9);
    assertThat(memory.loadByte(4096)).as("no old byte shows").isZero();
    assertThat(memory.loadByte(0)).isEqualTo((byte) 1);
    assertThat(memory.loadByte(8192)).isEqualTo((byte) 3);
  }

  @Test
  void populateKeepsTheBytesAndMakesThemPresent() {
    memory.storeByte(4 * Floors.MIB + 5, (byte) 5);
    memory.populate(PhysRange.ofLength(2 * Floors.MIB, 4 * Floors.MIB));
    assertThat(memory.loadByte(4 * Floors.MIB + 5)).isEqualTo((byte) 5);
    assertThat(memory.isAllZero(512)).isFalse();
    assertThat(memory.isAllZero(511)).isTrue();
    assertThat(memory.isAllZero(3 * 512)).isTrue();
    assertThat(memory.hostAddress(4096) - memory.hostAddress(0)).isEqualTo(4096);
  }

  @Test
  void addressesOutsideAreRefusedByEveryCall() {
    byte[] buffer = new byte[8];
    PhysRange half = PhysRange.ofLength(END - 4096, 8192);
    PhysRange beyond = PhysRange.ofLength(END + 4096, 4096);
    assertFault(() -> memory.loadByte(-1));
    assertFault(() -> memory.loadByte(END));
    assertFault(() -> memory.loadByte(Long.MAX_VALUE));
    assertFault(() -> memory.storeByte(-1, (byte) 0));
    assertFault(() -> memory.storeByte(END, (byte) 1));
    assertFault(() -> memory.read(END - 4, buffer, 0, 8));
    assertFault(() -> memory.write(END - 4, buffer, 0, 8));
    assertFault(() -> memory.read(-4, buffer, 0, 8));
    assertFault(() -> memory.isAllZero(-1));
    assertFault(() -> memory.isAllZero(END >>> 12));
    assertFault(() -> memory.hostAddress(END));
    assertFault(() -> memory.populate(half));
    assertFault(() -> memory.discard(half));
    assertFault(() -> memory.populate(beyond));
    assertFault(() -> memory.discard(beyond));
    assertThat(memory.isAllZero((END >>> 12) - 1)).as("a refused call changes nothing").isTrue();
  }

  private static void assertFault(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EFAULT));
  }

  @Test
  void aWriteThatItsBufferCannotFillChangesNothing() {
    assertThatThrownBy(() -> memory.write(0, new byte[4], 2, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(memory.isAllZero(0)).isTrue();
  }

  @Test
  void theLastPageNeedNotBeAWholeOne() {
    try (PhysicalMemory odd = new PhysicalMemory(4097)) {
      assertThat(odd.endAddress()).isEqualTo(8192);
    }
  }

  @Test
  void nothingIsReachableAfterClose() {
    PhysicalMemory closed = new PhysicalMemory(8192);
    closed.storeByte(1, (byte) 1);
    closed.close();
    assertThatThrownBy(() -> closed.loadByte(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> closed.storeByte(1, (byte) 2))
        .isInstanceOf(IllegalStateException.class);
  }
}
