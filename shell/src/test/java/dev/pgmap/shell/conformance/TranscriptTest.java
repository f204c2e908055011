package dev.pgmap.shell.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is noise in printed lines, and what is not. */
class TranscriptTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "[4.834465] page0 va=0x7f14 pfn=0x70203 kpageflags=0 ~ [] page0 va=* pfn=0x70203"
            + " kpageflags=0",
        "[4.8] signal 7 addr=0x7f14 addr-base=0x3000 ~ [4.8] signal 7 addr=* addr-base=0x3000",
        "PIN_FAST_BENCHMARK: Time: get:5552 put:46 us ~ PIN_FAST_BENCHMARK: Time: get:* put:* us",
        "destroy rc=0 end 14.50 ~ destroy rc=0 end *",
        "destroy-start 9.93 ~ destroy-start *",
        "\"size\":\"62.00 MiB (65.01 MB)\" ~ \"size\":\"62.00 MiB (65.01 MB)\"",
        "gup_test: No such file or directory ~ error ENOENT",
        "error destroying namespaces: Device or resource busy ~ error EBUSY",
        "[1.000000] madvise=-1 Input/output error ~ [] madvise=-1 Input/output error"
      })
  void aRecordedLineLosesItsNoise(String line, String rest) {
    assertThat(Printed.ofRecording(line)).containsExactly(rest);
  }

  @Test
  void anErrorMayFollowOnTheSameLine() {
    assertThat(Printed.ofRecording("0x70605sh: write error: Device or resource busy"))
        .containsExactly("0x70605", "error EBUSY");
    assertThat(Printed.ofConsole("0x70605\u0001/sys/x: page is dax, expected ... (-EBUSY)", ""))
        .containsExactly("0x70605", "error EBUSY");
  }

  @Test
  void theLinesOwnProcessesAreNoProcessesOfNote() {
    assertThat(Printed.ofRecording("  103 root     sh -c zdtool a; ps | grep zdtool")).isEmpty();
    assertThat(Printed.ofRecording("  112 root     {ps} sh -c zdtool a")).isEmpty();
    assertThat(Printed.ofRecording("  113 root     grep zdtool")).isEmpty();
    assertThat(Printed.ofConsole("100  -       sh -c zdtool a; ps | grep zdtool", "")).isEmpty();
    assertThat(Printed.ofConsole("101  2M      zdtool", "")).hasSize(1);
    assertThat(Printed.ofRecording("  110 root     [zdtool]")).hasSize(1);
    assertThat(Oops.isDeadTask("  110 root     [zdtool]", List.of("zdtool"))).isTrue();
    assertThat(Oops.isDeadTask("  110 root     [zdtool]", List.of())).isFalse();
  }

  @Test
  void anErrorThatOnlyExplainsAResultIsLeftOut() {
    String explanation = "\u0001zdtool: io_uring buffer: a file, expected none (-EOPNOTSUPP)";
    String result = "[] register_buffers=-1 Operation not supported holding";
    assertThat(Printed.ofConsole(explanation, result)).isEmpty();
    assertThat(Printed.ofConsole(explanation, "[] page0")).containsExactly("error EOPNOTSUPP");
  }

  @Test
  void messagesThatAreNoErrorsAreKept() {
    assertThat(Printed.ofConsole("\u0001destroyed 1 namespace", ""))
        .containsExactly("destroyed 1 namespace");
  }

  @ParameterizedTest
  @CsvSource({
    "14.451463, 14.50, waited for the holder",
    "16.150273, 11.96, did not wait for the holder",
    "14.456000, 14.45, waited for the holder"
  })
  void whoeverEndsAfterTheReleaseHasWaited(String released, String end, String wait) {
    String text = "[" + released + "] releasing\ndestroy rc=0 end " + end + "\n";
    assertThat(Wait.in(text)).containsExactly(wait);
  }

  @Test
  void withoutAHolderNobodyWaits() {
    assertThat(Wait.in("destroy rc=0 end 14.50\n")).isEmpty();
  }

  @Test
  void anOopsNamesItsTaskOnce() {
    String dmesg =
        """
        [   16.1] BUG: unable to handle page fault for address: fffffffffffffffe
        [   16.1] Oops: 0000 [#1] SMP
        [   16.1] CPU: 0 PID: 104 Comm: zdtool Not tainted 6.1.192-zd #1
        [   17.1] BUG: kernel NULL pointer dereference, address: 0000000000000016
        [   17.1] CPU: 0 UID: 0 PID: 110 Comm: zdtool Not tainted 6.12.117-zd #1
        """;
    assertThat(Oops.recorded(dmesg)).containsExactly("zdtool");
    assertThat(Oops.recorded("[ 1.0] all is well")).isEmpty();
  }
}
