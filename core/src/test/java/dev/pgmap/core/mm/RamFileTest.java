package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.PAGE;
import static dev.pgmap.core.testing.Failures.assertErrno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.api.Errno;
import dev.pgmap.core.pgtable.Pte;
import dev.pgmap.core.testing.Crew;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files of RAM, shared anonymous memory, and private mappings of files. */
class RamFileTest {
  private final MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES);
  private final Task task = lab.task();
  private final Mm mm = task.mm();
  private final TmpFiles files = new TmpFiles(lab.context);

  @AfterEach
  void nothingIsLeft() {
    try {
      RmapScan.check(lab.context, List.of(task));
      task.exit();
      files.paths().forEach(files::unlink);
      lab.assertNothingLeft();
      assertThat(lab.context.ordinary().anonVmas().nrLive()).as("anon_vmas").isZero();
    } finally {
      lab.close();
    }
  }

  private RamFile file(int nrPages) {
    RamFile file = files.open("/dev/shm/a", true);
    file.truncate(nrPages * PAGE);
    return file;
  }

  private long pfnAt(Mm of, long address) {
    return Pte.pfn(of.tables().find(address).entry());
  }

  @Test
  void whatOneTaskWritesThroughASharedMappingAnotherReadsAndSoDoesTheFile() {
    RamFile file = file(4);
    Task other = lab.task();
    long at = mm.mmap(file.space(), 4 * PAGE, 0, true, true);
    long there = other.mm().mmap(file.space(), 2 * PAGE, 2, true, true);

    mm.store(at + 2 * PAGE, (byte) 7);
    other.mm().store(there + PAGE, (byte) 8);

    byte[] bytes = new byte[2];
    assertThat(other.mm().load(there)).isEqualTo((byte) 7);
    assertThat(file.read(3 * PAGE, bytes)).isEqualTo(2);
    assertThat(bytes).containsExactly(8, 0);
    assertThat(lab.count(file.pageAt(2))).as("the cache and two mappings").isEqualTo(3);
    RmapScan.check(lab.context, List.of(task, other));
    other.exit();
  }

  @Test
  void sharedAnonymousMemoryIsTheSameInAChildAndGoesWithTheLastMapping() {
    long at = mm.mmap(null, 4 * PAGE, 0, true, true);
    mm.store(at, (byte) 1);
    Task child = task.fork();
    child.mm().store(at, (byte) 2);
    assertThat(mm.load(at)).isEqualTo((byte) 2);
    assertThat(pfnAt(mm, at)).isEqualTo(pfnAt(child.mm(), at));
    task.exit();
    assertThat(child.mm().load(at)).isEqualTo((byte) 2);
    child.exit();
  }

  @Test
  void aPrivateMappingReadsTheFileUntilItWrites() {
    RamFile file = file(2);
    file.write(PAGE, new byte[] {5, 6});
    long at = mm.mmap(file.space(), 2 * PAGE, 0, false, true);

    assertThat(mm.load(at + PAGE)).isEqualTo((byte) 5);
    assertThat(pfnAt(mm, at + PAGE)).isEqualTo(file.pageAt(1));
    mm.store(at + PAGE, (byte) 9);
    mm.store(at, (byte) 3);

    assertThat(pfnAt(mm, at + PAGE)).isNotEqualTo(file.pageAt(1));
    assertThat(mm.load(at + PAGE + 1)).as("the rest of the copy").isEqualTo((byte) 6);
    byte[] bytes = new byte[1];
    file.read(PAGE, bytes);
    assertThat(bytes).containsExactly(5);
    Task child = task.fork();
    assertThat(child.mm().load(at + PAGE)).isEqualTo((byte) 9);
    child.mm().store(at + PAGE, (byte) 10);
    assertThat(mm.load(at + PAGE)).isEqualTo((byte) 9);
    RmapScan.check(lab.context, List.of(task, child));
    child.exit();
  }

  @Test
  void truncatingTakesPagesAwayFromMappingsAndFaultsBehindTheEndAreSigbus() {
    RamFile file = file(3);
    long at = mm.mmap(file.space(), 3 * PAGE, 0, true, true);
    mm.touch(at, 3 * PAGE, (byte) 4);
    file.truncate(PAGE + 1);

    assertThat(mm.load(at + PAGE)).isEqualTo((byte) 4);
    assertThatThrownBy(() -> mm.load(at + 2 * PAGE))
        .isInstanceOfSatisfying(
            TaskSignal.class, signal -> assertThat(signal.signal()).isEqualTo(TaskSignal.SIGBUS));
    file.truncate(0);
    file.truncate(3 * PAGE);
    assertThat(mm.load(at + PAGE)).as("grown again").isZero();
  }

  @Test
  void aFileLivesWithoutItsNameWhileItIsMapped() {
    RamFile file = file(1);
    long at = mm.mmap(file.space(), PAGE, 0, true, true);
    mm.store(at, (byte) 6);
    files.unlink("/dev/shm/a");
    assertThat(mm.load(at)).isEqualTo((byte) 6);
    assertErrno(Errno.ENOENT, () -> files.open("/dev/shm/a", false));
    assertErrno(Errno.ENOENT, () -> files.unlink("/dev/shm/a"));
    assertErrno(Errno.EINVAL, () -> file.truncate(-1));
    assertErrno(Errno.EINVAL, () -> file.write(-1, new byte[1]));
  }

  @Test
  void threadsThatWriteWhileOthersTruncateLeaveNothing() throws Exception {
    RamFile file = file(16);
    long at = mm.mmap(file.space(), 16 * PAGE, 0, true, true);
    Crew crew = new Crew();
    crew.add(
        3,
        () -> {
          for (int i = 0; i < 400; i++) {
            try {
              mm.store(at + i % 16 * PAGE, (byte) i);
            } catch (TaskSignal behindTheEnd) {
              assertThat(behindTheEnd.signal()).isEqualTo(TaskSignal.SIGBUS);
            }
          }
        });
    crew.add(() -> {
      for (int i = 0; i < 100; i++) {
        file.truncate(i % 16 * PAGE);
        file.truncate(16 * PAGE);
      }
    });
    crew.runAll();
  }
}
