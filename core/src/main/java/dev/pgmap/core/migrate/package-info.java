/**
 * Migration of pages between RAM and memory that a device owns: {@code mm/migrate_device.c}, and
 * what it needs of {@code mm/migrate.c}.
 *
 * <p>Key types: {@link dev.pgmap.core.migrate.MigrateVma} migrates a part of an area, {@link
 * dev.pgmap.core.migrate.MigrateDevice} pages found by their numbers, wherever they are mapped.
 * Steps, each a class: {@code Collector}, {@code Unmapper}, {@code Mover}, {@code Finisher}.
 *
 * <p>Threading: a migration belongs to one thread; any number of them go on at once. What keeps
 * them apart is the lock of each page, which is held from collecting to finishing.
 */
@NullMarked
package dev.pgmap.core.migrate;

import org.jspecify.annotations.NullMarked;
