package dev.pgmap.plugins.fsdax.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.fs.FormatOptions;
import dev.pgmap.api.fs.FsFile;
import dev.pgmap.api.fs.MountedFilesystem;
import dev.pgmap.plugins.fsdax.fs.Steps.State;
import dev.pgmap.plugins.fsdax.fs.Steps.Step;
import dev.pgmap.plugins.fsdax.fs.TestDisk.Event;
import dev.pgmap.plugins.fsdax.fs.TestDisk.Fence;
import dev.pgmap.plugins.fsdax.fs.TestDisk.Mark;
import dev.pgmap.plugins.fsdax.fs.TestDisk.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Cuts the power at every store of many random steps.
 *
 * <p>The stores to the device are recorded. For every place between two of them, and for one inside
 * of each, a device is made that has got the stores before the last fence, and of those after it
 * either all (a process that is killed) or any part in lines of 64 bytes (a machine that loses
 * power). The file system there must mount, be sound, and hold what it held before or after the
 * step that was under way.
 *
 * <p>{@code -Dpgmap.crash.steps} asks for more steps, {@code -Dpgmap.crash.seed} for those of a
 * failure.
 */
class CrashTest {
  private static final int DISK_BYTES = 1 << 20;
  private static final int LINE = 64;

  private final DaxFs type = new DaxFs();

  private static FormatOptions options() {
    return new FormatOptions("dax", "", new UUID(1, 2), true, true);
  }

  private static long seed() {
    return Long.getLong("pgmap.crash.seed", System.nanoTime());
  }

  @Test
  void everyCutLeavesTheStateBeforeOrAfterTheStep() {
    long seed = seed();
    System.out.println("CrashTest seed " + seed);
    TestDisk disk = new TestDisk(DISK_BYTES);
    type.format(disk, options());
    byte[] image = disk.content().clone();
    TestHost host = new TestHost();
    MountedFilesystem fs = type.mount(disk, host);
    List<Event> events = disk.record();
    Steps steps = new Steps(fs, disk, host, seed);
    for (int i = 0; i < Integer.getInteger("pgmap.crash.steps", 60); i++) {
      steps.next();
    }
    disk.mark(steps.done().size());

    int cuts = new Cuts(image, steps, new Random(seed)).all(events);

    assertThat(cuts).isGreaterThan(events.size());
  }

  /** Goes through a recording and looks at each cut. */
  private final class Cuts {
    private final byte[] fenced;
    private final Steps steps;
    private final Random random;
    private final List<Store> loose = new ArrayList<>();
    private int step = -1;
    private int number;

    Cuts(byte[] image, Steps steps, Random random) {
      this.fenced = image;
      this.steps = steps;
      this.random = random;
    }

    int all(List<Event> events) {
      for (Event event : events) {
        switch (event) {
          case Mark mark -> step = mark.step();
          case Fence fence -> {
            loose.forEach(store -> apply(store, fenced));
            loose.clear();
          }
          case Store store -> {
            check(torn(store));
            loose.add(store);
            check(whole());
            check(anyLines());
          }
        }
      }
      return number;
    }

    private byte[] whole() {
      byte[] image = fenced.clone();
      loose.forEach(store -> apply(store, image));
      return image;
    }

    private byte[] torn(Store last) {
      byte[] image = whole();
      byte[] part = Arrays.copyOf(last.bytes(), random.nextInt(last.bytes().length + 1));
      apply(new Store(last.offset(), part), image);
      return image;
    }

    private byte[] anyLines() {
      byte[] image = fenced.clone();
      for (Store store : loose) {
        int end = store.offset() + store.bytes().length;
        for (int at = store.offset(); at < end; ) {
          int to = Math.min(end, (at / LINE + 1) * LINE);
          if (random.nextBoolean()) {
            System.arraycopy(store.bytes(), at - store.offset(), image, at, to - at);
          }
          at = to;
        }
      }
      return image;
    }

    private void apply(Store store, byte[] image) {
      System.arraycopy(store.bytes(), 0, image, store.offset(), store.bytes().length);
    }

