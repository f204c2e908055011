/**
 * Fixtures for tests of the engine's floors.
 *
 * <p>Key types: {@link dev.pgmap.core.testing.Floors} builds the real floors from sync to pgmap,
 * {@link dev.pgmap.core.page.RecordingPageRefs} writes down every page_ref event, {@link
 * dev.pgmap.core.testing.Crew} runs threads and hands on what they threw.
 *
 * <p>Threading: a fixture belongs to one test; Crew's threads may use the floors in it.
 */
@NullMarked
package dev.pgmap.core.testing;

import org.jspecify.annotations.NullMarked;
