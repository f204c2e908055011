package dev.pgmap.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.FormatOptions;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.fs.Files;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.Invariants;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.core.machine.MachineSpec.Pmem;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.nvdimm.NamespaceMode;
import dev.pgmap.core.nvdimm.NamespaceRequest;
import dev.pgmap.core.pmem.PmemDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A machine with the plugins of the build and a namespace in fsdax mode at {@code /dev/pmem0}. */
final class FsLab implements AutoCloseable {
  static final long MIB = 1L << 20;
  static final long PMEM_BYTES = 64 * MIB;
  static final String DISK = "/dev/pmem0";

  private static final Path PLUGINS = Objects.requireNonNull(TestPlugin.devdax().getParent());

  final Machine machine;
  final PluginHost host;

  /** Boots; with a file the namespace is what that holds, if it holds one. */
  FsLab(Era era, @Nullable Path file) {
    PhysRange range = PhysRange.ofLength(4L << 30, PMEM_BYTES);
    machine =
        Machine.boot(
            new MachineSpec(
                2,
                MachineSpec.ramOf(256 * MIB),
                List.of(new Pmem(range, file)),
                List.of(),
                4,
                era));
    host = PluginHost.of(machine, PLUGINS);
    assertThat(host.loadAll()).isEmpty();
    if (machine.nvdimm().namespaces().isEmpty()) {
      machine
          .nvdimm()
          .create(NamespaceRequest.DEFAULTS.withRegion(0).withMode(NamespaceMode.FSDAX));
    }
  }

  PmemDisk disk() {
    return machine.pmemBus().open(DISK);
  }

  DaxFilesystemType type() {
    return machine.filesystems().type(null);
  }

  void format(String flavour) {
    boolean full = !flavour.equals("ext4");
    type().format(disk().bytes(), new FormatOptions(flavour, "", UUID.randomUUID(), full, full));
  }

  MountedFilesystem mount() {
    return machine.filesystems().mount(null, disk(), "/mnt").filesystem();
  }

  void unmount() {
    machine.filesystems().unmount("/mnt");
  }

  /** Maps all of a file for writing; the file is closed again. */
  long map(Mm mm, FsFile file) {
    return mm.mmap(Files.spaceOf(file), file.sizeBytes(), 0, true, true);
  }

  void assertIdle() {
    assertThat(Invariants.checkIdle(machine)).isEmpty();
  }

  @Override
  public void close() {
    host.close();
    machine.close();
  }
}
