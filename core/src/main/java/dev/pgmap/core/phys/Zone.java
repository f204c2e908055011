package dev.pgmap.core.phys;

/** What System RAM may be used for. */
public enum Zone {
  /** Anything. */
  NORMAL("Normal"),
  /** Memory of tasks and files only, never the engine's own, so that it can be taken away again. */
  MOVABLE("Movable");

  private final String text;

  Zone(String text) {
    this.text = text;
  }

  /** The name that sysfs shows. */
  public String text() {
    return text;
  }
}
