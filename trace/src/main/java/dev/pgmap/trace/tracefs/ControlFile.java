package dev.pgmap.trace.tracefs;

import dev.pgmap.api.Errno;
import java.io.Reader;
import java.io.StringReader;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A file: what reading and writing it does. */
non-sealed interface ControlFile extends Node {
  /**
   * The text, with its line ends.
   *
   * @throws FileProblem if it can only be written
   */
  String read();

  /**
   * The text as it comes; a file may wait for it.
   *
   * @param whileWaiting called again and again meanwhile; what it throws ends the wait
   * @throws FileProblem as {@link #read}
   */
  default Reader open(Runnable whileWaiting) {
    return new StringReader(read());
  }

  /** Whether it can be written. */
  boolean isWritable();

  /**
   * Writes.
   *
   * @param text without the line end of its last line
   * @param append whether the file was opened to append; else it was emptied before
   * @throws FileProblem if the text is refused
   */
  void write(String text, boolean append);

  /** A file that is only read. */
  static ControlFile readOnly(Supplier<String> text) {
    return new Plain(
        text,
        unused -> {
          throw new FileProblem(Errno.EPERM, "a write", "a read: the file cannot be written", "");
        },
        false,
        () -> {});
  }

  /** A file that is only written. */
  static ControlFile writeOnly(Consumer<String> put) {
    return readWrite(
        () -> {
          throw new FileProblem(Errno.EINVAL, "a read", "a write: the file cannot be read", "");
        },
        put);
  }

  /** A file whose value is replaced by a write, appended or not. */
  static ControlFile readWrite(Supplier<String> text, Consumer<String> put) {
    return new Plain(text, put, true, () -> {});
  }

  /**
   * A file that holds a list, to which a write adds.
   *
   * @param empty what opening it without append does before the write
   */
  static ControlFile list(Supplier<String> text, Runnable empty, Consumer<String> put) {
    return new Plain(text, put, true, empty);
  }

  /** A switch, shown as 0 or 1. */
  static ControlFile onOff(Supplier<Boolean> now, Consumer<Boolean> turn) {
    return readWrite(() -> now.get() ? "1\n" : "0\n", text -> turn.accept(FileProblem.onOff(text)));
  }

  /** A file made of functions. */
  record Plain(Supplier<String> text, Consumer<String> put, boolean isWritable, Runnable empty)
      implements ControlFile {
    @Override
    public String read() {
      return text.get();
    }

    @Override
    public void write(String written, boolean append) {
      if (!append) {
        empty.run();
      }
      put.accept(written);
    }
  }
}
