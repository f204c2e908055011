package dev.pgmap.trace.write;

import dev.pgmap.trace.event.TraceException;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file in the making: a sibling of the target, which takes the target's name when it is complete
 * and is gone otherwise. Numbers are little endian.
 *
 * <p>For one thread. Whatever goes wrong is one {@link TraceException} that names the target.
 */
final class OutputFile implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path target;
  private final Path sibling;
  private final SeekableByteChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long flushed;
  private boolean committed;

  /** How the sibling is opened; tests have one that is soon full. */
  @FunctionalInterface
  interface Opener {
    SeekableByteChannel open(Path path) throws IOException;
  }

  private OutputFile(Path target, Path sibling, SeekableByteChannel channel) {
    this.target = target;
    this.sibling = sibling;
    this.channel = channel;
  }

  /**
   * Begins a file.
   *
   * @throws TraceException if it cannot be made there
   */
  static OutputFile create(Path target) {
    return create(
        target,
        path ->
            Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  static OutputFile create(Path target, Opener opener) {
    if (Files.isDirectory(target)) {
      throw new TraceException(target.toString(), "is a directory", "a file", "name a file");
    }
    Path sibling = sibling(target, "part");
    try {
      return new OutputFile(target, sibling, opener.open(sibling));
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  /** A name beside a file that nobody else uses. */
  static Path sibling(Path target, String what) {
    String unique = UUID.randomUUID().toString().substring(0, 8);
    return target.resolveSibling(".%s.%s.%s".formatted(target.getFileName(), unique, what));
  }

  static TraceException failed(Path target, IOException cause) {
    String reason = cause.getMessage();
    TraceException failure =
        new TraceException(
            target.toString(),
            "cannot be written (%s)"
                .formatted(reason == null ? cause.getClass().getSimpleName() : reason),
            "a folder that can be written and has room for the whole file",
            "make room or write elsewhere; nothing was left behind");
    failure.initCause(cause);
    return failure;
  }

  /** Bytes written so far. */
  long position() {
    return flushed + buffer.position();
  }

  void putByte(int value) {
    room(Byte.BYTES).put((byte) value);
  }

  void putShort(int value) {
    room(Short.BYTES).putShort((short) value);
  }

  void putInt(int value) {
    room(Integer.BYTES).putInt(value);
  }

  void putLong(long value) {
    room(Long.BYTES).putLong(value);
  }

  void putBytes(byte[] bytes) {
    putBytes(bytes, 0, bytes.length);
  }

  void putBytes(byte[] bytes, int offset, int length) {
    for (int done = 0; done < length; ) {
      int now = Math.min(length - done, room(1).remaining());
      buffer.put(bytes, offset + done, now);
      done += now;
    }
  }

  /** A text and a NUL. */
  void putString(String text) {
    putBytes(text.getBytes(StandardCharsets.UTF_8));
    putByte(0);
  }

  /** Zeroes up to a multiple. */
  void padTo(long multiple) {
    while (position() % multiple != 0) {
      putByte(0);
    }
  }

  /** Replaces a long that was written before. */
  void patchLong(long at, long value) {
    patch(at, new Bytes().putLong(value).toArray());
  }

  /** Replaces bytes that were written before. */
  void patch(long at, byte[] bytes) {
    flush();
    try {
      channel.position(at);
      writeAll(ByteBuffer.wrap(bytes));
      channel.position(flushed);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  /** The same file as a stream; closing the stream does nothing. */
  OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int value) {
        putByte(value);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        putBytes(bytes, offset, length);
      }
    };
  }

  /** Gives the file its name. */
  void commit() {
    flush();
    try {
      channel.close();
      Files.move(
          sibling, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      committed = true;
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  /** Removes what there is, unless it was committed. */
  @Override
  public void close() {
    if (committed) {
      return;
    }
    try (SeekableByteChannel closed = channel) {
      Files.deleteIfExists(sibling);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void flush() {
    buffer.flip();
    int bytes = buffer.remaining();
    try {
      writeAll(buffer);
    } catch (IOException e) {
      throw failed(target, e);
    } finally {
      buffer.clear();
    }
    flushed += bytes;
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
