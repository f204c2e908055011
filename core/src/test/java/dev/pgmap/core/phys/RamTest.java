package dev.pgmap.core.phys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.testing.Crew;
import dev.pgmap.core.testing.Floors;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RamTest {
  private static final PhysRange LOW = PhysRange.ofLength(0x1000, 63 * 4096);
  private static final PhysRange HIGH = PhysRange.ofLength(Floors.MIB, 15 * Floors.MIB);
  private static final int END_PFN = 4096;

  private final PhysicalMemory memory = new PhysicalMemory(32 * Floors.MIB);
  private final Ram ram = new Ram(memory, List.of(LOW, HIGH));

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void allFramesAreFreeAtFirst() {
    assertThat(ram.totalPages()).isEqualTo(63 + 3840);
    assertThat(ram.freePages()).isEqualTo(63 + 3840);
    assertThat(ram.ranges()).containsExactly(LOW, HIGH);
  }

  @Test
  void framesAreContiguousAlignedAndTheLowestThatFit() {
    assertThat(ram.allocPages(1, 1)).isEqualTo(1);
    assertThat(ram.allocPages(16, 16)).isEqualTo(16);
    assertThat(ram.allocPages(1, 1)).isEqualTo(2);
    assertThat(ram.allocPages(64, 64)).as("too large for the low range").isEqualTo(256);
    assertThat(ram.allocPages(512, 512)).isEqualTo(512);
    assertThat(ram.freePages()).isEqualTo(63 + 3840 - 1 - 16 - 1 - 64 - 512);
  }

  @Test
  void exhaustionIsEnomemAndTakesNothing() {
    long first = ram.allocPages(3840, 1);
    assertThat(first).isEqualTo(256);
    assertThatThrownBy(() -> ram.allocPages(64, 1))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOMEM))
        .hasMessageContaining("63 pages free")
        .hasMessageContaining("64 contiguous pages");
    assertThat(ram.freePages()).isEqualTo(63);
    assertThat(ram.allocPages(63, 1)).isEqualTo(1);
    assertThat(ram.freePages()).isZero();
    ram.freePages(256, 3840);
    assertThat(ram.allocPages(2048, 2048)).isEqualTo(2048);
  }

  @Test
  void alignmentThatNoExtentCanGiveIsEnomem() {
    ram.allocPages(1, 4096 / 2);
    assertThatThrownBy(() -> ram.allocPages(2048, 2048)).isInstanceOf(MmException.class);
    assertThat(ram.freePages()).isEqualTo(63 + 3840 - 1);
  }

  @Test
  void freedFramesMergeAndForgetTheirBytes() {
    long a = ram.allocPages(10, 1);
    long b = ram.allocPages(10, 1);
    long c = ram.allocPages(10, 1);
    memory.storeByte(b << 12, (byte) 9);
    ram.freePages(a, 10);
    ram.freePages(c, 10);
    ram.freePages(b, 10);
    assertThat(memory.isAllZero(b)).isTrue();
    assertThat(ram.allocPages(63, 1)).isEqualTo(1);
  }

  @Test
  void partOfAnAllocationMayBeFreed() {
    long first = ram.allocPages(10, 1);
    ram.freePages(first + 4, 2);
    assertThat(ram.allocPages(2, 1)).isEqualTo(first + 4);
  }

  @Test
  void aDoubleFreeIsRefusedAndLeavesAllBytesAlone() {
    long first = ram.allocPages(10, 1);
    memory.storeByte(first << 12, (byte) 7);
    ram.freePages(first + 5, 5);
    long free = ram.freePages();
    for (long[] wrong : new long[][] {{first + 5, 5}, {first + 9, 1}, {first, 10}, {first, 30}}) {
      assertThatIllegalStateException()
          .isThrownBy(() -> ram.freePages(wrong[0], wrong[1]))
          .withMessageContaining("double free");
    }
    assertThat(ram.freePages()).isEqualTo(free);
    assertThat(memory.loadByte(first << 12)).isEqualTo((byte) 7);
  }

  @Test
  void framesThatAreNoRamAreNotFreed() {
    memory.storeByte(20 * Floors.MIB, (byte) 7);
    assertThatIllegalStateException().isThrownBy(() -> ram.freePages(5120, 1));
    assertThatIllegalStateException().isThrownBy(() -> ram.freePages(0, 1));
    ram.allocPages(3840, 1);
    assertThatIllegalStateException().isThrownBy(() -> ram.freePages(4090, 10));
    assertThat(ram.freePages()).isEqualTo(63);
    assertThat(memory.loadByte(20 * Floors.MIB)).isEqualTo((byte) 7);
  }

  @Test
  void onlineMemoryIsUsedAndOnlyFreeMemoryGoesOffline() {
    PhysRange added = PhysRange.ofLength(16 * Floors.MIB, 4 * Floors.MIB);
    ram.online(added, Zone.NORMAL);
    assertThat(ram.totalPages()).isEqualTo(63 + 3840 + 1024);
    assertThat(ram.ranges()).containsExactly(LOW, HIGH, added);
    long first = ram.allocPages(4608, 1);
    assertThat(first).as("across the old and the new memory").isEqualTo(256);

    assertThatThrownBy(() -> ram.offline(added))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY))
        .hasMessageContaining("768 pages in use");
    assertThat(ram.freePages()).isEqualTo(63 + 256);

    ram.freePages(first, 4608);
    ram.offline(added);
    assertThat(ram.ranges()).containsExactly(LOW, HIGH);
    assertThat(ram.freePages()).isEqualTo(63 + 3840);
    assertThatThrownBy(() -> ram.allocPages(4608, 1)).isInstanceOf(MmException.class);
  }

  @Test
  void movableMemoryIsForThoseWhoCanMoveAndTheyTakeItFirst() {
    ram.online(PhysRange.ofLength(16 * Floors.MIB, Floors.MIB), Zone.MOVABLE);
    assertThat(ram.allocPages(1, 1)).isEqualTo(4096);
    assertThat(ram.allocUnmovablePages(1, 1)).isEqualTo(1);
    assertThat(ram.allocPages(255, 1)).isEqualTo(4097);
    assertThat(ram.allocPages(1, 1)).as("movable memory is used up").isEqualTo(2);
    ram.freePages(4097, 255);
    assertThat(ram.allocPages(1, 1)).as("freed frames are of their zone again").isEqualTo(4097);
    assertThatThrownBy(() -> ram.allocUnmovablePages(3841, 1))
        .isInstanceOf(MmException.class)
        .hasMessageContaining("pages free");
  }

  @Test
  void partOfARangeMayGoOfflineAndHolesMayNot() {
    PhysRange middle = PhysRange.ofLength(4 * Floors.MIB, 4 * Floors.MIB);
    ram.offline(middle);
    assertThat(ram.ranges())
        .containsExactly(
            LOW,
            new PhysRange(Floors.MIB, 4 * Floors.MIB - 1),
            new PhysRange(8 * Floors.MIB, 16 * Floors.MIB - 1));
    assertThatThrownBy(() -> ram.offline(PhysRange.ofLength(7 * Floors.MIB, 2 * Floors.MIB)))
        .isInstanceOfSatisfying(
            MmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    ram.online(middle, Zone.MOVABLE);
    assertThatIllegalStateException().isThrownBy(() -> ram.online(middle, Zone.NORMAL));
    assertThat(ram.freePages()).isEqualTo(63 + 3840);
  }

  @Test
  void randomAllocationsAgreeWithABitmap() {
    long seed = Crew.seed("RamTest.randomAllocationsAgreeWithABitmap");
    Random random = new Random(seed);
    BitSet free = new BitSet(END_PFN);
    free.set(1, 64);
    free.set(256, END_PFN);
    List<long[]> held = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (held.isEmpty() || random.nextInt(100) < 52) {
        int nrPages = 1 + random.nextInt(random.nextInt(10) == 0 ? 600 : 20);
        int align = 1 << random.nextInt(10);
        int expected = lowestFit(free, nrPages, align);
        if (expected < 0) {
          assertThatThrownBy(() -> ram.allocPages(nrPages, align))
              .as("seed %d step %d", seed, step)
              .isInstanceOf(MmException.class);
        } else {
          assertThat(ram.allocPages(nrPages, align))
              .as("seed %d step %d", seed, step)
              .isEqualTo(expected);
          free.clear(expected, expected + nrPages);
          held.add(new long[] {expected, nrPages});
        }
      } else {
        long[] freed = held.remove(random.nextInt(held.size()));
        ram.freePages(freed[0], freed[1]);
        free.set((int) freed[0], (int) (freed[0] + freed[1]));
      }
      assertThat(ram.freePages()).as("seed %d step %d", seed, step).isEqualTo(free.cardinality());
    }
  }

  private static int lowestFit(BitSet free, int nrPages, int align) {
    for (int first = 0; first + nrPages <= END_PFN; first += align) {
      if (free.nextClearBit(first) >= first + nrPages) {
        return first;
      }
    }
    return -1;
  }

  @Test
  void threadsNeverGetTheSameFrame() throws Exception {
    new Crew()
        .add(
            4,
            () -> {
              Random random = new Random(Thread.currentThread().threadId());
              byte me = (byte) (1 + Thread.currentThread().threadId() % 100);
              for (int i = 0; i < 2000; i++) {
                int nrPages = 1 + random.nextInt(8);
                long pfn = ram.allocPages(nrPages, 1);
                assertThat(memory.loadByte(pfn << 12)).isZero();
                memory.storeByte(pfn << 12, me);
                Thread.yield();
                assertThat(memory.loadByte(pfn << 12)).isEqualTo(me);
                ram.freePages(pfn, nrPages);
              }
            })
        .runAll();
    assertThat(ram.freePages()).isEqualTo(ram.totalPages());
  }
}
