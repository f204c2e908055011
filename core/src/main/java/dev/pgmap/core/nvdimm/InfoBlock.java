package dev.pgmap.core.nvdimm;

import dev.pgmap.core.pgtable.Geometry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * The info block of a devdax or fsdax namespace, {@code struct nd_pfn_sb} version 1.4,
 * little-endian.
 *
 * <pre>
 * byte    0 signature                    16  "NVDIMM_DAX_INFO" or "NVDIMM_PFN_INFO" (fsdax)
 *        16 uuid                          16
 *        32 parent uuid (0: no label)     16
 *        48 flags                          4
 *        52 version major, minor       2 + 2
 *        56 dataoff, bytes                 8
 *        64 npfns                          8
 *        72 mode (1 RAM, 2 PMEM)           4
 *        76 start_pad, bytes               4
 *        80 end_trunc, bytes               4
 *        84 align, bytes                   4
 *        88 page_size                      4
 *        92 page_struct_size               2
 *        94 padding, zero               3994
 *      4088 fletcher64 with this field 0   8
 * </pre>
 *
 * @param mode devdax or fsdax, told apart by the signature
 * @param uuid of the namespace
 * @param setup the numbers
 */
record InfoBlock(NamespaceMode mode, UUID uuid, PfnSetup setup) {
  /** Size of the block. */
  static final int BYTES = 4096;

  /** Where the block lies in its namespace. */
  static final long OFFSET = 4096;

  private static final byte[] DAX_SIGNATURE = signature("NVDIMM_DAX_INFO");
  private static final byte[] PFN_SIGNATURE = signature("NVDIMM_PFN_INFO");
  private static final int UUID_AT = 16;
  private static final int MAJOR_AT = 52;
  private static final int MINOR_AT = 54;
  private static final int DATAOFF_AT = 56;
  private static final int NPFNS_AT = 64;
  private static final int MODE_AT = 72;
  private static final int START_PAD_AT = 76;
  private static final int END_TRUNC_AT = 80;
  private static final int ALIGN_AT = 84;
  private static final int PAGE_SIZE_AT = 88;
  private static final int PAGE_STRUCT_SIZE_AT = 92;
  private static final int CHECKSUM_AT = 4088;

  private static final short VERSION_MAJOR = 1;
  private static final short VERSION_MINOR = 4;
  private static final int PAGE_SIZE = 4096;
  private static final short PAGE_STRUCT_SIZE = 64;

