/**
 * Who still holds a page: each page's ledger out of the changes of its count.
 *
 * <p>{@link dev.pgmap.trace.ledger.PageLedger} goes through a recording once. Events pass a {@link
 * dev.pgmap.trace.ledger.RefSequencer}, which puts those of several cpus into an order that makes
 * sense; then {@link dev.pgmap.trace.ledger.PageAccounts} enters each into the {@link
 * dev.pgmap.trace.ledger.PageStates} and {@link dev.pgmap.trace.ledger.LotTable}: an acquisition
 * opens a lot, a release is put down to one by {@link dev.pgmap.trace.ledger.LotChoice}. What is
 * open at the end is a {@link dev.pgmap.trace.ledger.LedgerReport}.
 *
 * <p>Memory grows with the pages that have something outstanding and with distinct stacks, not with
 * events; of idle pages a bounded number is remembered.
 *
 * <p>Threading: a ledger belongs to one thread; reports are immutable.
 */
@NullMarked
package dev.pgmap.trace.ledger;

import org.jspecify.annotations.NullMarked;
