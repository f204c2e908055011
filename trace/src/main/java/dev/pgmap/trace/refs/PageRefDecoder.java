package dev.pgmap.trace.refs;

import dev.pgmap.trace.event.EventField;
import dev.pgmap.trace.event.EventFormat;
import dev.pgmap.trace.event.EventTable;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.event.TraceException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads changes of page counts from events, through the formats that the source states.
 *
 * <p>Any event with numbers {@code pfn} and {@code val} is one. Those with the kernel's seven names
 * mean what the kernel means; all others, such as lines of printk or of a probe, add {@code val},
 * or take it away if the event's name ends with {@code put}. Fields are looked up once per format.
 *
 * <p>For one thread.
 */
public final class PageRefDecoder {
  private final @Nullable RefLayout[] byId;

  /**
   * A decoder for a source's formats.
   *
   * @throws TraceException if an event of the {@code page_ref} system lacks pfn or val
   */
  public PageRefDecoder(EventTable events) {
    byId = new RefLayout[1 + events.all().stream().mapToInt(EventFormat::id).max().orElse(0)];
    for (EventFormat format : events.all()) {
      byId[format.id()] = layout(format);
    }
  }

  private static @Nullable RefLayout layout(EventFormat format) {
    RefLayout layout = RefLayout.of(format);
    if (layout == null && PageRefKind.named(format.name()) != null) {
      throw new TraceException(
          "format of " + format,
          "fields " + format.fields().stream().map(EventField::name).toList(),
          "numbers pfn and val",
          "record it with the kernel's own page_ref events");
    }
    return layout;
  }

  /** Whether the source has any event that changes a page's count. */
  public boolean hasEvents() {
    return Arrays.stream(byId).anyMatch(layout -> layout != null);
  }

  /** Whether events of that format change a page's count. */
  public boolean decodes(EventFormat format) {
    return find(format) != null;
  }

  /**
   * Reads an event.
   *
   * @return false, with {@code into} unchanged, if it does not change a page's count
   */
  public boolean decode(TraceEvent event, PageRef into) {
    RefLayout layout = find(event.format());
    if (layout == null) {
      return false;
    }
    into.kind = layout.kind();
    into.pfn = event.number(layout.pfn());
    into.val = layout.sign() * (int) event.number(layout.val());
    into.ret = number(event, layout.ret(), 0);
    into.count = number(event, layout.count(), PageRef.NO_COUNT);
    into.large = layout.large(event);
    EventField refId = layout.refId();
    into.refId = refId == null ? PageRef.NO_ID : event.number(refId);
    into.pid = event.pid();
    into.cpu = event.cpu();
    into.stamp = event.timestamp();
    return true;
  }

  private static int number(TraceEvent event, @Nullable EventField field, int otherwise) {
    return field == null ? otherwise : (int) event.number(field);
  }

  private @Nullable RefLayout find(EventFormat format) {
    int id = format.id();
    RefLayout layout = id < byId.length ? byId[id] : null;
    if (layout == null || layout.format() == format) {
      return layout;
    }
    // Another buffer of the source may state the format again, as an object of its own.
    RefLayout other = layout(format);
    byId[id] = other;
    return other;
  }
}
