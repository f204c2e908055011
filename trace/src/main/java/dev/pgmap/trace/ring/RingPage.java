package dev.pgmap.trace.ring;

/**
 * Every offset and bit of a ring buffer page (sub-buffer) of a 64-bit kernel.
 *
 * <pre>
 *   offset  bytes  page
 *        0      8  time stamp of the page, absolute
 *        8      8  commit: bits 0-26 bytes used after the header,
 *                  bit 31 events were lost before this page,
 *                  bit 30 how many is the long right after the used bytes
 *       16         events; a 32-bit kernel has a commit of 4 bytes, and events at 12
 *
 *   event header, one word; little endian has type_len in the low 5 bits and the delta above,
 *   big endian has type_len in the top 5 bits and the delta below
 *
 *   type_len  meaning
 *      1..28  payload of type_len words follows
 *          0  a word L follows, then a payload of L - 4 bytes, padded to a word
 *         29  padding: a word of bytes to skip, counted from that word; delta 0: rest is dead
 *         30  time extend: a word E follows; stamp += (E << 27) + delta
 *         31  absolute stamp: low 59 bits are (E << 27) + delta
 * </pre>
 *
 * <p>The delta of every event is added to the running stamp, which starts as the page's.
 */
public final class RingPage {
  public static final int TIME_STAMP = 0;
  public static final int COMMIT = 8;
  public static final int DATA = 16;
  public static final int DATA_32 = 12;

  public static final long COMMIT_MASK = (1L << 27) - 1;
  public static final long MISSED_EVENTS = 1L << 31;
  public static final long MISSED_STORED = 1L << 30;

  public static final int TYPE_LEN_BITS = 5;
  public static final int TYPE_LEN_MASK = (1 << TYPE_LEN_BITS) - 1;
  public static final int DELTA_BITS = 27;
  public static final long DELTA_LIMIT = 1L << DELTA_BITS;
  public static final int TYPE_LEN_MAX_DATA = 28;
  public static final int TYPE_PADDING = 29;
  public static final int TYPE_TIME_EXTEND = 30;
  public static final int TYPE_TIME_STAMP = 31;

  /** The longest payload that needs no length word, in bytes. */
  public static final int SHORT_PAYLOAD = TYPE_LEN_MAX_DATA * 4;

  private RingPage() {}
}
