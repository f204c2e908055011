package dev.pgmap.shell.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.shell.conformance.KnownDifferences.Known;
import dev.pgmap.shell.conformance.Row.Verdict;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recordings that were tampered with: each difference has to be found. */
class ConformanceCanaryTest {
  private static final Path PLUGINS = Path.of(System.getProperty("pgmap.plugins"));
  private static final KnownDifferences NOTHING_KNOWN = new KnownDifferences(Map.of());
  private static final History NO_HISTORY = new History(Map.of());

  private final List<Recording> all = Recordings.bundled();

  private Recording named(String name) {
    return all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static Recording with(Recording recording, String file, String from, String to) {
    String text = recording.text(file);
    assertThat(text).contains(from);
    Map<String, String> files = new HashMap<>(recording.files());
    files.put(file, text.replace(from, to));
    return Recording.of(recording.series(), recording.scenario(), files);
  }

  private Row run(Recording recording, KnownDifferences known) {
    return new Conformance(PLUGINS, all, NO_HISTORY, known).run(recording);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "6.1/S1-devdax-2M-dev-pinfast-m2 ~ refseq.txt ~ x512->513 ~ x511->512"
            + " ~ page 0x70200, event 1: recorded mod(+1)x511->512, here mod(+1)x512->513",
        "7.2/S1-devdax-2M-dev-pinfast-m2 ~ refseq.txt ~ 'mod_unless(+512)->514 ret=1 ; ' ~ ''"
            + " ~ page 0x70200, event 2: recorded mod_and_test(-512)->2 ret=0",
        "5.10/S1-devdax-4K-dev-pinfast-m1 ~ refseq.txt ~ pfns=256 ~ pfns=255"
            + " ~ recorded 255, here 256",
        "6.12/S1-devdax-2M-dev-fork ~ meta.txt ~ zdtool fork ~ zdtool forks"
            + " ~ output, line 1: recorded '[] parent va=* pfn=0x70200",
        "6.1/S4-2M-dev-uring-cycle ~ result.txt ~ Operation not supported ~ Device or resource busy"
            + " ~ recorded '[] register_buffers=-1 Device or resource busy holding'",
        "5.10/S4-4K-dev-pinlt-cycle ~ result.txt ~ exit=1 ~ exit=0"
            + " ~ recorded 'exit=0', here 'exit=1'",
        "5.10/S4-4K-dev-pinlt-cycle ~ result.txt ~ No such file or directory ~ Input/output error"
            + " ~ recorded 'error EIO', here 'error ENOENT'",
        "6.1/S4-2M-dev-destroy-held ~ dmesg.txt ~ Comm: zdtool ~ Comm: other"
            + " ~ oops, line 1: recorded 'other', here 'zdtool'",
        "6.1/S5-devdax-2M-dev-madv ~ result.txt ~ lsb=21 ~ lsb=12 ~ lsb=12",
        "6.1/S5-devdax-2M-dev-madv ~ dmesg.txt ~ dax page: Recovered ~ dax page: Failed"
            + " ~ dmesg, line 3: recorded 'Memory failure: 0x70203: recovery action",
      })
  void isFound(String name, String file, String from, String to, String difference) {
    Row row = run(with(named(name), file, from, to), NOTHING_KNOWN);
    assertThat(row.verdict()).isEqualTo(Verdict.DIFFERS);
    assertThat(row.difference()).contains(difference);
  }

  @ParameterizedTest
  @CsvSource({
    "5.10, 14.50, 10.00, 'recorded ''did not wait for the holder'', here ''waited for the"
        + " holder'''",
    "7.2, 13.06, 17.30, 'recorded ''waited for the holder'', here ''did not wait for the holder'''"
  })
  void aWaitThatWasNoneIsFound(String series, String end, String other, String difference) {
    Recording held = named(series + "/S4-2M-dev-destroy-held");
    Row row = run(with(held, "result.txt", "end " + end, "end " + other), NOTHING_KNOWN);
    assertThat(row.difference()).contains(difference);
  }

  @Test
  void anEventWhereNoneWasRecordedIsFound() {
    Recording traced = named("7.2/S1-devdax-2M-dev-fork");
    Map<String, String> files = new HashMap<>(traced.files());
    files.remove(Recording.REFSEQ);
    Row row = run(Recording.of("7.2", traced.scenario(), files), NOTHING_KNOWN);
    assertThat(row.difference())
        .isEqualTo("pages with mod(+1)x2->3: recorded 0, here 1, from 0x70200 to 0x70200");
  }

  @Test
  void theEndOfALongerSequenceHasToMatch() {
    Recording lost = named("5.10/S1-devdax-1G-mem-pinfast-m1024");
    Row row = run(with(lost, "refseq.txt", "mod(-1023)->2", "mod(-1022)->2"), NOTHING_KNOWN);
    assertThat(row.verdict()).isEqualTo(Verdict.DIFFERS);
    assertThat(row.difference()).contains("page 0x14b97d: recorded an end mod(+1024)->1025");
  }

  @Test
  void anotherEraFindsADifference() {
    Recording recorded = named("6.1/S1-devdax-2M-dev-pinfast-m2");
    Row row = run(Recording.of("7.2", recorded.scenario(), recorded.files()), NOTHING_KNOWN);
    assertThat(row.difference())
        .isEqualTo("page 0x70200, event 1: recorded mod(+1)x512->513, here mod(+1)->2");
  }

  @Test
  void anExplanationCoversItsOwnDifferenceAlone() {
    Recording untraced = named("7.2/S4-4K-mem-destroy-held-untraced");
    Row unknown = run(untraced, NOTHING_KNOWN);
    assertThat(unknown.verdict()).isEqualTo(Verdict.DIFFERS);

    Map<String, Known> known = new HashMap<>();
    known.put(untraced.name(), new Known(unknown.difference(), "so it is"));
    assertThat(run(untraced, new KnownDifferences(known)))
        .extracting(Row::verdict, Row::explanation)
        .containsExactly(Verdict.EXPLAINED, "so it is");

    known.put(untraced.name(), new Known("another difference", "so it was"));
    assertThat(run(untraced, new KnownDifferences(known)).verdict()).isEqualTo(Verdict.DIFFERS);
  }

  @Test
  void anExplanationOfNoDifferenceIsAnError() {
    Recording matching = named("6.1/S4-2M-dev-destroy-idle");
    Known old = new Known("oops", "it was so once");
    Row row = run(matching, new KnownDifferences(Map.of(matching.name(), old)));
    assertThat(row.verdict()).isEqualTo(Verdict.EXPLANATION_IS_OLD);
    assertThat(row.verdict().isFailure()).isTrue();
  }

  @Test
  void aMachineThatCannotBeMadeAgainIsADifference() {
    Recording recording = named("6.1/S4-2M-dev-destroy-idle");
    assertThat(run(with(recording, "meta-before.txt", "62.00 MiB", "60.00 MiB"), NOTHING_KNOWN))
        .extracting(Row::difference)
        .asString()
        .contains("namespace0.0: found 62.00 MiB (65.01 MB) when it was made again");
  }
}
