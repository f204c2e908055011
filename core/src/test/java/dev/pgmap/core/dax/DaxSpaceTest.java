package dev.pgmap.core.dax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scenarios of ndctl's daxctl-create test, under its names, on the allocator. */
class DaxSpaceTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final PhysRange REGION = PhysRange.ofLength(64 * GIB, 4 * GIB);
  private static final long QUARTER = GIB;
  private static final long ALIGN = 2 * MIB;

  private final DaxSpace space = new DaxSpace(REGION, ALIGN, 2 * MIB);
  private final Map<String, List<PhysRange>> devices = new LinkedHashMap<>();

  private List<PhysRange> size(String name, long bytes) {
    return size(name, bytes, ALIGN);
  }

  private List<PhysRange> size(String name, long bytes, long align) {
    List<PhysRange> own = devices.getOrDefault(name, List.of());
    List<PhysRange> others = new ArrayList<>();
    devices.forEach((other, ranges) -> others.addAll(other.equals(name) ? List.of() : ranges));
    List<PhysRange> sized = space.resize(own, others, bytes, align);
    devices.put(name, sized);
    return sized;
  }

  private void destroy(String name) {
    size(name, 0);
    devices.remove(name);
  }

  private long available() {
    return space.availableBytes(devices.values().stream().flatMap(List::stream).toList());
  }

  private static PhysRange at(long offset, long bytes) {
    return PhysRange.ofLength(REGION.start() + offset, bytes);
  }

  private static void failsWith(
      Errno errno, org.assertj.core.api.ThrowableAssert.ThrowingCallable c) {
    assertThat(catchThrowableOfType(MmException.class, c).errno()).isEqualTo(errno);
  }

  @Test
  void t0EmptyingAllDevicesRestoresWhatIsAvailable() {
    size("dax0", 4 * QUARTER);
    assertThat(available()).isZero();

    assertThat(size("dax0", 0)).isEmpty();

    assertThat(available()).isEqualTo(REGION.bytes());
  }

  @Test
  void t1AWholeRegionDeviceHasOneMapping() {
    assertThat(size("dax1", REGION.bytes())).containsExactly(REGION);
    failsWith(Errno.ENOSPC, () -> size("dax2", ALIGN));

    destroy("dax1");
    assertThat(available()).isEqualTo(REGION.bytes());
  }

  @Test
  void t2ADeviceTwiceAsLargeTakesTheHoleAndTheEnd() {
    size("dax0", QUARTER);
    size("dax1", QUARTER);
    size("dax2", QUARTER);
    destroy("dax1");

    assertThat(size("dax3", 2 * QUARTER))
        .containsExactly(at(QUARTER, QUARTER), at(3 * QUARTER, QUARTER));
    assertThat(available()).isZero();
  }

  @Test
  void t3WithTheRegionEmptyTheHoleIsInFront() {
    size("dax1", QUARTER);
    size("dax2", QUARTER);
    size("dax3", QUARTER);
    destroy("dax1");

    assertThat(size("dax4", 2 * QUARTER)).containsExactly(at(0, QUARTER), at(3 * QUARTER, QUARTER));
  }

  @Test
  void t4DevicesThatGrowInTurnHaveFourMappingsEach() {
    long eighth = REGION.bytes() / 8;
    for (int step = 1; step <= 4; step++) {
      size("dax1", step * eighth);
      size("dax2", step * eighth);
    }

    assertThat(devices.get("dax1")).hasSize(4);
    assertThat(devices.get("dax2")).hasSize(4);
    assertThat(DaxRange.inOrder(devices.get("dax2")))
        .extracting(DaxRange::pgoff)
        .containsExactly(0L, eighth / 4096, 2 * eighth / 4096, 3 * eighth / 4096);
    assertThat(available()).isZero();
  }

  @Test
  void t5GrowingTakesTheHoleInFrontAndKeepsFileOrderThenTheEndByExtension() {
    for (int i = 1; i <= 4; i++) {
      size("dax" + i, QUARTER);
    }
    destroy("dax1");
    destroy("dax4");

    assertThat(size("dax2", 2 * QUARTER)).containsExactly(at(QUARTER, QUARTER), at(0, QUARTER));
    assertThat(DaxRange.inOrder(devices.get("dax2")))
        .extracting(DaxRange::pgoff)
        .containsExactly(0L, QUARTER / 4096);
    assertThat(size("dax3", 2 * QUARTER)).containsExactly(at(2 * QUARTER, 2 * QUARTER));
    assertThat(available()).isZero();
  }

  @Test
  void t6SizesAreMultiplesOfTheAlign() {
    assertThat(size("dax1", GIB, 2 * MIB)).containsExactly(at(0, GIB));
    assertThat(size("dax2", GIB, GIB)).containsExactly(at(GIB, GIB));

    failsWith(Errno.EINVAL, () -> size("dax3", 2 * MIB + 4096, 2 * MIB));
    failsWith(Errno.EINVAL, () -> size("dax3", 512 * MIB, GIB));
    failsWith(Errno.EINVAL, () -> size("dax3", 4096, 4096));
    failsWith(Errno.EINVAL, () -> size("dax3", -GIB, GIB));
  }

  @Test
  void shrinkingGivesBackWholeRangesFromTheEndThenAPart() {
    t5GrowingTakesTheHoleInFrontAndKeepsFileOrderThenTheEndByExtension();

    assertThat(size("dax2", QUARTER + QUARTER / 2))
        .containsExactly(at(QUARTER, QUARTER), at(0, QUARTER / 2));
    assertThat(size("dax2", QUARTER)).containsExactly(at(QUARTER, QUARTER));
    assertThat(size("dax2", ALIGN)).containsExactly(at(QUARTER, ALIGN));
    assertThat(size("dax2", 0)).isEmpty();
  }

  @Test
  void growthThatTheAlignDoesNotDivideIsRefused() {
    size("dax1", 512 * MIB);

    failsWith(Errno.ENXIO, () -> size("dax1", GIB, GIB));
  }

  @Test
  void whateverIsDoneDevicesNeverOverlapAndNoByteIsLost() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int step = 0; step < 5_000; step++) {
      String name = "dax" + random.nextInt(6);
      long bytes = random.nextInt(512) * 4 * MIB;
      try {
        size(name, bytes);
        assertThat(total(devices.get(name))).as("seed %d", seed).isEqualTo(bytes);
      } catch (MmException e) {
        assertThat(e.errno()).as("seed %d", seed).isEqualTo(Errno.ENOSPC);
      }
      List<PhysRange> all = devices.values().stream().flatMap(List::stream).toList();
      for (int i = 0; i < all.size(); i++) {
        assertThat(REGION.contains(all.get(i))).isTrue();
        for (int j = 0; j < i; j++) {
          assertThat(all.get(i).overlaps(all.get(j))).as("seed %d", seed).isFalse();
        }
      }
      assertThat(available()).as("seed %d", seed).isEqualTo(REGION.bytes() - total(all));
    }
  }

  private static long total(List<PhysRange> ranges) {
    return ranges.stream().mapToLong(PhysRange::bytes).sum();
  }
}
