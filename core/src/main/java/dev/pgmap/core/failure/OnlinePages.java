package dev.pgmap.core.failure;

import dev.pgmap.core.failure.FailurePolicies.Rule;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.page.SubsectionMap;
import dev.pgmap.core.phys.PageMath;
import dev.pgmap.core.phys.Ram;

/** Tells pages that are in use as RAM from those of devices. Thread-safe. */
final class OnlinePages {
  private final StructPages pages;
  private final Ram ram;
  private final boolean mixedSectionsAreOnline;

  OnlinePages(StructPages pages, Ram ram, FailurePolicies policies) {
    this.pages = pages;
    this.ram = ram;
    this.mixedSectionsAreOnline = policies.has(Rule.MIXED_SECTIONS_ARE_ONLINE);
  }

  /** {@code pfn_valid}: whether there is a struct page. */
  boolean isValid(long pfn) {
    return pages.recordOrZero(pfn) != 0;
  }

  /** {@code pfn_to_online_page}: whether this kernel takes the page for one of RAM. */
  boolean isOnline(long pfn) {
    return isValid(pfn) && (isRam(pfn) || mixedSectionsAreOnline && isInSectionWithRam(pfn));
  }

  boolean isRam(long pfn) {
    long address = pfn << PageMath.PAGE_SHIFT;
    return ram.ranges().stream()
        .anyMatch(range -> address >= range.start() && address <= range.end());
  }

  /** The struct pages of a section that has RAM were all made at boot. */
  private boolean isInSectionWithRam(long pfn) {
    return pages.map().isEarly(pfn >>> SubsectionMap.SUBSECTION_PAGES_SHIFT);
  }
}
