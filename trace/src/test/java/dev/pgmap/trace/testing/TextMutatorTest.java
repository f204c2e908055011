package dev.pgmap.trace.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmap.trace.event.TraceException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextMutatorTest {
  private final TextMutator mutator = new TextMutator(5, List.of("word"));

  @Test
  void aParserThatFailsOtherwiseIsCaught() {
    assertThatThrownBy(() ->
            mutator.feed(
                List.of("pfn == 1"),
                1000,
                text -> {
                  if (text.contains("(")) {
                    throw new IllegalStateException("canary");
                  }
                }))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("seed 5, round ")
        .hasRootCauseMessage("canary");
  }

  @Test
  void aParserThatRefusesGoesOn() {
    Set<String> seen = new HashSet<>();

    mutator.feed(
        List.of("pfn == 1"),
        1000,
        text -> {
          seen.add(text);
          throw new TraceException("here", "that", "this", "");
        });

    assertThat(seen).hasSizeGreaterThan(500);
  }
}
