package dev.pgmap.trace.read.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.TraceException;
import dev.pgmap.trace.read.Recordings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackerTest {
  @TempDir private Path directory;

  private MappedFile open(byte[] packed) {
    try {
      return Unpacker.open(Files.write(directory.resolve("packed"), packed), packed);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    }
    return out.toByteArray();
  }

  @Test
  void aPackedFileHoldsWhatWasPacked() throws IOException {
    byte[] data = new byte[300_000];
    new Random(1).nextBytes(data);

    try (MappedFile file = open(gzip(data))) {
      assertThat(file.memory().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(data);
    }
  }

  @Test
  void aGzipThatIsCutShortIsToldWithItsEnd() throws IOException {
    byte[] packed = gzip(new byte[10_000]);
    byte[] cut = Arrays.copyOf(packed, packed.length - 12);

    assertThatThrownBy(() -> open(cut))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("packed at offset %d (".formatted(cut.length))
        .hasMessageContaining("cannot be unpacked");
  }

  @Test
  void aGzipOfAHeadAloneIsToldWithItsEnd() {
    byte[] head = {0x1f, (byte) 0x8b, 8, 0};

    assertThatThrownBy(() -> open(head))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("at offset 4 (0x4)")
        .hasMessageContaining("cut short");
  }

  @Test
  void aDamagedZstdIsToldWithThePlaceOfItsBlock() throws IOException {
    byte[] packed = Files.readAllBytes(Recordings.path("7.2-pinfast-v7.dat.zst"));
    packed[packed.length - 1] ^= 1;

    assertThatThrownBy(() -> open(packed))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("at offset %d (".formatted(packed.length))
        .hasMessageContaining("a frame with a wrong checksum");
  }

  @Test
  void whatGrowsWithoutBoundIsRefused() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      byte[] zeroes = new byte[1 << 20];
      for (int i = 0; i < 300; i++) {
        gzip.write(zeroes);
      }
    }

    assertThatThrownBy(() -> open(bomb.toByteArray()))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("more than");
  }
}
