package dev.pgmap.shell.files;

import java.io.Reader;
import java.io.StringReader;
import java.util.List;

/**
 * The files below one directory of the machine, such as {@code /proc}: what a file system is to the
 * place where it is mounted.
 *
 * <p>Paths are relative to that place, without a slash at either end; the empty path is the place
 * itself, and always a directory. {@link VirtualFiles} asks only for paths that {@link
 * #isDirectory} and {@link #list} have shown to exist. Implementations are thread-safe, and show
 * what is there at each call.
 */
public interface VirtualTree {
  /** Whether the path is a directory. */
  boolean isDirectory(String path);

  /** The names in a directory, sorted. */
  List<String> list(String path);

  /** Whether a file that is written but not there is made. */
  default boolean creates() {
    return false;
  }

  /** Whether a file can be written. */
  boolean isWritable(String path);

  /**
   * The text of a file, with its line ends.
   *
   * @throws dev.pgmap.api.MmException EINVAL for a file that cannot be read
   */
  String read(String path);

  /**
   * The text of a file as it comes: most files have theirs at once, one may wait for it.
   *
   * @param whileWaiting called again and again while the reader waits; what it throws ends that
   * @throws dev.pgmap.api.MmException as {@link #read}
   */
  default Reader open(String path, Runnable whileWaiting) {
    return new StringReader(read(path));
  }

  /**
   * Writes to a file for which {@link #isWritable} holds.
   *
   * @param text what was written, with its line ends
   * @param append whether it was opened to append, as {@code >>} does; control files that hold one
   *     value make no difference
   * @throws dev.pgmap.api.MmException what the write fails with
   */
  void write(String path, String text, boolean append);
}
