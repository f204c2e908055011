package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.plugins.fsdax.fs.Steps.State;
import java.util.TreeMap;

/** Reads everything that a file system holds. */
final class Contained {
  private Contained() {}

  static State of(MountedFilesystem fs) {
    TreeMap<String, byte[]> files = new TreeMap<>();
    read(fs, "", files);
    return new State(files);
  }

  private static void read(MountedFilesystem fs, String directory, TreeMap<String, byte[]> files) {
    for (String name : fs.list(directory)) {
      String path = directory.isEmpty() ? name : directory + "/" + name;
      if (fs.stat(path).isDirectory()) {
        files.put(path, null);
        read(fs, path, files);
      } else {
        try (FsFile file = fs.open(path, false)) {
          byte[] bytes = new byte[(int) file.sizeBytes()];
          int n = file.read(0, bytes, 0, bytes.length);
          if (n != bytes.length) {
            throw new AssertionError(path + ": read " + n + " of " + bytes.length);
          }
          files.put(path, bytes);
        }
      }
    }
  }
}
