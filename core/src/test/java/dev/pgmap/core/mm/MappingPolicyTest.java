package dev.pgmap.core.mm;

import static dev.pgmap.core.mm.MmLab.GIB;
import static dev.pgmap.core.mm.MmLab.MIB;
import static dev.pgmap.core.mm.MmLab.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmap.core.pgtable.Pte;
import org.junit.jupiter.api.Test;

class MappingPolicyTest {
  private static final int UNMAPPED = -1;

  @Test
  void normalPagesHoldOneReferenceAndOneMapcountPerSmallEntry() {
    try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
      TestDevice device = lab.device(4 * MIB, PAGE);
      long rec = lab.record(device.pfn(1));
      assertThat(lab.pages.mapcount(rec)).isEqualTo(UNMAPPED);
      Task one = lab.task();
      Task two = lab.task();
      long at = one.mm().mmap(device.space, 16 * PAGE, 0, true, true);
      one.mm().load(at + PAGE);
      assertThat(lab.count(device.pfn(1))).isEqualTo(2);
      assertThat(lab.pages.mapcount(rec)).isZero();
      assertThat(lab.count(device.pfn(0))).isEqualTo(1);
      two.mm().store(two.mm().mmap(device.space, PAGE, 1, true, true), (byte) 1);
      assertThat(lab.count(device.pfn(1))).isEqualTo(3);
      assertThat(lab.pages.mapcount(rec)).isEqualTo(1);
      one.mm().munmap(at, 16 * PAGE);
      assertThat(lab.count(device.pfn(1))).isEqualTo(2);
      two.exit();
      assertThat(lab.count(device.pfn(1))).isEqualTo(1);
      assertThat(lab.pages.mapcount(rec)).isEqualTo(UNMAPPED);
      lab.pagemaps.memunmap(device.pgmap);
      lab.assertNothingLeft();
    }
  }

  @Test
  void normalPagesCountAHugeEntryOnceOnTheHead() {
    for (long align : new long[] {2 * MIB, GIB}) {
      try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
        TestDevice device = lab.device(2 * GIB, align);
        Mm mm = lab.task().mm();
        long head = lab.record(device.pfn(align >> 12));
        long at = mm.mmap(device.space, 2 * GIB, 0, true, true);
        mm.load(at + align + 5 * PAGE);
        mm.load(at + align + 7 * PAGE);
        assertThat(lab.refs.count(head)).isEqualTo(2);
        assertThat(lab.pages.entireMapcount(head)).isZero();
        assertThat(lab.pages.mapcount(head)).isEqualTo(UNMAPPED);
        assertThat(lab.count(device.pfn(0))).isEqualTo(1);
        mm.munmap(at, 2 * GIB);
        assertThat(lab.refs.count(head)).isEqualTo(1);
        assertThat(lab.pages.entireMapcount(head)).isEqualTo(UNMAPPED);
      }
    }
  }

  @Test
  void devmapEntriesHoldNothingAndCarryTheBit() {
    for (MappingPolicy policy :
        new MappingPolicy[] {
          MappingPolicy.DEVMAP_ENTRIES, MappingPolicy.DEVMAP_ENTRIES_LATE_MAPPING
        }) {
      try (MmLab lab = new MmLab(policy)) {
        TestDevice device = lab.device(4 * MIB, 2 * MIB);
        Mm mm = lab.task().mm();
        long at = mm.mmap(device.space, 4 * MIB, 0, true, true);
        mm.store(at + PAGE, (byte) 1);
        long entry = mm.tables().find(at).entry();
        assertThat(Pte.isDevmap(entry)).isTrue();
        assertThat(lab.count(device.pfn(0))).isEqualTo(1);
        assertThat(lab.count(device.pfn(1))).isEqualTo(1);
        assertThat(lab.pages.mapcount(lab.record(device.pfn(1)))).isEqualTo(UNMAPPED);
        mm.munmap(at, 4 * MIB);
        assertThat(lab.count(device.pfn(0))).isEqualTo(1);
        assertThat(mm.tables().find(at)).isNull();
      }
    }
  }

  @Test
  void normalPagesCarryNoDevmapBit() {
    try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
      Mm mm = lab.task().mm();
      long at = mm.mmap(lab.device(4 * MIB, PAGE).space, PAGE, 0, true, true);
      mm.load(at);
      assertThat(Pte.isDevmap(mm.tables().find(at).entry())).isFalse();
    }
  }

  @Test
  void aCompoundPageGetsMappingAndIndexInItsHeadRoundedDownToTheFault() {
    for (MappingPolicy policy :
        new MappingPolicy[] {MappingPolicy.DEVMAP_ENTRIES, MappingPolicy.NORMAL_PAGES}) {
      try (MmLab lab = new MmLab(policy)) {
        TestDevice device = lab.device(8 * MIB, 2 * MIB);
        Mm mm = lab.task().mm();
        long at = mm.mmap(device.space, 4 * MIB, 512, true, true);
        mm.load(at + 2 * MIB + 300 * PAGE);
        long head = lab.record(device.pfn(1024));
        assertThat(lab.pages.mapping(head)).isEqualTo(device.space.id());
        assertThat(lab.pages.index(head)).isEqualTo(1024);
        assertThat(lab.pages.mapping(lab.record(device.pfn(1025)))).isNotEqualTo(device.space.id());
        assertThat(lab.pages.mapping(lab.record(device.pfn(512)))).isZero();
      }
    }
  }

  @Test
  void basePagesEachGetMappingAndIndex() {
    try (MmLab lab = new MmLab(MappingPolicy.DEVMAP_ENTRIES_LATE_MAPPING)) {
      TestDevice device = lab.device(4 * MIB, 2 * MIB);
      Mm mm = lab.task().mm();
      long at = mm.mmap(device.space, 4 * MIB, 0, true, true);
      mm.load(at + 2 * MIB + 9 * PAGE);
      for (long pgoff : new long[] {512, 513, 1023}) {
        long rec = lab.record(device.pfn(pgoff));
        assertThat(lab.pages.mapping(rec)).isEqualTo(device.space.id());
        assertThat(lab.pages.index(rec)).isEqualTo(pgoff);
      }
      assertThat(lab.pages.mapping(lab.record(device.pfn(511)))).isZero();
    }
  }

  @Test
  void aMappingThatIsSetStaysAlsoAfterUnmapping() {
    try (MmLab lab = new MmLab(MappingPolicy.NORMAL_PAGES)) {
      TestDevice device = lab.device(4 * MIB, PAGE);
      long rec = lab.record(device.pfn(3));
      lab.pages.setIndex(rec, 77);
      lab.pages.setMapping(rec, 4096);
      Mm mm = lab.task().mm();
      long at = mm.mmap(device.space, 8 * PAGE, 0, true, true);
      mm.touch(at, 8 * PAGE, (byte) 0);
      mm.munmap(at, 8 * PAGE);
      assertThat(lab.pages.mapping(rec)).isEqualTo(4096);
      assertThat(lab.pages.index(rec)).isEqualTo(77);
      assertThat(lab.pages.mapping(lab.record(device.pfn(2)))).isEqualTo(device.space.id());
    }
  }

  @Test
  void theMappingIsSetBeforeTheEntryOrAfterItAsTheEraSays() {
    assertThat(MappingPolicy.DEVMAP_ENTRIES.setsMappingFirst()).isTrue();
    assertThat(MappingPolicy.NORMAL_PAGES.setsMappingFirst()).isTrue();
    assertThat(MappingPolicy.DEVMAP_ENTRIES_LATE_MAPPING.setsMappingFirst()).isFalse();
  }
}
