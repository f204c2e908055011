package dev.pgmap.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.core.machine.Era;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process with SIGKILL in the middle of its writes, again and again, and looks at what is
 * on the device: the file system is sound, and everything that was acknowledged is there.
 *
 * <p>{@code -Dpgmap.kill.rounds} asks for more rounds, {@code -Dpgmap.kill.seed} for the changes of
 * a failure; when a kill hits cannot be repeated.
 */
class FsKillTest {
  private final Map<Integer, Long> files = new HashMap<>();
  private final Map<Integer, Integer> pages = new HashMap<>();
  private long log = -1;
  private long version;
  private final AtomicInteger acks = new AtomicInteger();

  @Test
  void whatWasAcknowledgedSurvivesAKillAtAnyMoment(@TempDir Path dir)
      throws IOException, InterruptedException {
    long seed = Long.getLong("pgmap.kill.seed", System.nanoTime());
    int rounds = Integer.getInteger("pgmap.kill.rounds", 4);
    System.out.println("FsKillTest seed " + seed + ", rounds " + rounds);
    Random random = new Random(seed);
    Path device = dir.resolve("pmem.img");
    try (RandomAccessFile image = new RandomAccessFile(device.toFile(), "rw")) {
      image.setLength(FsLab.PMEM_BYTES);
    }
    try (FsLab lab = new FsLab(Era.V7_2, device)) {
      lab.format("dax");
    }
    for (int round = 0; round < rounds; round++) {
      runAndKill(device, random.nextLong(), random.nextInt(1000));
      verify(device);
    }
    System.out.println("FsKillTest: " + acks + " acknowledged changes");
    assertThat(acks.get()).as("changes that were acknowledged").isGreaterThan(rounds);
  }

  /** The canary: what is older than what was acknowledged, or torn, is noticed. */
  @Test
  void aLostOrTornFileIsNoticed(@TempDir Path dir) throws IOException {
    Path device = dir.resolve("pmem.img");
    try (RandomAccessFile image = new RandomAccessFile(device.toFile(), "rw")) {
      image.setLength(FsLab.PMEM_BYTES);
    }
    byte[] torn = KilledWriter.content(1, 5);
    torn[torn.length - 1] ^= 1;
    try (FsLab lab = new FsLab(Era.V7_2, device)) {
      lab.format("dax");
      write(lab.mount(), "file0", KilledWriter.content(0, 5));
      lab.unmount();
    }
    files.put(0, 5L);
    assertThat(catchThrowable(() -> verifyFiles(device))).isNull();
    files.put(0, 6L);
    assertThat(catchThrowable(() -> verifyFiles(device))).isInstanceOf(AssertionError.class);
    files.clear();
    try (FsLab lab = new FsLab(Era.V7_2, device)) {
      write(lab.mount(), "file1", torn);
      lab.unmount();
    }
    assertThat(catchThrowable(() -> verifyFiles(device))).isInstanceOf(AssertionError.class);
  }

  private static void write(MountedFilesystem fs, String name, byte[] bytes) {
    try (FsFile file = fs.open(name, true)) {
      file.write(0, bytes, 0, bytes.length);
    }
  }

  private void verifyFiles(Path device) {
    try (FsLab lab = new FsLab(Era.V7_2, device)) {
      verifyFiles(lab.mount());
      lab.unmount();
    }
  }