  private static byte[] signature(String text) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), 16);
  }

  /** Whether the bytes begin as an info block does, whatever follows. */
  static boolean hasSignature(byte[] bytes) {
    return beginsWith(bytes, DAX_SIGNATURE) || beginsWith(bytes, PFN_SIGNATURE);
  }

  private static boolean beginsWith(byte[] bytes, byte[] signature) {
    return Arrays.equals(signature, 0, signature.length, bytes, 0, signature.length);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The bytes for the medium, checksum included. */
  byte[] encode() {
    byte[] bytes = new byte[BYTES];
    ByteBuffer at = littleEndian(bytes);
    at.put(0, mode == NamespaceMode.FSDAX ? PFN_SIGNATURE : DAX_SIGNATURE);
    ByteBuffer.wrap(bytes, UUID_AT, 16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits());
    at.putShort(MAJOR_AT, VERSION_MAJOR).putShort(MINOR_AT, VERSION_MINOR);
    at.putLong(DATAOFF_AT, setup.dataOffsetBytes()).putLong(NPFNS_AT, setup.nrDataPages());
    at.putInt(MODE_AT, setup.map().pfnMode());
    at.putInt(END_TRUNC_AT, (int) setup.endTruncBytes());
    at.putInt(ALIGN_AT, (int) setup.alignBytes());
    at.putInt(PAGE_SIZE_AT, PAGE_SIZE).putShort(PAGE_STRUCT_SIZE_AT, PAGE_STRUCT_SIZE);
    at.putLong(CHECKSUM_AT, Fletcher64.of(bytes));
    return bytes;
  }

  /**
   * Why a block that carries our signature cannot be used; empty if it can.
   *
   * @param geometry of the machine that is to use it
   * @param start first byte of the namespace that the block describes
   * @param maxBytes how far that namespace may reach
   */
  static Optional<String> defect(Geometry geometry, byte[] bytes, long start, long maxBytes) {
    ByteBuffer at = littleEndian(bytes);
    if (at.getLong(CHECKSUM_AT) != checksum(bytes)) {
      return Optional.of(
          "checksum 0x%x, expected 0x%x".formatted(at.getLong(CHECKSUM_AT), checksum(bytes)));
    }
    if (at.getShort(MAJOR_AT) != VERSION_MAJOR || at.getShort(MINOR_AT) != VERSION_MINOR) {
      return Optional.of(
          "version %d.%d, expected 1.4".formatted(at.getShort(MAJOR_AT), at.getShort(MINOR_AT)));
    }
    if (at.getInt(PAGE_SIZE_AT) != PAGE_SIZE
        || at.getShort(PAGE_STRUCT_SIZE_AT) != PAGE_STRUCT_SIZE
        || at.getInt(START_PAD_AT) != 0) {
      return Optional.of(
          "page size %d, struct page size %d, start_pad %d; expected 4096, 64, 0"
              .formatted(
                  at.getInt(PAGE_SIZE_AT),
                  at.getShort(PAGE_STRUCT_SIZE_AT),
                  at.getInt(START_PAD_AT)));
    }
    return setupDefect(geometry, at, start, maxBytes);
  }

  private static Optional<String> setupDefect(
      Geometry geometry, ByteBuffer at, long start, long maxBytes) {
    int mode = at.getInt(MODE_AT);
    long align = Integer.toUnsignedLong(at.getInt(ALIGN_AT));
    if (mode != 1 && mode != 2) {
      return Optional.of("mode " + mode + ", expected 1 or 2");
    }
    if (!geometry.mappingBytes().contains(align)) {
      return Optional.of("align " + align + ", expected " + geometry.mappingSizes());
    }
    long bytes = namespaceBytes(at);
    if (bytes < Region.ALIGN_BYTES || bytes > maxBytes || bytes % Region.ALIGN_BYTES != 0) {
      return Optional.of(
          "a namespace of %d bytes, expected a multiple of 16 MiB up to %d"
              .formatted(bytes, maxBytes));
    }
    PfnSetup expected = PfnSetup.compute(geometry, start, bytes, align, mapOf(mode));
    if (expected.dataOffsetBytes() != at.getLong(DATAOFF_AT)
        || expected.nrDataPages() != at.getLong(NPFNS_AT)) {
      return Optional.of(
          "dataoff 0x%x and %d pages, expected 0x%x and %d"
              .formatted(
                  at.getLong(DATAOFF_AT),
                  at.getLong(NPFNS_AT),
                  expected.dataOffsetBytes(),
                  expected.nrDataPages()));
    }
    return Optional.empty();
  }

  /** Reads a block that {@link #defect} found nothing wrong with. */
  static InfoBlock decode(Geometry geometry, byte[] bytes, long start) {
    ByteBuffer at = littleEndian(bytes);
    ByteBuffer uuid = ByteBuffer.wrap(bytes, UUID_AT, 16);
    long align = Integer.toUnsignedLong(at.getInt(ALIGN_AT));
    return new InfoBlock(
        beginsWith(bytes, PFN_SIGNATURE) ? NamespaceMode.FSDAX : NamespaceMode.DEVDAX,
        new UUID(uuid.getLong(), uuid.getLong()),
        PfnSetup.compute(geometry, start, namespaceBytes(at), align, mapOf(at.getInt(MODE_AT))));
  }

  /** What the fields add up to; -1 if they are out of any range. */
  private static long namespaceBytes(ByteBuffer at) {
    long dataOffset = at.getLong(DATAOFF_AT);
    long nrPages = at.getLong(NPFNS_AT);
    if (dataOffset < 0 || dataOffset > 1L << 52 || nrPages < 0 || nrPages > 1L << 40) {
      return -1;
    }
    return dataOffset + nrPages * PAGE_SIZE + Integer.toUnsignedLong(at.getInt(END_TRUNC_AT));
  }

  private static MapLocation mapOf(int mode) {
    return mode == MapLocation.MEM.pfnMode() ? MapLocation.MEM : MapLocation.DEV;
  }

  private static long checksum(byte[] bytes) {
    byte[] zeroed = bytes.clone();
    littleEndian(zeroed).putLong(CHECKSUM_AT, 0);
    return Fletcher64.of(zeroed);
  }
}
