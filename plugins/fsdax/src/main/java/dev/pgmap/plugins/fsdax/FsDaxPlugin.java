package dev.pgmap.plugins.fsdax;

import dev.pgmap.api.DeviceMemoryPlugin;
import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.PmemDriver;
import dev.pgmap.plugins.fsdax.fs.DaxFs;
import java.util.List;
import java.util.Optional;

/** The module {@code nd_pmem}: {@code drivers/nvdimm/pmem.c}, with a DAX file system. */
public final class FsDaxPlugin implements DeviceMemoryPlugin {
  static final String NAME = "nd_pmem";

  /** Called by the host. */
  public FsDaxPlugin() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<PmemDriver> pmemDriver() {
    return Optional.of(new FsDaxDriver());
  }

  @Override
  public List<DaxFilesystemType> filesystemTypes() {
    return List.of(new DaxFs());
  }
}