    private void check(byte[] image) {
      number++;
      TestDisk disk = new TestDisk(image);
      assertThat(type.check(disk)).as("cut %d in %s", number, now()).isEmpty();
      MountedFilesystem fs = type.mount(disk, new TestHost());
      State found = Contained.of(fs);
      if (step < steps.done().size()) {
        assertOldOrNew(found, steps.done().get(step));
      } else {
        assertSame(found, steps.state());
      }
      if (number % 16 == 0) {
        assertGoesOn(fs, disk);
      }
    }

    private String now() {
      return step < steps.done().size()
          ? "step %d: %s".formatted(step, steps.done().get(step).what())
          : "end";
    }

    private void assertSame(State found, State expected) {
      assertThat(found.files().keySet()).as(now()).isEqualTo(expected.files().keySet());
      found
          .files()
          .forEach((path, bytes) -> assertSameBytes(path, bytes, expected.files().get(path)));
    }

    private void assertSameBytes(String path, byte @Nullable [] found, byte @Nullable [] expected) {
      assertThat(Arrays.mismatch(nullToEmpty(found), nullToEmpty(expected)))
          .as("%s: first byte of %s that differs", now(), path)
          .isEqualTo(-1);
    }

    private byte[] nullToEmpty(byte @Nullable [] bytes) {
      return bytes == null ? new byte[0] : bytes;
    }

    private void assertOldOrNew(State found, Step under) {
      boolean names = found.files().keySet().equals(under.after().files().keySet());
      State like = names && isLike(found, under.after(), under) ? under.after() : under.before();
      assertThat(found.files().keySet()).as(now()).isEqualTo(like.files().keySet());
      found
          .files()
          .forEach((path, bytes) -> {
            if (!path.equals(under.inPlace())) {
              assertSameBytes(path, bytes, like.files().get(path));
            } else {
              assertMixed(bytes, under);
            }
          });
    }

    private boolean isLike(State found, State like, Step under) {
      return found.files().entrySet().stream()
          .allMatch(entry ->
              entry.getKey().equals(under.inPlace())
                  || Arrays.equals(entry.getValue(), like.files().get(entry.getKey())));
    }

    private void assertMixed(byte[] found, Step under) {
      byte[] old = Objects.requireNonNull(under.before().files().get(under.inPlace()));
      byte[] next = Objects.requireNonNull(under.after().files().get(under.inPlace()));
      assertThat(found.length).as(now()).isIn(old.length, next.length);
      for (int i = 0; i < found.length; i++) {
        byte was = i < old.length ? old[i] : 0;
        byte is = i < next.length ? next[i] : 0;
        if (found[i] != was && found[i] != is) {
          assertThat(found[i]).as("%s, byte %d", now(), i).isIn(was, is);
        }
      }
    }

    /** What was mounted after a crash works like any other. */
    private void assertGoesOn(MountedFilesystem fs, TestDisk disk) {
      try (FsFile file = fs.open("after", true)) {
        file.truncate(5);
        file.fsync();
      }
      fs.unmount();
      assertThat(type.check(disk)).as("after going on, " + now()).isEmpty();
    }
  }

  /** The canary: without the journal's fences the simulator must find a lost state. */
  @Test
  void aForgottenFenceIsFound() {
    long seed = 7;
    TestDisk disk = new TestDisk(DISK_BYTES);
    type.format(disk, options());
    byte[] image = disk.content().clone();
    TestHost host = new TestHost();
    MountedFilesystem fs = type.mount(disk, host);
    List<Event> events = disk.record();
    Steps steps = new Steps(fs, disk, host, seed);
    for (int i = 0; i < 40; i++) {
      steps.next();
    }
    List<Event> withoutFences = new ArrayList<>(events);
    withoutFences.removeIf(Fence.class::isInstance);

    AssertionError found = null;
    try {
      new Cuts(image, steps, new Random(seed)).all(withoutFences);
    } catch (AssertionError | RuntimeException e) {
      found = e instanceof AssertionError error ? error : new AssertionError(e);
    }

    assertThat(found).isNotNull();
  }
}
