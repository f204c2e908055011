package dev.pgmap.trace.ledger.pairing;

import dev.pgmap.trace.event.TraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of families: which functions release what others acquired. Immutable.
 *
 * <p>{@link #standard} is made of {@code pairs.txt}, which states the notation; {@link #plus} adds
 * lines of the same notation, such as a driver's own pair.
 */
public final class FunctionPairs {
  /** Families that a table can have: as many as an int has bits. */
  public static final int MAX_FAMILIES = 32;

  private static final String RESOURCE = "pairs.txt";
  private static final String BOUNDARY = "boundary:";
  private static final Pattern LINE = Pattern.compile("([\\w-]+)\\s*\\[(\\w+)]\\s*:(.*?)<->(.*)");

  private final List<Family> families;
  private final List<String> boundaries;

  private FunctionPairs(List<Family> families, List<String> boundaries) {
    this.families = List.copyOf(families);
    this.boundaries = List.copyOf(boundaries);
  }

  /** The table that comes with the program. */
  public static FunctionPairs standard() {
    try (InputStream in = FunctionPairs.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the program");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new FunctionPairs(List.of(), List.of()).plus(RESOURCE, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * This table with more families in front: of two families that fit, both count.
   *
   * @param source what messages call the text
   * @throws TraceException if a line is none, or there are more than {@link #MAX_FAMILIES}
   */
  public FunctionPairs plus(String source, String text) {
    List<Family> more = new ArrayList<>();
    List<String> ends = new ArrayList<>(boundaries);
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      if (line.startsWith(BOUNDARY)) {
        ends.addAll(words(line.substring(BOUNDARY.length())));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        more.add(family(source, number, line));
      }
    }
    more.addAll(families);
    if (more.size() > MAX_FAMILIES) {
      throw new TraceException(
          source,
          more.size() + " families",
          "at most " + MAX_FAMILIES + " with the standard ones",
          "join some");
    }
    return new FunctionPairs(more, ends);
  }

  private static Family family(String source, int number, String line) {
    Matcher matcher = LINE.matcher(line);
    if (matcher.matches()) {
      for (Holding holding : Holding.values()) {
        if (holding.name().toLowerCase(Locale.ROOT).equals(matcher.group(2))) {
          return new Family(
              matcher.group(1), holding, words(matcher.group(3)), words(matcher.group(4)));
        }
      }
    }
    throw TraceException.atLine(
        source,
        number,
        "'%s'".formatted(line),
        "NAME [user|mapping|cache|engine]: acquirers <-> releasers",
        "state it as in 'my-pin [user]: my_get <-> my_put'");
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  /** The families; the place of one is its bit in a mask. */
  public List<Family> families() {
    return families;
  }

  /** The bits of the families that a function acquires for. */
  int acquires(String function) {
    int mask = 0;
    for (int i = 0; i < families.size(); i++) {
      mask |= Family.matches(families.get(i).acquirers(), function) ? 1 << i : 0;
    }
    return mask;
  }

  /** The bits of the families that a function releases. */
  int releases(String function) {
    int mask = 0;
    for (int i = 0; i < families.size(); i++) {
      mask |= Family.matches(families.get(i).releasers(), function) ? 1 << i : 0;
    }
    return mask;
  }

  /** Whether what stands above a function in a stack does not hold what is acquired below. */
  boolean isBoundary(String function) {
    return Family.matches(boundaries, function);
  }
}
