package dev.pgmap.trace.read.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.read.Recordings;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdStreamTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 100, 1_000, 40_960, 131_072, 131_073, 1_000_000, 5_000_000})
  void whatAnotherCodecPacksIsUnpacked(int bytes) throws IOException {
    long seed = System.nanoTime();
    for (int kind = 0; kind < 4; kind++) {
      byte[] data = data(new Random(seed), bytes, kind);

      byte[] unpacked = unpack(pack(data));

      assertThat(Arrays.equals(unpacked, data)).as("seed %d kind %d", seed, kind).isTrue();
    }
  }

  /** Small blocks use the codes that the format states; large ones bring their own. */
  @Test
  void smallBlocksOfAllSizesAreUnpacked() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      byte[] data = data(random, 20 + random.nextInt(2_000), 1 + random.nextInt(3));

      assertThat(Arrays.equals(unpack(pack(data)), data))
          .as("seed %d round %d", seed, round)
          .isTrue();
    }
  }

  @Test
  void theToolsOwnFramesOfHighLevelAndWithChecksumsAreUnpacked() throws IOException {
    byte[] packed = Files.readAllBytes(Recordings.path("7.2-pinfast-v7.dat.zst"));

    byte[] unpacked = unpack(packed);

    assertThat(unpacked).hasSize(1_753_290);
    packed[packed.length - 1] ^= 1;
    assertThatThrownBy(() -> unpack(packed)).hasMessage("a frame with a wrong checksum");
  }

  @Test
  void anotherStreamBeginsAnewWhateverBecameOfTheOneBefore() throws IOException {
    byte[] first = data(new Random(3), 200_000, 1);
    byte[] second = data(new Random(4), 100_000, 2);
    byte[] packed = pack(first);
    byte[] cut = Arrays.copyOf(packed, packed.length / 2);
    ZstdStream stream = new ZstdStream(new ByteArrayInputStream(cut));
    assertThatThrownBy(stream::readAllBytes).isInstanceOf(IOException.class);

    stream.restart(new ByteArrayInputStream(pack(second)));

    assertThat(Arrays.equals(stream.readAllBytes(), second)).isTrue();
    stream.restart(new ByteArrayInputStream(packed));
    assertThat(stream.readNBytes(1_000)).isEqualTo(Arrays.copyOf(first, 1_000));
    stream.restart(new ByteArrayInputStream(pack(second)));
    assertThat(Arrays.equals(stream.readAllBytes(), second)).isTrue();
  }

  @Test
  void framesFollowEachOtherAndSomeAreSkipped() throws IOException {
    byte[] first = data(new Random(1), 5_000, 1);
    byte[] second = data(new Random(2), 300_000, 2);
    byte[] skipped = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};

    ZstdStream stream =
        new ZstdStream(
            new SequenceInputStream(
                new SequenceInputStream(
                    new ByteArrayInputStream(pack(first)), new ByteArrayInputStream(skipped)),
                new ByteArrayInputStream(pack(second))));

    assertThat(stream.readNBytes(5_000)).isEqualTo(first);
    assertThat(stream.readAllBytes()).isEqualTo(second);
  }

  @Test
  void aFrameThatIsCutAnywhereIsDamaged() {
    byte[] packed = pack(data(new Random(3), 3_000, 2));
    for (int length = 1; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);

      assertThatThrownBy(() -> unpack(cut)).as("%d bytes", length).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aHugeWindowAndADictionaryAreRefused() {
    byte[] window = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0xff, 1, 0, 0};
    byte[] content = {
      0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x10, 1, 0, 0
    };
    byte[] dictionary = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0x21, 7, 0, 1, 0, 0};

    assertThatThrownBy(() -> unpack(window)).hasMessageContaining("a window of more than");
    assertThatThrownBy(() -> unpack(content)).hasMessageContaining("a window of more than");
    assertThatThrownBy(() -> unpack(dictionary)).hasMessageContaining("needs a dictionary");
  }

  @Test
  void whateverTheBytesAreNothingButAnIoExceptionIsThrown() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[][] packed = {
      pack(data(random, 20_000, 1)), pack(data(random, 20_000, 2)), pack(data(random, 9_000, 3))
    };
    for (int round = 0; round < 20_000; round++) {
      byte[] mutated = packed[random.nextInt(packed.length)].clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
      }
      try {
        unpack(mutated);
      } catch (IOException expected) {
        assertThat(expected).isInstanceOf(IOException.class);
      } catch (RuntimeException e) {
        throw new AssertionError("seed %d round %d".formatted(seed, round), e);
      }
    }
  }

  /** Noise, words, long repeats, and numbers that count up. */
  private static byte[] data(Random random, int bytes, int kind) {
    byte[] data = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      data[i] =
          switch (kind) {
            case 0 -> (byte) random.nextInt();
            case 1 ->
                (byte) "etaoin shrdlu cmfwyp".charAt(random.nextInt(20) / (1 + random.nextInt(3)));
            case 2 -> i >= 700 && random.nextInt(50) != 0 ? data[i - 700] : (byte) random.nextInt();
            default -> (byte) (i % 48 == 8 ? i / 48 : i % 48);
          };
    }
    return data;
  }

  private static byte[] pack(byte[] data) {
    ZstdJavaCompressor compressor = new ZstdJavaCompressor();
    byte[] packed = new byte[compressor.maxCompressedLength(data.length)];
    int bytes = compressor.compress(data, 0, data.length, packed, 0, packed.length);
    return Arrays.copyOf(packed, bytes);
  }

  private static byte[] unpack(byte[] packed) throws IOException {
    try (ZstdStream stream = new ZstdStream(new ByteArrayInputStream(packed))) {
      return stream.readAllBytes();
    }
  }
}
