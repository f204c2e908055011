package dev.pgmap.host;

import dev.pgmap.api.fs.DaxMapping;
import dev.pgmap.api.fs.FsHost;
import dev.pgmap.api.fs.FsLock;
import dev.pgmap.api.fs.HolderOps;
import dev.pgmap.api.fs.IomapOps;

/** The engine as a plugin's file system gets to see it: what it hands over is guarded. */
record GuardedFsHost(FsHost host, PluginGuard guard) implements FsHost {
  @Override
  public DaxMapping newMapping(String name, long ino, IomapOps iomap) {
    return host.newMapping(name, ino, GuardProxy.of(IomapOps.class, iomap, guard));
  }

  @Override
  public FsLock newLock() {
    return host.newLock();
  }

  @Override
  public void setHolder(HolderOps holder) {
    host.setHolder(GuardProxy.of(HolderOps.class, holder, guard));
  }

  @Override
  public boolean supportsSharedBlocks() {
    return host.supportsSharedBlocks();
  }

  @Override
  public void log(String line) {
    host.log(line);
  }
}
