package dev.pgmap.trace.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.v3.zstd.ZstdDecompressor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class CompressionTest {
  private static final long SEED = 20261121;

  @Test
  void zlibInflatesAgainWhetherItShrinksOrNot() throws DataFormatException {
    for (byte[] bytes : samples()) {
      byte[] compressed = Compression.ZLIB.compress(bytes, bytes.length);
      byte[] back = new byte[bytes.length + 1];
      try (Inflater inflater = new Inflater()) {
        inflater.setInput(compressed);
        int size = 0;
        while (!inflater.finished()) {
          size += inflater.inflate(back, size, back.length - size);
        }
        assertThat(Arrays.copyOf(back, size)).as("seed %d", SEED).isEqualTo(bytes);
      }
    }
  }

  @Test
  void zstdDecompressesAgain() {
    for (byte[] bytes : samples()) {
      byte[] compressed = Compression.ZSTD.compress(bytes, bytes.length);
      byte[] back = new byte[bytes.length];
      ZstdDecompressor.create().decompress(compressed, 0, compressed.length, back, 0, back.length);
      assertThat(back).as("seed %d", SEED).isEqualTo(bytes);
    }
  }

  @Test
  void onlyTheStatedLengthIsCompressed() {
    byte[] bytes = "page_ref".getBytes(StandardCharsets.US_ASCII);

    assertThat(Compression.NONE.compress(bytes, 4)).containsExactly('p', 'a', 'g', 'e');
    assertThat(Compression.ZLIB.compress(bytes, 4))
        .isEqualTo(Compression.ZLIB.compress(Arrays.copyOf(bytes, 4), 4));
  }

  private static byte[][] samples() {
    byte[] noise = new byte[1 << 18];
    new Random(SEED).nextBytes(noise);
    return new byte[][] {new byte[0], {1}, new byte[1 << 18], noise};
  }
}
