package dev.pgmap.core.nvdimm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.pgtable.Geometry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InfoBlockTest {
  private static final long START = 0x7000_0000L;
  private static final long BYTES = 64L << 20;
  private static final UUID ID = UUID.fromString("3d4e4ecf-b0fa-42ac-901f-6df7db7b2494");

  private static InfoBlock block() {
    return new InfoBlock(
        NamespaceMode.DEVDAX, ID, PfnSetup.compute(START, BYTES, 2L << 20, MapLocation.DEV));
  }

  @Test
  void theFieldsLieWhereTheKernelLooksForThem() {
    byte[] bytes = block().encode();
    ByteBuffer at = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(bytes).hasSize(4096);
    assertThat(new String(bytes, 0, 16, StandardCharsets.US_ASCII)).isEqualTo("NVDIMM_DAX_INFO\0");
    assertThat(at.get(16)).isEqualTo((byte) 0x3d);
    assertThat(at.get(31)).isEqualTo((byte) 0x94);
    assertThat(at.getShort(52)).isEqualTo((short) 1);
    assertThat(at.getShort(54)).isEqualTo((short) 4);
    assertThat(at.getLong(56)).isEqualTo(2L << 20);
    assertThat(at.getLong(64)).isEqualTo(15872);
    assertThat(at.getInt(72)).isEqualTo(2);
    assertThat(at.getInt(76)).isZero();
    assertThat(at.getInt(80)).isZero();
    assertThat(at.getInt(84)).isEqualTo(2 << 20);
    assertThat(at.getInt(88)).isEqualTo(4096);
    assertThat(at.getShort(92)).isEqualTo((short) 64);
  }

  @Test
  void fletcherAddsTheWordsAndTheirRunningSums() {
    ByteBuffer words = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    words.putInt(1).putInt(2).putInt(-1);

    // sums 1, 3, 2 (with carry lost); their sum 6
    assertThat(Fletcher64.of(words.array())).isEqualTo(6L << 32 | 2);
  }

  @Test
  void whatWasWrittenIsReadBack() {
    byte[] bytes = block().encode();

    assertThat(InfoBlock.hasSignature(bytes)).isTrue();
    assertThat(InfoBlock.defect(Geometry.x86(4), bytes, START, BYTES)).isEmpty();
    assertThat(InfoBlock.decode(Geometry.x86(4), bytes, START)).isEqualTo(block());
  }

  @Test
  void anyChangedByteIsNoticed() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = block().encode();
      int at = random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 + random.nextInt(255));

      assertThat(
              !InfoBlock.hasSignature(bytes)
                  || InfoBlock.defect(Geometry.x86(4), bytes, START, BYTES).isPresent())
          .as("seed %d, byte %d", seed, at)
          .isTrue();
    }
  }

  @Test
  void aBlockWithARightChecksumButImpossibleFieldsIsNotTrusted() {
    assertThat(defectAfter(at -> at.putLong(64, 99))).contains("16 MiB");
    assertThat(defectAfter(at -> at.putLong(56, -1))).contains("16 MiB");
    assertThat(defectAfter(at -> at.putLong(64, Long.MAX_VALUE))).contains("16 MiB");
    assertThat(defectAfter(at -> at.putInt(72, 7))).contains("mode 7");
    assertThat(defectAfter(at -> at.putInt(84, 12345))).contains("align 12345");
    assertThat(defectAfter(at -> at.putShort(52, (short) 2))).contains("version 2.4");
    assertThat(defectAfter(at -> at.putShort(92, (short) 80))).contains("struct page size 80");
    assertThat(defectAfter(at -> at.putLong(56, 4L << 20).putLong(64, 15360))).contains("dataoff");
  }

  @Test
  void aBlockOfANamespaceThatReachesTooFarIsNotTrusted() {
    assertThat(
            InfoBlock.defect(Geometry.x86(4), block().encode(), START, BYTES - (16L << 20))
                .orElseThrow())
        .contains("up to 50331648");
  }

  private static String defectAfter(java.util.function.Consumer<ByteBuffer> change) {
    byte[] bytes = block().encode();
    ByteBuffer at = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    change.accept(at);
    at.putLong(4088, 0);
    at.putLong(4088, Fletcher64.of(bytes));
    return InfoBlock.defect(Geometry.x86(4), bytes, START, BYTES).orElseThrow();
  }
}
