package dev.pgmap.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.nvdimm.NamespaceMode;
import dev.pgmap.core.nvdimm.NamespaceRequest;
import dev.pgmap.core.testing.Crew;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** fsdax from the jar to the pinned page of a file, in every era. */
class FsDaxEndToEndTest {
  private static final long MIB = 1L << 20;
  private static final int PAGE = 4096;

  static List<Era> eras() {
    return Era.all();
  }

  private static MmException refused(Errno errno, Runnable call) {
    MmException thrown = catchThrowableOfType(MmException.class, call::run);
    assertThat(thrown).isNotNull();
    assertThat(thrown.errno()).isEqualTo(errno);
    return thrown;
  }

  private static String text(FsFile file) {
    byte[] bytes = new byte[(int) file.sizeBytes()];
    file.read(0, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("eras")
  void aFileIsMappedStoredPinnedTruncatedAndGone(Era era) {
    try (FsLab lab = new FsLab(era, null)) {
      lab.format("dax");
      MountedFilesystem fs = lab.mount();
      long free = fs.space().freeBytes();
      Mm mm = lab.machine.newTask("writer").mm();
      FsFile file = fs.open("a", true);
      file.fallocate(0, 4 * MIB, false);
      long at = lab.map(mm, file);
      mm.store(at + 3 * MIB, (byte) 'x');
      long[] pfns = new long[16];
      int pinned = lab.machine.gup().pinUserPagesFast(mm, at, 16, FollFlag.WRITE, pfns, 0);

      assertThat(pinned).isEqualTo(16);
      assertThat(pfns[0] % 512).isZero();
      byte[] one = new byte[1];
      assertThat(file.read(3 * MIB, one, 0, 1)).isEqualTo(1);
      assertThat(one[0]).isEqualTo((byte) 'x');
      lab.machine.gup().unpinUserPages(pfns, 0, pinned);
      mm.munmap(at, 4 * MIB);
      file.truncate(0);
      file.close();
      fs.unlink("a");
      assertThat(fs.space().freeBytes()).isGreaterThanOrEqualTo(free - PAGE);
      lab.unmount();
      lab.assertIdle();
      lab.machine.nvdimm().destroy("namespace0.0", true);
      lab.host.rmmod("nd_pmem");
      assertThat(lab.machine.pagemaps().all()).isEmpty();
      assertThat(lab.machine.log().nrWarnings()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("eras")
  void aClonedFileIsCopiedByTheFirstStoreThroughAnOldMapping(Era era) {
    try (FsLab lab = new FsLab(era, null)) {
      lab.format("dax");
      MountedFilesystem fs = lab.mount();
      Mm mm = lab.machine.newTask("writer").mm();
      try (FsFile file = fs.open("a", true)) {
        file.fallocate(0, 64 * 1024, false);
        long at = lab.map(mm, file);
        mm.touch(at, 64 * 1024, (byte) 'a');
        fs.open("b", true).close();
        if (lab.machine.filesystems().allowsSharing()) {
          fs.cloneRange("a", 0, "b", 0, 0);
          mm.store(at, (byte) 'z');
          try (FsFile clone = fs.open("b", false)) {
            assertThat(text(clone).charAt(0)).isEqualTo('a');
          }
          assertThat(text(file).charAt(0)).isEqualTo('z');
        } else {
          refused(Errno.EOPNOTSUPP, () -> fs.cloneRange("a", 0, "b", 0, 0));
        }
        mm.munmap(at, 64 * 1024);
      }
      lab.unmount();
      assertThat(lab.type().check(lab.disk().bytes())).isEmpty();
      lab.assertIdle();
    }
  }

  @ParameterizedTest
  @MethodSource("eras")
  void unmountingWaitsForPinsWhereTheKernelDoes(Era era) throws InterruptedException {
    try (FsLab lab = new FsLab(era, null)) {
      lab.format("dax");
      MountedFilesystem fs = lab.mount();
      Mm mm = lab.machine.newTask("holder").mm();
      FsFile file = fs.open("a", true);
      file.fallocate(0, PAGE, false);
      long at = lab.map(mm, file);
      long[] pfns = new long[1];
      assertThat(lab.machine.gup().pinUserPagesFast(mm, at, 1, FollFlag.WRITE, pfns, 0)).isOne();
      refused(Errno.EBUSY, lab::unmount);
      file.close();
      refused(Errno.EBUSY, lab::unmount);
      mm.munmap(at, PAGE);

      Crew crew = new Crew().add(lab::unmount).start();
      if (waitsAtUnmount(era)) {
        assertThat(crew.endsWithin(200)).isFalse();
      } else {
        crew.join();
      }
      lab.machine.gup().unpinUserPages(pfns, 0, 1);
      crew.join();
      assertThat(lab.machine.filesystems().mounts()).isEmpty();
      lab.assertIdle();
    }
  }

  private static boolean waitsAtUnmount(Era era) {
    return Era.all().indexOf(era) >= Era.all().indexOf(Era.named("6.15"));
  }

  @ParameterizedTest
  @MethodSource("eras")
  void aDeviceThatIsUnboundTakesItsMappingsAndTheMountWithIt(Era era) {
    try (FsLab lab = new FsLab(era, null)) {
      lab.format("dax");
      MountedFilesystem fs = lab.mount();
      Mm mm = lab.machine.newTask("victim").mm();
      FsFile file = fs.open("a", true);
      file.fallocate(0, 2 * MIB, false);
      long at = lab.map(mm, file);
      mm.store(at, (byte) 1);

      refused(Errno.EBUSY, () -> lab.machine.nvdimm().disable("namespace0.0"));
      lab.machine.nvdimm().unbind("namespace0.0");

      refused(Errno.EIO, () -> fs.list(""));
      refused(Errno.EIO, () -> file.truncate(0));
      assertThat(lab.machine.pagemaps().all()).isEmpty();
      file.close();
      mm.munmap(at, 2 * MIB);
      lab.unmount();
      lab.machine.nvdimm().enable("namespace0.0");
      assertThat(lab.type().check(lab.disk().bytes())).isEmpty();
      assertThat(lab.mount().list("")).containsExactly("a");
      lab.unmount();
    }
  }

  @Test
  void aNamespaceGoesFromModeToModeAndLosesItsInfoBlock() {
    try (FsLab lab = new FsLab(Era.V7_2, null)) {
      NamespaceRequest request = NamespaceRequest.DEFAULTS;
      for (NamespaceMode mode :
          List.of(NamespaceMode.DEVDAX, NamespaceMode.FSDAX, NamespaceMode.RAW)) {
        lab.machine.nvdimm().reconfigure("namespace0.0", request.withMode(mode), true);
        assertThat(lab.machine.nvdimm().namespace("namespace0.0").mode()).isEqualTo(mode);
        assertThat(lab.machine.pmemBus().disks()).hasSize(mode == NamespaceMode.FSDAX ? 1 : 0);
      }
      lab.machine.nvdimm().destroy("namespace0.0", true);
      lab.machine.nvdimm().create(request.withMode(NamespaceMode.FSDAX).withLegacy());
      assertThat(lab.disk().dataRange().bytes()).isEqualTo(FsLab.PMEM_BYTES);
      lab.assertIdle();
    }
  }

  @Test
  void whatOneProcessWroteTheNextReads(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("pmem.img");
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.setLength(FsLab.PMEM_BYTES);
    }
    try (FsLab lab = new FsLab(Era.V6_1, file)) {
      lab.format("dax");
      MountedFilesystem fs = lab.mount();
      byte[] bytes = "from before".getBytes(StandardCharsets.UTF_8);
      try (FsFile written = fs.open("a", true)) {
        written.write(0, bytes, 0, bytes.length);
      }
    }
    try (FsLab lab = new FsLab(Era.V7_2, file)) {
      assertThat(lab.machine.nvdimm().namespace("namespace0.0").mode())
          .isEqualTo(NamespaceMode.FSDAX);
      try (FsFile read = lab.mount().open("a", false)) {
        assertThat(text(read)).isEqualTo("from before");
      }
      lab.unmount();
    }
  }

  @Test
  void aModuleInUseStaysAndNamesTheMount() {
    try (FsLab lab = new FsLab(Era.V7_2, null)) {
      lab.format("dax");
      lab.mount();
      assertThat(refused(Errno.EBUSY, () -> lab.host.rmmod("nd_pmem")))
          .hasMessageContaining("/mnt");
      refused(Errno.EBUSY, () -> lab.machine.filesystems().mount(null, lab.disk(), "/other"));
      lab.unmount();
      refused(Errno.EBUSY, () -> lab.host.rmmod("nd_pmem"));
      lab.machine.nvdimm().disable("namespace0.0");
      lab.host.rmmod("nd_pmem");
      refused(Errno.ENODEV, lab::type);
      lab.machine.nvdimm().enable("namespace0.0");
      refused(Errno.ENOENT, lab::disk);
      lab.host.insmod("fsdax");
      assertThat(lab.disk().isAlive()).isTrue();
    }
  }
}
