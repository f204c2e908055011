package dev.pgmap.trace.read.input;

import dev.pgmap.trace.event.TraceException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A whole file as read-only memory. Any thread may read until it is closed.
 *
 * <p>The file must not be cut shorter while it is open: reading what is gone is an error of the
 * JVM's own.
 */
public final class MappedFile implements AutoCloseable {
  private final String name;
  private final Arena arena;
  private final MemorySegment memory;

  private MappedFile(String name, Arena arena, MemorySegment memory) {
    this.name = name;
    this.arena = arena;
    this.memory = memory;
  }

  /**
   * Maps a file.
   *
   * @throws TraceException if there is none, or it cannot be read
   */
  public static MappedFile open(Path path) {
    return open(path, path.toString());
  }

  static MappedFile open(Path path, String name) {
    if (!Files.isRegularFile(path)) {
      String found = Files.exists(path) ? "no regular file" : "no such file";
      throw new TraceException(name, found, "a recording", "");
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return new MappedFile(name, arena, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException e) {
      arena.close();
      throw new TraceException(name, "it cannot be read: " + e, "a file that can", "");
    }
  }

  /** What messages call it. */
  public String name() {
    return name;
  }

  /** The bytes. */
  public MemorySegment memory() {
    return memory;
  }

  /** The first bytes, at most so many. */
  public byte[] head(int mostBytes) {
    long bytes = Math.min(mostBytes, memory.byteSize());
    return memory.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
