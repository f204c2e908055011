package dev.pgmap.trace.read.text;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the lines of one event have looked like so far. */
final class EventSketch {
  private static final int MAX_FIELDS = 256;
  private static final int MAX_NAME_CHARS = 64;

  private final @Nullable KernelSchema kernel;
  private final Map<String, FieldSketch> fields = new LinkedHashMap<>();
  private boolean fitsKernel;

  /**
   * A sketch without lines.
   *
   * @param kernel what the catalog says of an event of that name; null if it has none
   */
  EventSketch(@Nullable KernelSchema kernel) {
    this.kernel = kernel;
    this.fitsKernel = kernel != null;
  }

  void add(FieldList line) {
    fitsKernel = fitsKernel && kernel != null && kernel.fits(line);
    for (int i = 0; i < line.size(); i++) {
      String name = line.name(i);
      boolean ours = name.equals(FreeSchema.TEXT) || name.startsWith("common_");
      if (!ours
          && name.length() <= MAX_NAME_CHARS
          && (fields.size() < MAX_FIELDS || fields.containsKey(name))) {
        fields.computeIfAbsent(name, unused -> new FieldSketch()).add(line.value(i));
      }
    }
  }

  /** The schema that fits all lines. */
  Schema schema(String system, String name, int id) {
    return kernel != null && fitsKernel ? kernel : FreeSchema.of(system, name, id, fields);
  }
}
