package dev.pgmap.core.gup;

import java.util.EnumSet;
import java.util.Set;

/**
 * The answers of one family of kernels to the questions that this package asks.
 *
 * @param leafWalk how the pages behind a huge leaf are taken by the fast walk
 * @param slowBatchLevel the lowest level whose leaves the slow walk takes in one step with all
 *     further pages in a second addition: {@link dev.pgmap.core.pgtable.Geometry#PMD} from 6.15 on,
 *     PUD in 6.12, above all leaves before
 * @param longterm how longterm pins of DAX files are refused
 * @param rules the questions that are answered with yes
 */
public record GupPolicies(
    LeafWalk leafWalk, int slowBatchLevel, LongtermRule longterm, Set<Rule> rules) {

  /** A question on which kernels differ. */
  public enum Rule {
    /**
     * Up to 6.16: gup looks up the pgmap of a devmap entry and holds it while it takes the page.
     */
    LOOKS_UP_PAGEMAP,

    /** Up to 5.17: dropping n references subtracts n - 1 and then puts one. */
    PUTS_PIN_IN_TWO_STEPS,

    /** 5.6 on: pins exist; before, what asks for a pin gets a plain reference. */
    COUNTS_PINS,

    /**
     * After 6.1: the fast call takes a folio before it looks whether it may be pinned for long, and
     * gives it back.
     */
    TAKES_BEFORE_LONGTERM_TEST,

    /** 6.2 on: memory of PCI devices is taken only where the caller says that it can do with it. */
    GUARDS_P2PDMA,

    /** 6.4 on: the fast call leaves longterm pins for writing of file memory to the slow one. */
    LEAVES_FILES_TO_SLOW
  }

  /** Copies the set. */
  public GupPolicies {
    rules = Set.copyOf(rules);
  }

  /** The policies with these rules and no other. */
  public static GupPolicies of(
      LeafWalk leafWalk, int slowBatchLevel, LongtermRule longterm, Rule... rules) {
    return new GupPolicies(leafWalk, slowBatchLevel, longterm, Set.of(rules));
  }

  /** The same with another rule on longterm pins. */
  public GupPolicies withLongterm(LongtermRule other) {
    return new GupPolicies(leafWalk, slowBatchLevel, other, rules);
  }

  /** The same with another walk. */
  public GupPolicies withLeafWalk(LeafWalk other) {
    return new GupPolicies(other, slowBatchLevel, longterm, rules);
  }

  /** The same with one question answered otherwise. */
  public GupPolicies with(Rule rule, boolean yes) {
    EnumSet<Rule> changed = EnumSet.noneOf(Rule.class);
    changed.addAll(rules);
    if (yes) {
      changed.add(rule);
    } else {
      changed.remove(rule);
    }
    return new GupPolicies(leafWalk, slowBatchLevel, longterm, changed);
  }

  /** Whether gup looks up the pgmap of a devmap entry. */
  public boolean looksUpPagemap() {
    return rules.contains(Rule.LOOKS_UP_PAGEMAP);
  }

  /** Whether dropping n references subtracts n - 1 and then puts one. */
  public boolean putsPinInTwoSteps() {
    return rules.contains(Rule.PUTS_PIN_IN_TWO_STEPS);
  }

  /** Whether pins are told from plain references. */
  public boolean countsPins() {
    return rules.contains(Rule.COUNTS_PINS);
  }
}
