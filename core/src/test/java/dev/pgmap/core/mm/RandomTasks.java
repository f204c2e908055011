package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that map, write, read, fork, unmap and exit at random, and a model of what each of them
 * must read. Used by one thread.
 */
final class RandomTasks {
  private static final int MOST_TASKS = 6;
  private static final int MOST_PAGES = 40;
  private static final int MOST_BLOCKS = 3;

  /** A task and the bytes that it wrote, by address; what is not in there is zero. */
  private record Model(Task task, Map<Long, Byte> bytes) {}

  private final Random random;
  private final boolean huge;
  private final List<Model> models = new ArrayList<>();

  /** With {@code huge}, some areas are large enough for huge pages. */
  RandomTasks(MmLab lab, Random random, boolean huge) {
    this.huge = huge;
    this.random = random;
    models.add(new Model(lab.task(), new HashMap<>()));
  }

  List<Task> live() {
    return models.stream().map(Model::task).toList();
  }

  /** Does one thing. */
  void step() {
    Model model = models.get(random.nextInt(models.size()));
    switch (random.nextInt(16)) {
      case 0 -> map(model);
      case 1 -> fork(model);
      case 2 -> unmapSome(model);
      case 3 -> exit(model);
      case 4, 5, 6 -> load(model);
      case 7 -> move(model);
      case 8 -> forget(model);
      case 9 -> protectAndBack(model);
      default -> store(model);
    }
  }

  private void map(Model model) {
    long pages = 1L + random.nextInt(MOST_PAGES);
    if (huge && random.nextInt(3) == 0) {
      pages += 512L * (1 + random.nextInt(MOST_BLOCKS));
    }
    model.task.mm().mmap(null, pages * PAGE, 0, false, true);
  }

  private void fork(Model model) {
    if (models.size() < MOST_TASKS) {
      models.add(new Model(model.task.fork(), new HashMap<>(model.bytes)));
    }
  }

  private void unmapSome(Model model) {
    long at = anyAddress(model);
    if (at >= 0) {
      long start = at & -PAGE;
      long wanted = (1 + random.nextInt(MOST_PAGES / 4)) * PAGE;
      long bytes = Math.min(wanted, model.task.mm().taskSizeMax() - start);
      model.task.mm().munmap(start, bytes);
      model.bytes.keySet().removeIf(a -> a >= start && a < start + bytes);
    }
  }

  private void move(Model model) {
    Vma vma = anyArea(model);
    if (vma != null) {
      long bytes = vma.end() - vma.start();
      long to = model.task.mm().mremap(vma.start(), bytes, bytes + PAGE, Mm.MREMAP_MAYMOVE, 0);
      Map<Long, Byte> moved = new HashMap<>();
      model.bytes.forEach(
          (at, value) -> moved.put(vma.contains(at) ? at - vma.start() + to : at, value));
      model.bytes.clear();
      model.bytes.putAll(moved);
    }
  }

  private void forget(Model model) {
    Vma vma = anyArea(model);
    if (vma != null) {
      model.task.mm().madvise(vma.start(), vma.end() - vma.start(), MemoryAdvice.DONTNEED);
      model.bytes.keySet().removeIf(vma::contains);
    }
  }

  private void protectAndBack(Model model) {
    Vma vma = anyArea(model);
    if (vma != null) {
      long bytes = vma.end() - vma.start();
      model.task.mm().mprotect(vma.start(), bytes, random.nextBoolean(), false);
      model.task.mm().mprotect(vma.start(), bytes, true, true);
    }
  }

  private void exit(Model model) {
    if (models.size() > 1) {
      models.remove(model);
      model.task.exit();
    }
  }

  private void store(Model model) {
    long at = anyAddress(model);
    if (at >= 0) {
      byte value = (byte) random.nextInt();
      model.task.mm().store(at, value);
      model.bytes.put(at, value);
    }
  }

  private void load(Model model) {
    long at = anyAddress(model);
    if (at >= 0) {
      check(model, at);
    }
  }

  private void check(Model model, long at) {
    assertThat(model.task.mm().load(at))
        .as("%s at 0x%x", model.task, at)
        .isEqualTo(model.bytes.getOrDefault(at, (byte) 0));
  }

  /** Reads all that was ever written. */
  void checkBytes() {
    models.forEach(model -> model.bytes.keySet().forEach(at -> check(model, at)));
  }

  private @Nullable Vma anyArea(Model model) {
    List<Vma> areas = model.task.mm().vmas();
    return areas.isEmpty() ? null : areas.get(random.nextInt(areas.size()));
  }

  private long anyAddress(Model model) {
    Vma vma = anyArea(model);
    return vma == null
        ? -1
        : vma.start() + (random.nextLong() & Long.MAX_VALUE) % (vma.end() - vma.start());
  }
}