  private void runAndKill(Path device, long seed, int millis)
      throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(command(device, seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int before = acks.get();
    try (BufferedReader acknowledged = writer.inputReader(StandardCharsets.UTF_8)) {
      Thread killer =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (acks.get() == before && writer.isAlive()) {
                    Thread.sleep(5);
                  }
                  Thread.sleep(millis);
                } catch (InterruptedException e) {
                  // Killed a little early.
                }
                writer.toHandle().destroyForcibly();
              });
      acknowledged.lines().forEach(this::note);
      killer.interrupt();
      killer.join();
      assertThat(writer.waitFor()).as("exit code of a process that was killed").isEqualTo(137);
    }
  }

  private List<String> command(Path device, long seed) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-Xmx"))
        .forEach(command::add);
    command.add("-Dpgmap.plugins=" + System.getProperty("pgmap.plugins"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(KilledWriter.class.getName(), device.toString(), version + "", seed + ""));
    return command;
  }

  private void note(String line) {
    String[] words = line.split(" ");
    if (words.length != 4 || !words[0].equals("ack")) {
      return;
    }
    acks.incrementAndGet();
    int which = Integer.parseInt(words[2]);
    long value = Long.parseLong(words[3]);
    switch (words[1]) {
      case "file" -> files.put(which, value);
      case "log" -> log = value;
      default -> pages.put(which, (int) value);
    }
  }

  private void verify(Path device) {
    try (FsLab lab = new FsLab(Era.V7_2, device)) {
      assertThat(lab.type().check(lab.disk().bytes())).isEmpty();
      MountedFilesystem fs = lab.mount();
      verifyFiles(fs);
      verifyLog(fs);
      verifyMapped(fs);
      lab.unmount();
    }
    version += 1_000_000;
  }

  private void verifyFiles(MountedFilesystem fs) {
    for (int file = 0; file < KilledWriter.FILES; file++) {
      verifyFile(fs, file);
    }
  }

  private static byte[] read(MountedFilesystem fs, String name) {
    if (!fs.list("").contains(name)) {
      return new byte[0];
    }
    try (FsFile file = fs.open(name, false)) {
      byte[] bytes = new byte[(int) file.sizeBytes()];
      file.read(0, bytes, 0, bytes.length);
      return bytes;
    }
  }

  private void verifyFile(MountedFilesystem fs, int file) {
    byte[] bytes = read(fs, "file" + file);
    long acknowledged = files.getOrDefault(file, -1L);
    if (acknowledged >= 0 || bytes.length > 0) {
      long found = ByteBuffer.wrap(bytes).getLong(4);
      assertThat(found).as("version of file%d", file).isGreaterThanOrEqualTo(acknowledged);
      assertThat(Arrays.equals(bytes, KilledWriter.content(file, found)))
          .as("file%d is that of version %d", file, found)
          .isTrue();
      files.put(file, found);
    }
    byte[] clone = read(fs, "clone" + file);
    if (clone.length > 0) {
      long cloned = ByteBuffer.wrap(clone).getLong(4);
      assertThat(Arrays.equals(clone, KilledWriter.content(file, cloned)))
          .as("clone%d is that of version %d", file, cloned)
          .isTrue();
    }
  }

  private void verifyLog(MountedFilesystem fs) {
    byte[] bytes = read(fs, "log");
    assertThat(bytes.length % KilledWriter.RECORD_BYTES).isZero();
    assertThat(bytes.length / KilledWriter.RECORD_BYTES).isGreaterThan((int) log);
    for (int i = 0; i * KilledWriter.RECORD_BYTES < bytes.length; i++) {
      int at = i * KilledWriter.RECORD_BYTES;
      assertThat(Arrays.copyOfRange(bytes, at, at + KilledWriter.RECORD_BYTES))
          .as("record %d", i)
          .isEqualTo(KilledWriter.record(i));
    }
  }

  /** At most one store was under way; the others are as they were acknowledged. */
  private void verifyMapped(MountedFilesystem fs) {
    byte[] bytes = read(fs, "map");
    List<Integer> others = new ArrayList<>();
    for (int page = 0; page * KilledWriter.PAGE < bytes.length; page++) {
      int found = bytes[page * KilledWriter.PAGE] & 0xff;
      if (found != pages.getOrDefault(page, 0)) {
        others.add(page);
        pages.put(page, found);
      }
    }
    assertThat(others).as("pages that are not as acknowledged").hasSizeLessThanOrEqualTo(1);
  }
}
