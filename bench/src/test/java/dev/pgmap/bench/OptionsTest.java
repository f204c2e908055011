package dev.pgmap.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void aWorkloadIsReadBackFromItsOptions() {
    PinCase workload = new PinCase("6.1", PageSize.SIZE_2M, 7, 64, true, 3);

    assertThat(PinCase.parse(workload.toOptions())).isEqualTo(workload);
  }

  @Test
  void aTableHasARowForEachEraSizeAndBatch() {
    List<PinCase> rows =
        PeerRun.workloads(Options.parse(List.of("--page", "4K,1G", "--batch", "1,16")));

    assertThat(rows).hasSize(3 * 2 * 2).doesNotHaveDuplicates();
    assertThat(rows).extracting(PinCase::batch).containsOnly(1, 16);
  }

  @Test
  void whatIsNotAnOptionIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PinCase.parse(List.of("--batches", "1")))
        .withMessageContaining("--batches");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PinCase.parse(List.of("--batch", "0")))
        .withMessageContaining("--batch '0'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PinCase.parse(List.of("--page", "3M")))
        .withMessageContaining("4K, 2M or 1G");
    assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(List.of("--page")));
  }
}
