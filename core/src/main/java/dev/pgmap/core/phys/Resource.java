package dev.pgmap.core.phys;

import dev.pgmap.api.pgmap.PhysRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of the {@link ResourceTree}, {@code struct resource}. Changed only by the tree. */
public final class Resource {
  private final PhysRange range;
  private final String name;
  private final ResourceKind kind;
  private final Resource parent;
  private final List<Resource> children = new ArrayList<>();

  Resource(PhysRange range, String name, ResourceKind kind, @Nullable Resource parent) {
    this.range = range;
    this.name = name;
    this.kind = kind;
    this.parent = parent == null ? this : parent;
  }

  /** The addresses it covers. */
  public PhysRange range() {
    return range;
  }

  /** The name that {@code /proc/iomem} shows. */
  public String name() {
    return name;
  }

  /** What it is. */
  public ResourceKind kind() {
    return kind;
  }

  Resource parent() {
    return parent;
  }

  List<Resource> children() {
    return children;
  }
}
