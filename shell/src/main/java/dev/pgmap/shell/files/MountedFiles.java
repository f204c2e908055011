package dev.pgmap.shell.files;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.core.fs.Mount;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The files of a mounted file system, as texts. */
final class MountedFiles implements VirtualTree {
  private static final int MAX_BYTES = 64 << 20;

  private final Mount mount;

  MountedFiles(Mount mount) {
    this.mount = mount;
  }

  @Override
  public boolean isDirectory(String path) {
    try {
      return mount.filesystem().stat(path).isDirectory();
    } catch (MmException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public List<String> list(String path) {
    return mount.filesystem().list(path);
  }

  @Override
  public boolean isWritable(String path) {
    return !isDirectory(path);
  }

  @Override
  public boolean creates() {
    return true;
  }

  @Override
  public String read(String path) {
    try (FsFile file = mount.filesystem().open(path, false)) {
      if (file.sizeBytes() > MAX_BYTES) {
        throw new MmException(
            Errno.EFBIG,
            mount.path() + "/" + path,
            file.sizeBytes() + " bytes",
            "a text of up to " + MAX_BYTES,
            "map it instead");
      }
      byte[] bytes = new byte[(int) file.sizeBytes()];
      int n = file.read(0, bytes, 0, bytes.length);
      return new String(bytes, 0, n, StandardCharsets.UTF_8);
    }
  }

  @Override
  public void write(String path, String text, boolean append) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (FsFile file = mount.filesystem().open(path, true)) {
      if (!append) {
        file.truncate(0);
      }
      file.write(append ? file.sizeBytes() : 0, bytes, 0, bytes.length);
    }
  }
}
