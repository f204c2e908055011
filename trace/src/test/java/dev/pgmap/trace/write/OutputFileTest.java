package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.TraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  @TempDir Path folder;

  @Test
  void onlyACommittedFileTakesTheName() throws IOException {
    Path target = folder.resolve("out");
    Files.writeString(target, "old");
    try (OutputFile out = OutputFile.create(target)) {
      out.putString("new");
      assertThat(target).hasContent("old");
      out.commit();
    }

    assertThat(Files.readAllBytes(target)).containsExactly('n', 'e', 'w', 0);
    assertThat(folder).isDirectoryContaining(target::equals);
    assertThat(Files.list(folder)).hasSize(1);
  }

  @Test
  void whatIsNotCommittedIsGone() throws IOException {
    Path target = folder.resolve("out");
    try (OutputFile out = OutputFile.create(target)) {
      out.putLong(1);
    }

    assertThat(Files.list(folder)).isEmpty();
  }

  @Test
  void numbersAreLittleEndianAndCanBeReplaced() throws IOException {
    Path target = folder.resolve("out");
    try (OutputFile out = OutputFile.create(target)) {
      out.putInt(0x04030201);
      out.putLong(-1);
      out.putBytes(new byte[100_000]);
      out.patchLong(4, 0x0b0a_0908_0706_0505L);
      out.padTo(4096);
      out.commit();
    }

    byte[] bytes = Files.readAllBytes(target);
    assertThat(bytes).startsWith(1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11, 0).hasSize(102_400);
  }

  @Test
  void aFullDiskIsOneErrorAndLeavesWhatWasThere() throws IOException {
    Path target = folder.resolve("out");
    Files.writeString(target, "old");

    assertThatThrownBy(
            () -> {
              try (OutputFile out = OutputFile.create(target, FullDisk::new)) {
                out.putBytes(new byte[1_000_000]);
                out.commit();
              }
            })
        .isInstanceOf(TraceException.class)
        .hasMessageStartingWith(target.toString())
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("make room or write elsewhere");
    assertThat(target).hasContent("old");
    assertThat(Files.list(folder)).hasSize(1);
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path target = folder.resolve("no/such/folder/out");

    assertThatThrownBy(() -> OutputFile.create(target))
        .isInstanceOf(TraceException.class)
        .hasMessageStartingWith(target + ": cannot be written (");
    assertThatThrownBy(() -> OutputFile.create(folder))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("is a directory");
  }

  /** A file on a disk with room for 100,000 bytes. */
  private static final class FullDisk implements SeekableByteChannel {
    private final SeekableByteChannel file;

    FullDisk(Path path) throws IOException {
      file = Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      if (file.position() + from.remaining() > 100_000) {
        throw new IOException("No space left on device");
      }
      return file.write(from);
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      return file.read(to);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public SeekableByteChannel position(long next) throws IOException {
      file.position(next);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      file.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
