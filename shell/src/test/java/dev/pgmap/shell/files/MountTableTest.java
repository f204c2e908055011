package dev.pgmap.shell.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private final VirtualTree proc = new EmptyTree();
  private final VirtualTree tracing = new EmptyTree();
  private final MountTable mounts =
      new MountTable(Map.of("/proc", proc, "/sys/kernel/tracing", tracing));

  /** A tree without files. */
  private static final class EmptyTree implements VirtualTree {
    @Override
    public boolean isDirectory(String path) {
      return path.isEmpty();
    }

    @Override
    public List<String> list(String path) {
      return List.of();
    }

    @Override
    public boolean isWritable(String path) {
      return false;
    }

    @Override
    public String read(String path) {
      return "";
    }

    @Override
    public void write(String path, String text, boolean append) {}
  }

  @Test
  void findsTheTreeAndThePathInIt() {
    assertThat(mounts.find("/proc")).isEqualTo(new MountTable.Place(proc, ""));
    assertThat(mounts.find("/sys/kernel/tracing/events/enable"))
        .isEqualTo(new MountTable.Place(tracing, "events/enable"));
  }

  @Test
  void findsNothingAboveOrBesideATree() {
    assertThat(mounts.find("/sys/kernel")).isNull();
    assertThat(mounts.find("/process")).isNull();
    assertThat(mounts.find("proc")).isNull();
  }

  @Test
  void leadsToTreesFromTheDirectoriesAboveThem() {
    assertThat(mounts.namesTowardsTrees("/")).containsExactly("proc", "sys");
    assertThat(mounts.namesTowardsTrees("/sys")).containsExactly("kernel");
    assertThat(mounts.namesTowardsTrees("/sys/kernel")).containsExactly("tracing");
    assertThat(mounts.namesTowardsTrees("/sys/kernel/tracing")).isEmpty();
    assertThat(mounts.namesTowardsTrees("/sys/ker")).isEmpty();
  }
}
