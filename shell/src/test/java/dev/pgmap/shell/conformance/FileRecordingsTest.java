package dev.pgmap.shell.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.page.RefSequences;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Recordings of commands on files, whose pages have other numbers here. */
class FileRecordingsTest {
  private static final String REFSEQ =
      "pfns=2 first=0x70d00 last=0x70d01 :: mod(+1)x2->2 ; mod_and_test(-1)->1 ret=0\n"
          + "pfns=1 first=0x70d09 last=0x70d09 :: mod(+1)->1\n";

  private final Sequences recorded = Sequences.parse(REFSEQ);
  private final RefSequences here = new RefSequences();

  private void twice(long pfn) {
    here.note(pfn, "mod", 1, 1);
    here.note(pfn, "mod", 1, 2);
    here.noteTest(pfn, "mod_and_test", -1, 1, false);
  }

  @Test
  void theSameSequencesOnOtherPagesAreNoDifference() {
    twice(0x100);
    twice(0x900);
    here.note(0x500, "mod", 1, 1);
    assertThat(recorded.differenceButNames(here, pfn -> true, false)).isNull();
    assertThat(recorded.difference(here, pfn -> true)).isNotNull();
  }

  @Test
  void aPageMoreOrLessIsADifference() {
    twice(0x100);
    here.note(0x500, "mod", 1, 1);
    assertThat(recorded.differenceButNames(here, pfn -> true, false))
        .isEqualTo("pages with 'mod(+1)x2->2 ; mod_and_test(-1)->1 ret=0': recorded 2, here 1");
    twice(0x101);
    twice(0x102);
    assertThat(recorded.differenceButNames(here, pfn -> true, false))
        .contains("recorded 2, here 3");
    assertThat(recorded.differenceButNames(here, pfn -> pfn != 0x102, false)).isNull();
  }

  @Test
  void aSequenceThatWasNotRecordedIsADifference() {
    twice(0x100);
    twice(0x101);
    here.note(0x500, "mod", 1, 1);
    here.note(0x501, "set", 1, 1);
    assertThat(recorded.differenceButNames(here, pfn -> true, false))
        .isEqualTo("pages with 'set(+1)->1': recorded 0, here 1");
  }

  @Test
  void whetherACommandWaitedIsComparedButNotHowLong() {
    List<String> waited = Printed.ofRecording("[31.032348] truncate=0  waited_s=2.502");
    assertThat(Printed.ofConsole("[7.1] truncate=0  waited_s=2.498", ""))
        .as("a stamp needs six digits")
        .isNotEqualTo(waited);
    assertThat(Printed.ofConsole("[7.100000] truncate=0  waited_s=2.498", "")).isEqualTo(waited);
    assertThat(Printed.ofConsole("[7.100000] truncate=0  waited_s=0.037", ""))
        .isEqualTo(Printed.ofRecording("[1.000000] truncate=0  waited_s=0.008"))
        .isNotEqualTo(waited);
  }

  @Test
  void numbersOfPagesAreLeftOutOfWhatIsPrinted() {
    assertThat(Printed.withoutPageNumbers("[] page0 va=* pfn=0x70d00 kpageflags=0"))
        .isEqualTo("[] page0 va=* pfn=* kpageflags=0");
    assertThat(Printed.withoutPageNumbers("Memory failure: 0x73e03: Sending SIGBUS to zdtool:*"))
        .isEqualTo("Memory failure: *: Sending SIGBUS to zdtool:*");
    assertThat(Printed.withoutPageNumbers("Injecting memory failure for pfn 0x73e03 at process"))
        .isEqualTo("Injecting memory failure for pfn * at process");
  }

  @Test
  void whyAPinFellShortIsToldByItsSizeAlone() {
    assertThat(Printed.ofConsole("\u0001gup_test: PIN_LONGTERM_BENCHMARK ended at 0x7f00: x", ""))
        .isEmpty();
    assertThat(Printed.ofConsole("\u0001gup_test: no such file (-ENOENT)", ""))
        .containsExactly("error ENOENT");
  }
}
