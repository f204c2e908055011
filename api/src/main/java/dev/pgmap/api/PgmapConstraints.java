package dev.pgmap.api;

import dev.pgmap.api.pgmap.MemoryType;
import java.util.Set;

/**
 * What a plugin states about itself, readable before any of its code runs.
 *
 * @param module the module name that {@code lsmod} shows
 * @param description one line for {@code modinfo}
 * @param apiRange the {@link ApiVersion} range it was built for, such as {@code >=1.0.0 & <2.0.0}
 * @param types the memory types whose pgmaps it supplies ops for
 * @param shifts the {@code vmemmap_shift} values it may ask for (0, 9, 18 on x86-64, others
 *     elsewhere)
 * @param eras the era names it supports; {@code *} stands for all
 * @param mode the namespace or device mode that it drives, such as {@code devdax}
 * @param onRequest whether it is loaded only when somebody asks for it, as a module for tests is
 */
public record PgmapConstraints(
    String module,
    String description,
    String apiRange,
    Set<MemoryType> types,
    Set<Integer> shifts,
    Set<String> eras,
    String mode,
    boolean onRequest) {

  /** Copies the sets, so that the value is immutable. */
  public PgmapConstraints {
    types = Set.copyOf(types);
    shifts = Set.copyOf(shifts);
    eras = Set.copyOf(eras);
  }
}
