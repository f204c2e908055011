package dev.pgmap.core.migrate;

import dev.pgmap.api.pgmap.MemoryType;
import dev.pgmap.core.mm.MmContext;
import dev.pgmap.core.page.StructPages;
import dev.pgmap.core.pgmap.DevPagemap;
import org.jspecify.annotations.Nullable;

/** What kind of memory a folio is ({@code folio_is_device_private} and its like). Stateless. */
final class DeviceFolio {
  private DeviceFolio() {}

  /** Whether it is memory of a device. */
  static boolean isDevice(MmContext context, long head) {
    return context.pages().isZoneDevice(context.pages().record(head));
  }

  /** The pgmap of a folio of a device, or null. */
  static @Nullable DevPagemap pagemap(MmContext context, long head) {
    StructPages pages = context.pages();
    long rec = pages.record(head);
    return pages.isZoneDevice(rec) ? context.pagemaps().byIndex(pages.pgmapIndex(rec)) : null;
  }

  /** Whether it is memory of that type. */
  static boolean is(MmContext context, long head, MemoryType type) {
    DevPagemap pgmap = pagemap(context, head);
    return pgmap != null && pgmap.spec().type() == type;
  }
}
