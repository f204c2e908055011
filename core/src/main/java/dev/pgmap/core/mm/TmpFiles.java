package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.sync.Mutex;
import java.util.List;
import java.util.TreeMap;

/** The files of a tmpfs by name, such as those of {@code /dev/shm}. Thread-safe. */
public final class TmpFiles {
  /** Where the tmpfs of a machine is mounted. */
  public static final String DIRECTORY = "/dev/shm/";

  private final MmContext context;
  private final Mutex lock = new Mutex();
  private final TreeMap<String, RamFile> byPath = new TreeMap<>();

  /** An empty tmpfs. */
  public TmpFiles(MmContext context) {
    this.context = context;
  }

  /** Whether a path names something in it. */
  public static boolean holds(String path) {
    return path.startsWith(DIRECTORY);
  }

  /**
   * The file of a path.
   *
   * @param create whether an empty one is made if it is not there
   * @throws MmException ENOENT
   */
  public RamFile open(String path, boolean create) {
    lock.lock();
    try {
      RamFile file = byPath.get(path);
      if (file == null && create) {
        file = RamFile.create(context, path, 0);
        byPath.put(path, file);
      }
      return file == null ? missing(path) : file;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the name away; the file goes when nobody maps it any more.
   *
   * @throws MmException ENOENT
   */
  public void unlink(String path) {
    lock.lock();
    RamFile file;
    try {
      file = byPath.remove(path);
    } finally {
      lock.unlock();
    }
    if (file == null) {
      missing(path);
    } else {
      file.release();
    }
  }

  private static RamFile missing(String path) {
    throw new MmException(Errno.ENOENT, path, "no such file", "one that was made", "create it");
  }

  /** The paths of all files. */
  public List<String> paths() {
    lock.lock();
    try {
      return List.copyOf(byPath.keySet());
    } finally {
      lock.unlock();
    }
  }
}
