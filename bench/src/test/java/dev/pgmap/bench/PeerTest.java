package dev.pgmap.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The peer counts what it pins in every style. */
class PeerTest {
  @Test
  void everyStyleCountsRight(@TempDir Path directory) throws IOException, InterruptedException {
    Optional<Peer> peer = Peer.compile(directory);
    assumeTrue(peer.isPresent(), "no gcc here: no peer");

    for (String era : List.of("5.10", "6.1", "7.2")) {
      for (PageSize size : PageSize.values()) {
        for (boolean inDevice : List.of(true, false)) {
          int mib = size == PageSize.SIZE_1G ? 1024 : 4;
          PinCase workload = new PinCase(era, size, 100, mib, inDevice, 2);
          List<String> output = Child.run(peer.get().command(workload));
          assertThat(output).as("%s", workload).filteredOn(l -> l.startsWith("time")).hasSize(2);
          assertThat(PinTimes.parse(output, workload.nrPages()).pin()).isPositive();
        }
      }
    }
  }
}
