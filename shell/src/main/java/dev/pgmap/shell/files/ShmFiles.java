package dev.pgmap.shell.files;

import dev.pgmap.core.mm.RamFile;
import dev.pgmap.core.mm.TmpFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /dev/shm}: files of RAM. */
final class ShmFiles implements VirtualTree {
  static final String ROOT = "/dev/shm";

  private final TmpFiles files;

  ShmFiles(TmpFiles files) {
    this.files = files;
  }

  @Override
  public boolean isDirectory(String path) {
    return path.isEmpty();
  }

  @Override
  public List<String> list(String path) {
    return files.paths().stream().map(p -> p.substring(TmpFiles.DIRECTORY.length())).toList();
  }

  @Override
  public boolean creates() {
    return true;
  }

  @Override
  public boolean isWritable(String path) {
    return true;
  }

  @Override
  public String read(String path) {
    RamFile file = files.open(TmpFiles.DIRECTORY + path, false);
    byte[] bytes = new byte[Math.toIntExact(file.bytes())];
    file.read(0, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void write(String path, String text, boolean append) {
    RamFile file = files.open(TmpFiles.DIRECTORY + path, true);
    if (!append) {
      file.truncate(0);
    }
    file.write(file.bytes(), text.getBytes(StandardCharsets.UTF_8));
  }
}
