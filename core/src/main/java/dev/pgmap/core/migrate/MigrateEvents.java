package dev.pgmap.core.migrate;

import dev.pgmap.api.trace.Tracepoint;

/** The trace system {@code migrate}. The methods do nothing: a recorder weaves itself in. */
final class MigrateEvents {
  private MigrateEvents() {}

  /** An entry became a migration entry. */
  @Tracepoint(system = "migrate", event = "set_migration_pte")
  static void setMigrationPte(long addr, long pte, int order) {}

  /** A migration entry became what it maps now. */
  @Tracepoint(system = "migrate", event = "remove_migration_pte")
  static void removeMigrationPte(long addr, long pte, int order) {}
}
