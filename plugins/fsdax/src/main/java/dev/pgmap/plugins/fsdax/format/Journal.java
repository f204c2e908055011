package dev.pgmap.plugins.fsdax.format;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.plugins.fsdax.format.SealedBlock.Kind;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The redo journal: makes a change of several blocks one change.
 *
 * <pre>
 * block 1, 2  headers, used in turn: the newer valid one counts
 *       3 ... new content of the blocks that change
 *
 * header: byte 32 sequence number  8
 *              40 state (0 nothing to do, 1 committed)  4
 *              44 blocks that change     4
 *              48 crc32c of their content  4
 *              56 their numbers     8 each
 * </pre>
 *
 * <p>A commit has four steps with a fence after each: the new content goes to the journal; the
 * header says committed; the content goes to its place; the header says that nothing is to be done.
 * A crash before the second step is complete leaves the old state, any later one the new state: a
 * header that is only half written is not valid, and the one beside it, of the commit before, has
 * nothing to be done.
 *
 * <p>Used by one thread at a time.
 */
public final class Journal {
  private static final long FIRST_HEADER = 1;
  private static final long FIRST_IMAGE = 3;
  private static final int EMPTY = 0;
  private static final int COMMITTED = 1;
  private static final int TARGETS_AT = 56;
  private static final int MAX_TARGETS = (SealedBlock.BYTES - TARGETS_AT) / 8;

  private record Header(long sequence, int state, int payloadCrc, long[] targets) {}

  private final BlockSource source;
  private final Superblock superblock;
  private long sequence;

  /** The journal of a file system; {@link #pending} comes before anything else. */
  public Journal(BlockSource source, Superblock superblock) {
    this.source = source;
    this.superblock = superblock;
  }

  /** The largest number of blocks that can change at once. */
  public int capacity() {
    return Math.min(superblock.nrJournalBlocks() - 2, MAX_TARGETS);
  }

  /** Writes the two headers of an empty journal and touches its blocks, for mkfs. */
  public void format(Medium medium) {
    for (long block = FIRST_IMAGE; block < 1 + superblock.nrJournalBlocks(); block++) {
      medium.write(block, new byte[SealedBlock.BYTES]);
    }
    for (sequence = 0; sequence < 2; sequence++) {
      writeHeader(medium, new Header(sequence, EMPTY, 0, new long[0]));
    }
    sequence = 1;
  }

  /**
   * Reads the journal: the blocks of a change that was committed but may not be in its place, by
   * block number; empty if there is none.
   *
   * @throws MmException EUCLEAN if the journal cannot be trusted
   */
  public Map<Long, byte[]> pending() {
    Header newest = newest(readHeader(FIRST_HEADER), readHeader(FIRST_HEADER + 1));
    sequence = newest.sequence;
    Map<Long, byte[]> images = new LinkedHashMap<>();
    if (newest.state == EMPTY) {
      return images;
    }
    for (int i = 0; i < newest.targets.length; i++) {
      superblock.limits().check(source.name() + ": journal", newest.targets[i]);
      images.put(newest.targets[i], source.read(FIRST_IMAGE + i));
    }
    if (crcOf(images) != newest.payloadCrc) {
      throw Damage.in(
          source.name() + ": journal",
          "content with checksum 0x%x".formatted(crcOf(images)),
          "checksum 0x%x".formatted(newest.payloadCrc));
    }
    return images;
  }

  private Header newest(@Nullable Header a, @Nullable Header b) {
    if (a == null && b == null) {
      throw Damage.in(source.name() + ": journal", "no valid header", "one of two");
    }
    if (a == null || b == null) {
      return a == null ? Objects.requireNonNull(b) : a;
    }
    if (Math.abs(a.sequence - b.sequence) != 1) {
      throw Damage.in(
          source.name() + ": journal",
          "headers with numbers %d and %d".formatted(a.sequence, b.sequence),
          "numbers that follow each other");
    }
    return a.sequence > b.sequence ? a : b;
  }

  private @Nullable Header readHeader(long block) {
    ByteBuffer at;
    try {
      at =
          SealedBlock.open(
              source.name(), source.read(block), Kind.JOURNAL, block, 0, superblock.filesystemId());
    } catch (MmException e) {
      return null;
    }
    int count = at.getInt(44);
    int state = at.getInt(40);
    if (count < 0 || count > capacity() || state < EMPTY || state > COMMITTED) {
      return null;
    }
    long[] targets = new long[count];
    for (int i = 0; i < count; i++) {
      targets[i] = at.getLong(TARGETS_AT + 8 * i);
    }
    return new Header(at.getLong(32), state, at.getInt(48), targets);
  }

  /** Finishes a change that {@link #pending} found. */
  public void replay(Medium medium, Map<Long, byte[]> images) {
    images.forEach(medium::write);
    medium.fence();
    writeHeader(medium, new Header(sequence, EMPTY, 0, new long[0]));
    medium.fence();
  }

  /**
   * Refuses a change that is larger than the journal.
   *
   * @throws MmException ENOSPC
   */
  public void checkFits(Map<Long, byte[]> images) {
    if (images.size() > capacity()) {
      throw new MmException(
          Errno.ENOSPC,
          source.name() + ": journal",
          images.size() + " blocks change at once",
          "at most " + capacity(),
          "change less at once");
    }
  }

  /**
   * Makes a change, all of it or nothing.
   *
   * @param images the new content by block number; they fit
   */
  public void commit(Medium medium, Map<Long, byte[]> images) {
    long image = FIRST_IMAGE;
    for (byte[] content : images.values()) {
      medium.write(image++, content);
    }
    medium.fence();
    sequence++;
    long[] targets = images.keySet().stream().mapToLong(Long::longValue).toArray();
    writeHeader(medium, new Header(sequence, COMMITTED, crcOf(images), targets));
    medium.fence();
    replay(medium, images);
  }

  private void writeHeader(Medium medium, Header header) {
    long block = FIRST_HEADER + (header.sequence & 1);
    ByteBuffer at = SealedBlock.fresh(Kind.JOURNAL, block, 0, superblock.filesystemId());
    at.putLong(32, header.sequence).putInt(40, header.state);
    at.putInt(44, header.targets.length).putInt(48, header.payloadCrc);
    for (int i = 0; i < header.targets.length; i++) {
      at.putLong(TARGETS_AT + 8 * i, header.targets[i]);
    }
    medium.write(block, SealedBlock.seal(at));
  }

  private static int crcOf(Map<Long, byte[]> images) {
    CRC32C crc = new CRC32C();
    images.values().forEach(crc::update);
    return (int) crc.getValue();
  }
}
