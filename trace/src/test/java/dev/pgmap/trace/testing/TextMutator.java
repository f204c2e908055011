package dev.pgmap.trace.testing;

import dev.pgmap.trace.event.TraceException;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Damages texts at random, for parsers to survive: they take a text or refuse it with a {@link
 * TraceException}, and do neither hang nor fail in any other way.
 */
public final class TextMutator {
  private static final String CHARS =
      "()[]{}<>\"'\\%$!&|=~*/+-.,:;?#_ \t\n0123456789abcxyzREC\0\u00e9";

  private final Random random;
  private final long seed;
  private final List<String> tokens;

  /**
   * A mutator.
   *
   * @param tokens words that it puts in as well as single characters
   */
  public TextMutator(long seed, List<String> tokens) {
    this.seed = seed;
    this.random = new Random(seed);
    this.tokens = List.copyOf(tokens);
  }

  /**
   * Feeds a parser with damaged texts.
   *
   * @param texts good ones, to start from
   * @param rounds how many damaged ones to make
   * @return how many of them the parser took
   * @throws AssertionError that states the seed and the text, if the parser fails otherwise
   */
  public int feed(List<String> texts, int rounds, Consumer<String> parser) {
    int taken = 0;
    for (int round = 0; round < rounds; round++) {
      String text = damaged(texts.get(random.nextInt(texts.size())));
      try {
        parser.accept(text);
        taken++;
      } catch (TraceException refused) {
        // as it should be
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed %d, round %d: '%s'".formatted(seed, round, text), e);
      }
    }
    return taken;
  }

  private String damaged(String text) {
    StringBuilder damaged = new StringBuilder(text);
    for (int left = 1 + random.nextInt(8); left > 0; left--) {
      damage(damaged);
    }
    return damaged.toString();
  }

  private void damage(StringBuilder text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(12));
    switch (random.nextInt(5)) {
      case 0 -> text.delete(at, end);
      case 1 -> text.insert(at, CHARS.charAt(random.nextInt(CHARS.length())));
      case 2 -> text.insert(at, tokens.get(random.nextInt(tokens.size())));
      case 3 -> text.insert(at, text.substring(at, end).repeat(1 + random.nextInt(40)));
      default -> text.replace(at, end, CHARS.substring(random.nextInt(CHARS.length())));
    }
  }
}
