package dev.pgmap.shell.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.core.machine.Era;
import dev.pgmap.core.machine.MachineSpec;
import dev.pgmap.shell.session.CommandException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading recordings: the folder, the archive, meta.txt, refseq.txt. */
class RecordingFilesTest {
  private static final String META =
      """
      machine: qemu x86_64, 1 virtual CPU, 9 GiB; KASLR off
      cmdline: console=ttyS0 memmap=64M!1792M memmap=768M!2G memmap=1G$7G
      filter(page_ref): pfn >= 0x70200 && pfn < 0x74000
      tracing: page_ref
      command: zdtool touch /dev/dax0.0 2M
      --- namespaces
      { "regions":[ { "dev":"region0", "namespaces":[
        { "dev":"namespace0.0", "mode":"devdax", "map":"dev", "size":"62.00 MiB (65.01 MB)", "align":4096 } ] } ] }
      --- ring buffer
      per_cpu/cpu0/stats:overrun: 3
      per_cpu/cpu1/stats:overrun: 4
      per_cpu/cpu0/stats:commit overrun: 9
      """;

  @TempDir private Path directory;

  private void put(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  @Test
  void aFolderIsReadInTheOrderOfKernels() throws IOException {
    for (String name : List.of("6.12/B", "6.1/B", "6.1/A", "5.10/C")) {
      put(name + "/meta.txt", META);
    }
    put("6.1/notes/other.txt", "no recording");
    put("README.md", "no folder");
    assertThat(Recordings.in(directory))
        .extracting(Recording::name)
        .containsExactly("5.10/C", "6.1/A", "6.1/B", "6.12/B");
  }

  @Test
  void aFolderWithoutRecordingsIsNamed() {
    assertThatThrownBy(() -> Recordings.in(directory))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("found no recording, expected folders SERIES/SCENARIO");
    assertThatThrownBy(() -> Recordings.in(directory.resolve("none")))
        .hasMessageContaining("found no such folder");
  }

  @Test
  void aMetaThatCannotBeReadIsNamed() throws IOException {
    put("6.1/A/meta.txt", "command: a\n");
    assertThatThrownBy(() -> Recordings.in(directory))
        .hasMessageContaining("6.1/A/meta.txt: found no section '--- namespaces'");
    put("6.1/A/meta.txt", "command: a\n--- namespaces\n{ regions\n");
    assertThatThrownBy(() -> Recordings.in(directory))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("6.1/A/meta.txt: namespaces: found");
  }

  @Test
  void aMetaTellsTheMachineAndItsNamespaces() {
    Meta meta = Meta.parse("meta.txt", META);
    assertThat(meta.command()).isEqualTo("zdtool touch /dev/dax0.0 2M");
    assertThat(meta.lostEvents()).isEqualTo(7);
    assertThat(meta.isTraced()).isTrue();
    RecordedMachine machine = new RecordedMachine(meta);
    assertThat(machine.setUp())
        .containsExactly("ndctl create-namespace -f -e namespace0.0 -m devdax -a 4096 -M dev");
    MachineSpec spec = machine.spec(meta.header("machine"), Era.V6_1);
    assertThat(spec.nrCpus()).isEqualTo(1);
    assertThat(spec.pmem())
        .extracting(pmem -> pmem.range().toString())
        .containsExactly("[0x70000000-0x73ffffff]", "[0x80000000-0xafffffff]");
    assertThat(spec.ram())
        .extracting(Object::toString)
        .containsExactly(
            "[0x1000-0x9ffff]",
            "[0x100000-0x6fffffff]",
            "[0x74000000-0x7fffffff]",
            "[0xb0000000-0xbfffffff]",
            "[0x100000000-0x1bfffffff]",
            "[0x200000000-0x27fffffff]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "pfn >= 0x10 && pfn < 0x20 ~ 0x10 ~ true",
        "pfn >= 0x10 && pfn < 0x20 ~ 0x20 ~ false",
        "(pfn >= 0x10 && pfn < 0x20) || (pfn >= 0x40 && pfn < 0x41) ~ 0x40 ~ true",
        "(pfn >= 0x10 && pfn < 0x20) || (pfn >= 0x40 && pfn < 0x41) ~ 0x30 ~ false",
        "pfn >= 0x280000 ~ 0x280000 ~ true",
        "pfn >= 0x280000 ~ 0x27ffff ~ false",
        "none ~ 0x0 ~ false"
      })
  void aFilterLetsPagesThrough(String filter, String pfn, boolean through) {
    assertThat(PfnWindow.parse(filter).test(Long.decode(pfn))).isEqualTo(through);
  }

  @ParameterizedTest
  @CsvSource({
    "tracing: none, false",
    "note: later in the same boot; untraced, false",
    "note: as before but with page_ref events off: shows, false",
    "note: anything else, true"
  })
  void someRecordingsHaveNoEvents(String line, boolean traced) {
    String text =
        line.startsWith("tracing") ? META.replace("tracing: page_ref", line) : line + "\n" + META;
    assertThat(Meta.parse("meta.txt", text).isTraced()).isEqualTo(traced);
  }

  @Test
  void eventsAreCountedWithTheirRepeatsAndPages() {
    Sequences sequences =
        Sequences.parse(
            """
            pfns=2 first=0x10 last=0x20 :: mod(+1)x512->513 ; mod_and_test(-512)->1 ret=0
            pfns=10 first=0x30 last=0x40 :: set(+1)->1
            something else
            """);
    assertThat(sequences.groups()).hasSize(2);
    assertThat(sequences.nrEvents()).isEqualTo(2 * 513 + 10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pfns=1 first=0x1 last=0x1 :: ", "pfns=x first=0x1 last=0x1 :: mod(+1)->2"})
  void aLineThatIsNoGroupCountsForNothing(String line) {
    assertThat(Sequences.parse(line).groups()).isEmpty();
  }

  @Test
  void theArchiveIsReadAndMayNotBreakOff() throws IOException {
    byte[] archive;
    try (InputStream in =
        Objects.requireNonNull(Recordings.class.getResourceAsStream("kernel-truth.tar.gz"))) {
      archive = in.readAllBytes();
    }
    Map<String, String> texts = TarGzip.read(new ByteArrayInputStream(archive));
    assertThat(texts).hasSizeGreaterThan(700).containsKey("6.1/S4-2M-dev-destroy-idle/meta.txt");
    assertThat(texts.get("6.1/S4-2M-dev-destroy-idle/result.txt"))
        .isEqualTo("destroyed 1 namespace\nexit=0\n");
    ByteArrayInputStream half = new ByteArrayInputStream(archive, 0, archive.length / 2);
    assertThatThrownBy(() -> TarGzip.read(half)).isInstanceOf(IOException.class);
  }
}
