package dev.pgmap.trace.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The format of an event: what {@code events/SYSTEM/NAME/format} states.
 *
 * <p>Immutable. Equality is identity: two sources may define one id differently.
 */
public final class EventFormat {
  private static final List<EventField> COMMON =
      List.of(
          EventField.of("unsigned short common_type", 0, 2, false),
          EventField.of("unsigned char common_flags", 2, 1, false),
          EventField.of("unsigned char common_preempt_count", 3, 1, false),
          EventField.of("int common_pid", 4, 4, true));

  private final String system;
  private final String name;
  private final int id;
  private final List<EventField> common;
  private final List<EventField> fields;
  private final String printFmt;
  private final Map<String, EventField> byName = new HashMap<>();
  private final EventField[] all;

  /**
   * A format.
   *
   * @param common the fields that all events share, {@code common_type} first
   * @param fields the event's own
   * @param printFmt what follows {@code print fmt:}; empty if there is none
   */
  public EventFormat(
      String system,
      String name,
      int id,
      List<EventField> common,
      List<EventField> fields,
      String printFmt) {
    this.system = system;
    this.name = name;
    this.id = id;
    this.common = List.copyOf(common);
    this.fields = List.copyOf(fields);
    this.printFmt = printFmt;
    common.forEach(field -> byName.putIfAbsent(field.name(), field));
    fields.forEach(field -> byName.put(field.name(), field));
    this.all = byName.values().toArray(EventField[]::new);
  }

  /** The four common fields of a 64-bit kernel, 8 bytes in all. */
  public static List<EventField> commonFields() {
    return COMMON;
  }

  /** The event system, such as {@code page_ref}. */
  public String system() {
    return system;
  }

  /** The event, such as {@code page_ref_mod}. */
  public String name() {
    return name;
  }

  /** {@code system:name}. */
  public String fullName() {
    return system + ":" + name;
  }

  /** The number that {@code common_type} holds. */
  public int id() {
    return id;
  }

  /** The fields that all events share. */
  public List<EventField> common() {
    return common;
  }

  /** The event's own fields. */
  public List<EventField> fields() {
    return fields;
  }

  /** What follows {@code print fmt:}. */
  public String printFmt() {
    return printFmt;
  }

  /** The field of that name, a common one too; null if there is none. */
  public @Nullable EventField field(String fieldName) {
    return byName.get(fieldName);
  }

  /** Whether a field is one of this format, a common one too. */
  @SuppressWarnings(
      "ReferenceEquality") // Asked for each number read: mostly of these very objects.
  public boolean has(EventField field) {
    for (EventField own : all) {
      if (own == field) {
        return true;
      }
    }
    return field.equals(byName.get(field.name()));
  }

  /** Bytes of a record of this format, without what {@code __data_loc} fields point to. */
  public int bytes() {
    int end = 0;
    for (EventField field : byName.values()) {
      end = Math.max(end, field.offset() + field.bytes());
    }
    return end;
  }

  /** The text of the format file. */
  public String toText() {
    List<String> lines = new ArrayList<>();
    lines.add("name: " + name);
    lines.add("ID: " + id);
    lines.add("format:");
    common.forEach(field -> lines.add(field.line()));
    lines.add("");
    fields.forEach(field -> lines.add(field.line()));
    lines.add("");
    lines.add("print fmt: " + printFmt);
    return String.join("\n", lines) + "\n";
  }

  @Override
  public String toString() {
    return fullName();
  }
}
