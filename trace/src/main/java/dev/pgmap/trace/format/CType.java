package dev.pgmap.trace.format;

import java.util.Set;

/**
 * An integer type of C.
 *
 * @param bits 8, 16, 32 or 64
 * @param signed whether it is sign-extended
 */
record CType(int bits, boolean signed) {
  static final CType S32 = new CType(32, true);
  static final CType U32 = new CType(32, false);
  static final CType S64 = new CType(64, true);
  static final CType U64 = new CType(64, false);

  private static final Set<String> BYTES = Set.of("char", "u8", "s8", "__u8", "__s8");
  private static final Set<String> SHORTS = Set.of("short", "u16", "s16", "__u16", "__s16");
  private static final Set<String> INTS =
      Set.of("int", "u32", "s32", "__u32", "__s32", "unsigned", "signed", "enum", "pid_t", "dev_t");
  private static final Set<String> SIGNED =
      Set.of(
          "char", "short", "int", "long", "signed", "s8", "s16", "s32", "s64", "__s8", "__s16",
          "__s32", "__s64", "pid_t", "loff_t", "ssize_t", "ktime_t");

  /** The type that words such as {@code unsigned long} name; of an unknown one, 64 bits. */
  static CType named(Iterable<String> words, boolean pointer) {
    int bits = 64;
    boolean signed = false;
    boolean unsigned = pointer;
    for (String word : words) {
      bits = word.equals("long") ? 64 : Math.min(bits, bitsOf(word));
      signed |= SIGNED.contains(word);
      unsigned |= word.equals("unsigned");
    }
    return new CType(pointer ? 64 : bits, signed && !unsigned);
  }

  private static int bitsOf(String word) {
    if (BYTES.contains(word)) {
      return 8;
    }
    if (SHORTS.contains(word)) {
      return 16;
    }
    return INTS.contains(word) ? 32 : 64;
  }

  /** The type of {@code a + b}: the usual arithmetic conversions. */
  static CType common(CType a, CType b) {
    CType left = a.promoted();
    CType right = b.promoted();
    if (left.bits != right.bits) {
      return left.bits > right.bits ? left : right;
    }
    return left.signed ? right : left;
  }

  /** The type after integer promotion. */
  CType promoted() {
    return bits < 32 ? S32 : this;
  }

  /** A value cut to the type. */
  long wrap(long value) {
    int unused = 64 - bits;
    return signed ? value << unused >> unused : value << unused >>> unused;
  }
}
