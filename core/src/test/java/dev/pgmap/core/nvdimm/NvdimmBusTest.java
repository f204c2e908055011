package dev.pgmap.core.nvdimm;

import static dev.pgmap.core.nvdimm.NvdimmLab.GIB;
import static dev.pgmap.core.nvdimm.NvdimmLab.MIB;
import static dev.pgmap.core.nvdimm.NvdimmLab.REGION0;
import static dev.pgmap.core.nvdimm.NvdimmLab.REGION1;
import static dev.pgmap.core.nvdimm.NvdimmLab.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.nvdimm.Namespace.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NvdimmBusTest {
  private final NvdimmLab lab = new NvdimmLab();

  @AfterEach
  void close() {
    lab.close();
  }

  private static MmException failure(Errno errno, ThrowingCallable call) {
    MmException e = catchThrowableOfType(MmException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno);
    return e;
  }

  @Test
  void aNamespaceWithoutWishesTakesTheLargestExtentOfTheFirstRegion() {
    Namespace made = lab.bus.create(NamespaceRequest.DEFAULTS);

    assertThat(made.name()).isEqualTo("namespace0.0");
    assertThat(made.mode()).isEqualTo(NamespaceMode.DEVDAX);
    assertThat(made.range()).isEqualTo(REGION0);
    assertThat(made.setup().map()).isEqualTo(MapLocation.DEV);
    assertThat(made.setup().alignBytes()).isEqualTo(2 * MIB);
    assertThat(made.state()).isEqualTo(State.ENABLED);
    assertThat(made.deviceName()).isEqualTo("dax0.0");
    assertThat(lab.bus.region(0).availableBytes()).isZero();
    assertThat(lab.bus.create(NamespaceRequest.DEFAULTS).name()).isEqualTo("namespace1.0");
  }

  @Test
  void theHeadOfANamespaceIsItsOwnInIomem() {
    lab.bus.create(size(64 * MIB));

    assertThat(lab.iomem())
        .containsSubsequence(
            "70000000-7fffffff : Persistent Memory (legacy)",
            "  70000000-701fffff : namespace0.0",
            "100000000-1ffffffff : Persistent Memory (legacy)");
    lab.bus.destroy("namespace0.0", true);
    assertThat(lab.iomem()).hasSize(2);
  }

  @Test
  void sizesThatDoNotFitTheRegionsAlignmentAreRefusedWithAProposal() {
    assertThat(failure(Errno.EINVAL, () -> lab.bus.create(size(17 * MIB))))
        .hasMessageContaining("did you intend --size=32M?");
    failure(Errno.EINVAL, () -> lab.bus.create(size(4096)));
    failure(Errno.EINVAL, () -> lab.bus.create(size(-16 * MIB)));
    assertThat(lab.bus.namespaces()).isEmpty();
  }

  @Test
  void withoutRoomThereIsNoSpaceAndNothingIsLeftBehind() {
    lab.bus.create(size(240 * MIB));

    assertThat(failure(Errno.ENOSPC, () -> lab.bus.create(size(32 * MIB).withRegion(0))))
        .hasMessageContaining("largest free extent has 16777216 bytes");
    failure(Errno.ENOSPC, () -> lab.bus.create(size(64 * GIB)));
    failure(Errno.ENXIO, () -> lab.bus.create(NamespaceRequest.DEFAULTS.withRegion(7)));
    assertThat(lab.bus.namespaces()).hasSize(1);
    assertThat(lab.driver.calls).containsExactly("attach namespace0.0");
  }

  @Test
  void namespacesOfARegionNeverOverlapAndGiveTheirRoomBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Region region = lab.bus.region(1);
    List<Namespace> live = new ArrayList<>();
    for (int step = 0; step < 300; step++) {
      if (random.nextInt(3) > 0) {
        long bytes = (1 + random.nextInt(40)) * 16 * MIB;
        if (bytes <= region.maxAvailableExtentBytes()) {
          live.add(lab.bus.create(size(bytes).withRegion(1)));
        } else {
          failure(Errno.ENOSPC, () -> lab.bus.create(size(bytes).withRegion(1)));
        }
      } else if (!live.isEmpty()) {
        lab.bus.destroy(live.remove(random.nextInt(live.size())).name(), true);
      }
      assertDisjoint(seed, live);
      long used = live.stream().mapToLong(n -> n.range().bytes()).sum();
      assertThat(region.availableBytes()).as("seed %d", seed).isEqualTo(4 * GIB - used);
    }
    live.forEach(n -> lab.bus.destroy(n.name(), true));
    assertThat(region.maxAvailableExtentBytes()).isEqualTo(4 * GIB);
  }

  private static void assertDisjoint(long seed, List<Namespace> namespaces) {
    for (Namespace a : namespaces) {
      assertThat(REGION1.contains(a.range())).as("seed %d", seed).isTrue();
      for (Namespace b : namespaces) {
        assertThat(a == b || !a.range().overlaps(b.range())).as("seed %d", seed).isTrue();
      }
    }
  }

  @Test
  void anActiveNamespaceIsDestroyedOnlyByForce() {
    lab.bus.create(size(64 * MIB));

    assertThat(failure(Errno.EBUSY, () -> lab.bus.destroy("namespace0.0", false)))
        .hasMessageContaining("namespace0.0 is active, specify --force for re-configuration");
    assertThat(lab.bus.disable("namespace0.0")).isTrue();
    assertThat(lab.bus.disable("namespace0.0")).isFalse();
    lab.bus.destroy("namespace0.0", false);

    assertThat(lab.bus.namespaces()).isEmpty();
    assertThat(failure(Errno.ENXIO, () -> lab.bus.destroy("namespace0.0", true)))
        .hasMessageContaining("no such namespace");
  }

  @Test
  void aDisabledNamespaceKeepsItsRoomAndIsEnabledAgain() {
    lab.bus.create(size(64 * MIB));
    lab.bus.disable("namespace0.0");

    assertThat(lab.bus.namespace("namespace0.0").deviceName()).isNull();
    assertThat(lab.iomem()).noneMatch(line -> line.contains("namespace0.0"));
    assertThat(lab.bus.create(size(64 * MIB)).range().start())
        .isEqualTo(REGION0.start() + 64 * MIB);

    assertThat(lab.bus.enable("namespace0.0")).isTrue();
    assertThat(lab.bus.enable("namespace0.0")).isFalse();
    assertThat(lab.driver.calls)
        .containsExactly(
            "attach namespace0.0",
            "detach namespace0.0",
            "attach namespace0.1",
            "attach namespace0.0");
  }

  @Test
  void aRawNamespaceHasNoInfoBlockAndNoDevice() {
    Namespace raw = lab.bus.create(size(64 * MIB).withMode(NamespaceMode.RAW));

    assertThat(raw.setup()).isNull();
    assertThat(raw.bytes()).isEqualTo(64 * MIB);
    assertThat(raw.deviceName()).isNull();
    assertThat(lab.iomem()).contains("  70000000-73ffffff : namespace0.0");
    assertThat(lab.memory.isAllZero(REGION0.firstPfn() + 1)).isTrue();
    assertThat(lab.driver.calls).isEmpty();
  }

  @Test
  void modesWithoutADriverAreRefusedByName() {
    assertThat(NamespaceMode.parse("devdax")).isEqualTo(NamespaceMode.DEVDAX);
    assertThat(NamespaceMode.parse("fsdax")).isEqualTo(NamespaceMode.FSDAX);
    assertThat(NamespaceMode.parse(null)).isEqualTo(NamespaceMode.FSDAX);
    failure(Errno.EOPNOTSUPP, () -> NamespaceMode.parse("sector"));
    failure(Errno.EINVAL, () -> NamespaceMode.parse("floppy"));
    failure(Errno.EINVAL, () -> MapLocation.parse("disk"));
  }

  @Test
  void theNextKernelFindsTheNamespacesOnTheMedium() {
    UUID uuid = UUID.randomUUID();
    lab.bus.create(size(64 * MIB).withUuid(uuid));
    lab.bus.create(size(32 * MIB).withAlign(4096).withMap(MapLocation.MEM));
    lab.bus.create(size(2 * GIB).withRegion(1).withAlign(GIB));
    List<PhysRange> ranges = lab.bus.namespaces().stream().map(Namespace::range).toList();

    NvdimmBus next = lab.boot();

    assertThat(next.namespaces()).extracting(Namespace::range).isEqualTo(ranges);
    assertThat(next.namespace("namespace0.0").uuid()).isEqualTo(uuid);
    assertThat(next.namespace("namespace0.1").setup().map()).isEqualTo(MapLocation.MEM);
    assertThat(next.namespace("namespace1.0").setup().alignBytes()).isEqualTo(GIB);
    assertThat(next.namespaces()).allMatch(Namespace::isEnabled);
  }

  @Test
  void aDestroyedNamespaceIsGoneForTheNextKernelToo() {
    lab.bus.create(size(64 * MIB));
    lab.bus.create(size(64 * MIB));
    lab.bus.destroy("namespace0.0", true);

    assertThat(lab.boot().namespaces())
        .extracting(n -> n.range().start())
        .containsExactly(REGION0.start() + 64 * MIB);
  }

  @Test
  void aDamagedInfoBlockIsReportedAndLeftAlone() {
    lab.bus.create(size(64 * MIB));
    lab.bus.create(size(64 * MIB));
    long at = REGION0.start() + 4096 + 64;
    lab.memory.storeByte(at, (byte) (lab.memory.loadByte(at) ^ 1));
    byte[] before = new byte[4096];
    lab.memory.read(REGION0.start() + 4096, before, 0, 4096);

    NvdimmBus next = lab.boot();

    assertThat(next.namespaces())
        .extracting(n -> n.range().start())
        .containsExactly(REGION0.start() + 64 * MIB);
    assertThat(lab.log.entries())
        .anyMatch(entry -> entry.text().contains("info block at 0x70001000 ignored: checksum"));
    byte[] after = new byte[4096];
    lab.memory.read(REGION0.start() + 4096, after, 0, 4096);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void whatLooksLikeAnInfoBlockInsideANamespaceIsData() {
    lab.bus.create(size(64 * MIB));
    byte[] fake =
        new InfoBlock(
                NamespaceMode.DEVDAX,
                UUID.randomUUID(),
                PfnSetup.compute(REGION0.start() + 16 * MIB, 16 * MIB, 4096, MapLocation.MEM))
            .encode();
    lab.memory.write(REGION0.start() + 16 * MIB + 4096, fake, 0, fake.length);

    assertThat(lab.boot().namespaces()).hasSize(1);
  }

  @Test
  void reconfiguringKeepsNameAndSizeAndWhatWasNotAskedFor() {
    lab.bus.create(size(64 * MIB).withMap(MapLocation.MEM).withName("mine"));
    NamespaceRequest change = NamespaceRequest.DEFAULTS.withAlign(4096);

    failure(Errno.EBUSY, () -> lab.bus.reconfigure("namespace0.0", change, false));
    Namespace changed = lab.bus.reconfigure("namespace0.0", change, true);

    assertThat(changed.name()).isEqualTo("namespace0.0");
    assertThat(changed.range()).isEqualTo(PhysRange.ofLength(REGION0.start(), 64 * MIB));
    assertThat(changed.setup().alignBytes()).isEqualTo(4096);
    assertThat(changed.setup().map()).isEqualTo(MapLocation.MEM);
    assertThat(changed.altName()).isEqualTo("mine");
    assertThat(lab.driver.calls)
        .containsExactly("attach namespace0.0", "detach namespace0.0", "attach namespace0.0");
  }

  @Test
  void reconfiguringToAnotherSizeMovesTheNamespaceWhereThereIsRoom() {
    lab.bus.create(size(64 * MIB));
    lab.bus.create(size(64 * MIB));

    Namespace moved = lab.bus.reconfigure("namespace0.0", size(128 * MIB), true);

    assertThat(moved.range()).isEqualTo(PhysRange.ofLength(REGION0.start() + 128 * MIB, 128 * MIB));
    assertThat(lab.boot().namespaces()).hasSize(2);
    failure(Errno.ENOSPC, () -> lab.bus.reconfigure("namespace0.0", size(256 * MIB), true));
    assertThat(lab.bus.namespace("namespace0.0").state()).isEqualTo(State.ENABLED);
  }

  @Test
  void aReconfigurationThatFailsBringsTheOldNamespaceBack() {
    lab.bus.create(size(64 * MIB));
    UUID uuid = lab.bus.namespace("namespace0.0").uuid();
    lab.driver.refuseAlign4k = true;
    NamespaceRequest wish = size(128 * MIB).withAlign(4096);

    failure(Errno.ENOMEM, () -> lab.bus.reconfigure("namespace0.0", wish, true));

    Namespace back = lab.bus.namespace("namespace0.0");
    assertThat(back.state()).isEqualTo(State.ENABLED);
    assertThat(back.setup().alignBytes()).isEqualTo(2 * MIB);
    assertThat(back.uuid()).isEqualTo(uuid);
    assertThat(lab.boot().namespace("namespace0.0").uuid()).isEqualTo(uuid);
    assertThat(lab.bus.region(0).availableBytes()).isEqualTo(192 * MIB);
  }

  @Test
  void aCreationThatTheDriverRefusesLeavesNothingBehind() {
    lab.driver.refuseAlign4k = true;

    failure(Errno.ENOMEM, () -> lab.bus.create(size(64 * MIB).withAlign(4096)));

    assertThat(lab.bus.namespaces()).isEmpty();
    assertThat(lab.iomem()).hasSize(2);
    assertThat(lab.boot().namespaces()).isEmpty();
    assertThat(lab.bus.region(0).availableBytes()).isEqualTo(256 * MIB);
  }

  @Test
  void theSeedOfAnEmptyRegionCanBeReconfiguredByName() {
    Namespace made = lab.bus.reconfigure("namespace1.0", NamespaceRequest.DEFAULTS, true);

    assertThat(made.range()).isEqualTo(REGION1);
    failure(
        Errno.ENXIO, () -> lab.bus.reconfigure("namespace1.1", NamespaceRequest.DEFAULTS, true));
  }

  @Test
  void aUuidIsGivenOnlyOnce() {
    UUID uuid = UUID.randomUUID();
    lab.bus.create(size(64 * MIB).withUuid(uuid));

    failure(Errno.EINVAL, () -> lab.bus.create(size(64 * MIB).withUuid(uuid)));
  }

  @Test
  void whileADestroyWaitsOthersSeeItAndAreNotHeldUp() throws Exception {
    lab.bus.create(size(64 * MIB));
    lab.driver.detaching = new CountDownLatch(1);
    lab.driver.mayDetach = new CountDownLatch(1);
    Thread destroyer = new Thread(() -> lab.bus.destroy("namespace0.0", true));
    destroyer.start();
    lab.driver.detaching.await();

    Namespace dying = lab.bus.namespace("namespace0.0");
    assertThat(dying.state().text()).isEqualTo("being destroyed");
    assertThat(failure(Errno.EBUSY, () -> lab.bus.destroy("namespace0.0", true)))
        .hasMessageContaining("being destroyed");
    failure(Errno.EBUSY, () -> lab.bus.disable("namespace0.0"));
    assertThat(lab.bus.create(size(64 * MIB)).name()).isEqualTo("namespace0.1");

    lab.driver.mayDetach.countDown();
    destroyer.join();
    assertThat(lab.bus.namespaces()).extracting(Namespace::name).containsExactly("namespace0.1");
  }

  @Test
  void whileAReconfigurationWaitsNobodyTakesTheRoomThatItWillMoveTo() throws Exception {
    lab.bus.create(size(64 * MIB));
    lab.bus.create(size(64 * MIB));
    lab.driver.detaching = new CountDownLatch(1);
    lab.driver.mayDetach = new CountDownLatch(1);
    Thread mover = new Thread(() -> lab.bus.reconfigure("namespace0.0", size(128 * MIB), true));
    mover.start();
    lab.driver.detaching.await();

    assertThat(lab.bus.region(0).availableBytes()).isZero();
    failure(Errno.ENOSPC, () -> lab.bus.create(size(64 * MIB).withRegion(0)));

    lab.driver.mayDetach.countDown();
    mover.join();
    assertThat(lab.bus.region(0).availableBytes()).isEqualTo(64 * MIB);
    assertThat(lab.bus.create(size(64 * MIB).withRegion(0)).range().start())
        .isEqualTo(REGION0.start());
  }
}
