package dev.pgmap.shell.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.shell.session.CommandException;
import dev.pgmap.shell.session.Exit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "4K, 4096",
    "4k, 4096",
    "2M, 2097152",
    "16384M, 17179869184",
    "2G, 2147483648",
    "1T, 1099511627776",
    "0x200000, 2097152",
    "0x2M, 2097152",
    "8388607T, 9223370937343148032"
  })
  void readsWhatNdctlReads(String text, long bytes) {
    assertThat(Sizes.parse("--size", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "M",
        "12Q",
        "-1",
        "-4K",
        "1.5G",
        "4 K",
        "0x",
        "0xg",
        "KM",
        "2MM",
        "9999999999999999999",
        "8388608T",
        "+4",
        "４"
      })
  void refusesTheRest(String text) {
    assertThatThrownBy(() -> Sizes.parse("--size", text))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(Exit.USAGE))
        .hasMessageStartingWith("--size: found '" + text + "', expected a number of bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1023, 1023",
    "65011712, 62.00 MiB (65.01 MB)",
    "67108864, 64.00 MiB (67.11 MB)",
    "805306368, 768.00 MiB (805.31 MB)",
    "803209216, 766.00 MiB (803.21 MB)",
    "3221225472, 3.00 GiB (3.22 GB)",
    "16777216, 16.00 MiB (16.78 MB)",
    "1099511627776, 1.00 TiB (1.10 TB)"
  })
  void printsWhatNdctlPrints(long bytes, String text) {
    assertThat(Sizes.human(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "4096, 4K", "2097152, 2M", "3221225472, 3G", "6144, 6K"})
  void isBrief(long bytes, String text) {
    assertThat(Sizes.brief(bytes)).isEqualTo(text);
    assertThat(Sizes.parse("size", text)).isEqualTo(bytes);
  }
}
