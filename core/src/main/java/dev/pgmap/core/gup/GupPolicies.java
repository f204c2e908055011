package dev.pgmap.core.gup;

/**
 * The answers of one family of kernels to the questions that this package asks.
 *
 * @param devmapTest whether gup looks up the pgmap of a devmap entry and sends longterm pins of one
 *     to the slow path (up to 6.14); without it a longterm pin for writing of file memory goes
 *     there
 * @param leafWalk how the pages behind a huge leaf are taken by the fast walk
 * @param slowBatchLevel the lowest level whose leaves the slow walk takes in one step with all
 *     further pages in a second addition: {@link dev.pgmap.core.pgtable.Geometry#PMD} from 6.17 on,
 *     PUD in 6.12, above all leaves before
 * @param putsPinInTwoSteps whether dropping n references subtracts n - 1 and then puts one (up to
 *     5.17)
 */
public record GupPolicies(
    boolean devmapTest, LeafWalk leafWalk, int slowBatchLevel, boolean putsPinInTwoSteps) {}
