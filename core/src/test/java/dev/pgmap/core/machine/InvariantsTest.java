package dev.pgmap.core.machine;

import static dev.pgmap.core.testing.DevdaxMachine.DATA_PFN;
import static dev.pgmap.core.testing.DevdaxMachine.MIB;
import static dev.pgmap.core.testing.DevdaxMachine.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.api.pgmap.PhysRange;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.nvdimm.MapLocation;
import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.testing.DevdaxMachine;
import dev.pgmap.core.testing.EachEra;
import dev.pgmap.core.testing.Mapping;
import dev.pgmap.core.vmemmap.Altmap;
import java.lang.reflect.Field;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checker finds what is broken on purpose; these machines are not idle and sound after it. */
class InvariantsTest {
  private DevdaxMachine m = new DevdaxMachine(Era.V7_2);

  @AfterEach
  void close() {
    m.close();
  }

  private void given(String era, long align) {
    m.close();
    m = new DevdaxMachine(Era.named(era));
    m.create(0, align, MapLocation.DEV);
    assertThat(Invariants.checkIdle(m.machine)).isEmpty();
  }

  private void assertFound(String part) {
    List<String> findings = Invariants.check(m.machine);
    assertThat(findings).as("findings").isNotEmpty();
    assertThat(findings).anyMatch(finding -> finding.contains(part));
    assertThat(Invariants.checkIdle(m.machine)).containsAll(findings);
  }

  private PageRefs refs() {
    return m.machine.pageRefs();
  }

  private StructPages pages() {
    return m.machine.structPages();
  }

  @EachEra
  void aLostBaseReferenceIsFound(String era) {
    given(era, PAGE);
    refs().dropBase(DATA_PFN + 3, pages().record(DATA_PFN + 3));
    assertFound("page 0x70203: no base reference");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"5.17", "6.1", "6.12", "7.2"})
  void morePinsThanReferencesAreFound(String era) {
    given(era, 2 * MIB);
    pages().addPincount(DATA_PFN, pages().record(DATA_PFN), 1);
    assertFound("page 0x70200: 0 users, but 0 mappings and 1 pins");
  }

  @Test
  void aMemoryBlockThatIsOnlineWithoutRamIsFound() {
    given("7.2", PAGE);
    m.machine.ram().offline(PhysRange.ofLength(0x7400_0000L, 64 * MIB));
    assertFound("memory14: online is true, but it has RAM is false");
  }

  @Test
  void moreMappingsThanReferencesAreFound() {
    given("7.2", PAGE);
    pages().addMapcount(pages().record(DATA_PFN), 1);
    assertFound("0 users, but 1 mappings");
  }

  @Test
  void aNegativeMapcountIsFound() {
    given("7.2", 2 * MIB);
    pages().addEntireMapcount(pages().record(DATA_PFN), -1);
    assertFound("-1 mappings");
  }

  @ParameterizedTest(name = "tail {0}")
  @ValueSource(ints = {1, 2, 63, 64, 127, 300, 511})
  void aReferencedTailIsFoundWhereEachHasItsOwnRecord(int tail) {
    given("5.17", 2 * MIB);
    refs().mod(DATA_PFN + tail, pages().record(DATA_PFN + tail), 1);
    assertFound("page 0x%x: is not an unreferenced tail".formatted(DATA_PFN + tail));
  }

  @ParameterizedTest(name = "tail {0}")
  @ValueSource(ints = {1, 64, 127, 128, 511})
  void aTailWithAnotherHeadIsFoundAlsoThroughASharedRecord(int tail) {
    given("7.2", 2 * MIB);
    m.destroy(0);
    m.create(0, 2 * MIB, MapLocation.MEM);
    pages().prepTail(pages().record(DATA_PFN + tail), DATA_PFN + 512);
    assertFound("is not an unreferenced tail of 0x70200");
  }

  @EachEra
  void aHeadThatBecameATailIsFound(String era) {
    given(era, PAGE);
    pages().prepTail(pages().record(DATA_PFN + 1), DATA_PFN);
    assertFound("page 0x70201: is not a head of pgmap 1 (dax0.0)");
  }

  @EachEra
  void aLostReferenceOfAPagemapIsFound(String era) {
    given(era, 2 * MIB);
    m.machine.pagemaps().putDevPagemap(m.pagemap(0));
    assertFound("pgmap 1 (dax0.0)");
  }

  @EachEra
  void anAltmapThatLostPagesIsFound(String era) throws ReflectiveOperationException {
    given(era, PAGE);
    Field allocPages = Altmap.class.getDeclaredField("allocPages");
    allocPages.setAccessible(true);
    allocPages.setLong(m.pagemap(0).altmap(), 8);
    assertFound("altmap.alloc is");
  }

  @EachEra
  void heldPagesAreFoundByTheCheckForIdleMachinesOnly(String era) {
    for (long align : new long[] {PAGE, 2 * MIB}) {
      given(era, align);
      Mapping mapping = m.map(0, 2 * MIB).touch();
      assertThat(Invariants.checkIdle(m.machine)).as("mapped").isEmpty();

      mapping.take(Mapping.GET_FAST, 0, 1, 0);
      assertThat(Invariants.check(m.machine)).isEmpty();
      assertThat(Invariants.checkIdle(m.machine)).singleElement().asString().contains("0x70200");

      mapping.take(Mapping.PIN_FAST, 1, 1, FollFlag.WRITE);
      assertThat(Invariants.check(m.machine)).isEmpty();
      assertThat(Invariants.checkIdle(m.machine)).last().asString().contains("1 pages pinned");
    }
  }
}
