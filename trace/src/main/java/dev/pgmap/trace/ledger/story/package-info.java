/**
 * The story of one page: every change of its count, what it did to the ledger, and what was
 * outstanding after it.
 *
 * <p>{@link dev.pgmap.trace.ledger.story.PageStory} goes through a recording and collects {@link
 * dev.pgmap.trace.ledger.story.StoryStep}s.
 *
 * <p>Threading: a story is immutable.
 */
@NullMarked
package dev.pgmap.trace.ledger.story;

import org.jspecify.annotations.NullMarked;
