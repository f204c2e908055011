package dev.pgmap.host;

import dev.pgmap.api.fs.BlockBytes;
import dev.pgmap.api.fs.DaxFilesystemType;
import dev.pgmap.api.fs.FormatOptions;
import dev.pgmap.api.fs.FsHost;
import dev.pgmap.api.fs.MountedFilesystem;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A plugin's file system type as the engine gets to see it. */
record GuardedFsType(String name, Set<String> flavours, DaxFilesystemType type, PluginGuard guard)
    implements DaxFilesystemType {

  /** Asks a type for its names. */
  static GuardedFsType of(DaxFilesystemType type, PluginGuard guard) {
    String name = Objects.requireNonNullElse(guard.get("type name", type::name), "");
    return new GuardedFsType(name, Set.copyOf(guard.get("flavours", type::flavours)), type, guard);
  }

  @Override
  public List<String> format(BlockBytes device, FormatOptions options) {
    return List.copyOf(guard.get("format", () -> type.format(device, options)));
  }

  @Override
  public MountedFilesystem mount(BlockBytes device, FsHost host) {
    MountedFilesystem mounted =
        guard.get("mount", () -> type.mount(device, new GuardedFsHost(host, guard)));
    return GuardProxy.of(MountedFilesystem.class, mounted, guard);
  }

  @Override
  public List<String> check(BlockBytes device) {
    return List.copyOf(guard.get("check", () -> type.check(device)));
  }
}
