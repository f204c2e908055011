package dev.pgmap.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTimeTest {
  @Test
  void cpuTimeIsThatOfUserAndKernel() {
    assertThat(ProcessTime.parse("1.500 0.250")).isEqualTo(1.75);
  }

  @Test
  void aProcessThatWorksTakesTime() throws Exception {
    String work = "for ((i = 0; i < 100000; i++)); do :; done; echo done";

    assertThat(ProcessTime.cpuSeconds(List.of("bash", "-c", work))).isBetween(0.01, 30.0);
  }

  @Test
  void aProcessThatFailsHasNoTime() {
    assertThatThrownBy(() -> ProcessTime.cpuSeconds(List.of("bash", "-c", "exit 3")))
        .isInstanceOf(IllegalStateException.class);
  }
}
