package dev.pgmap.host;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.core.machine.Era;
import dev.pgmap.core.mm.Mm;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * The process that {@link FsKillTest} kills: it mounts the file system of a device file and changes
 * it until it is killed.
 *
 * <p>After every change that must survive it prints {@code ack} with what that was. Four kinds of
 * change take turns: a file is replaced as a whole by a rename; a record is added to a log; a byte
 * is stored through a mapping; a file is cloned.
 */
final class KilledWriter {
  static final int FILES = 4;
  static final int RECORD_BYTES = 100;
  static final int MAP_BYTES = 1 << 20;
  static final int PAGE = 4096;

  private final MountedFilesystem fs;
  private final Mm mm;
  private final Random random;
  private final long mapped;
  private final FsFile map;
  private long version;

  private KilledWriter(FsLab lab, long firstVersion, long seed) {
    this.fs = lab.mount();
    this.mm = lab.machine.newTask("writer").mm();
    this.random = new Random(seed);
    this.version = firstVersion;
    this.map = fs.open("map", true);
    map.fallocate(0, MAP_BYTES, false);
    this.mapped = lab.map(mm, map);
  }

  /** Arguments: device file, first version, seed. */
  public static void main(String[] args) {
    try (FsLab lab = new FsLab(Era.V7_2, Path.of(args[0]))) {
      KilledWriter writer = new KilledWriter(lab, Long.parseLong(args[1]), Long.parseLong(args[2]));
      while (!Thread.interrupted()) {
        writer.change();
      }
    }
  }

  /** The bytes of a file of a version: number, version, length, checksum, and noise. */
  static byte[] content(int file, long version) {
    Random noise = new Random(version * FILES + file);
    byte[] bytes = new byte[32 + noise.nextInt(100_000)];
    noise.nextBytes(bytes);
    ByteBuffer.wrap(bytes).putInt(file).putLong(version).putInt(bytes.length);
    return bytes;
  }

  /** A record of the log. */
  static byte[] record(long number) {
    byte[] bytes = new byte[RECORD_BYTES];
    Arrays.fill(bytes, (byte) number);
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(8).putLong(0, number));
    ByteBuffer.wrap(bytes).putLong(number).putInt((int) crc.getValue());
    return bytes;
  }

  private void change() {
    version++;
    int file = random.nextInt(FILES);
    switch (random.nextInt(4)) {
      case 0 -> replace(file);
      case 1 -> append();
      case 2 -> store();
      default -> share(file);
    }
  }

  private static void ack(String what, long which, long value) {
    System.out.println("ack %s %d %d".formatted(what, which, value));
    System.out.flush();
  }

  private void replace(int file) {
    byte[] bytes = content(file, version);
    try (FsFile fresh = fs.open("new", true)) {
      fresh.truncate(0);
      fresh.write(0, bytes, 0, bytes.length / 2);
      fresh.write(bytes.length / 2, bytes, bytes.length / 2, bytes.length - bytes.length / 2);
      fresh.fsync();
    }
    fs.rename("new", "file" + file);
    ack("file", file, version);
  }

  private void append() {
    try (FsFile log = fs.open("log", true)) {
      long number = log.sizeBytes() / RECORD_BYTES;
      log.write(log.sizeBytes(), record(number), 0, RECORD_BYTES);
      log.fsync();
      ack("log", 0, number);
    }
  }

  private void store() {
    int page = random.nextInt(MAP_BYTES / PAGE);
    mm.store(mapped + (long) page * PAGE, (byte) version);
    map.fsync();
    ack("map", page, version & 0xff);
  }

  private void share(int file) {
    String name = "file" + file;
    if (fs.list("").contains(name)) {
      fs.open("clone" + file, true).close();
      try (FsFile clone = fs.open("clone" + file, false)) {
        clone.truncate(0);
      }
      fs.cloneRange(name, 0, "clone" + file, 0, 0);
    }
  }
}
