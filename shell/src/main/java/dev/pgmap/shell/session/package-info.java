/**
 * What commands run in: the machine, streams, jobs, tasks, and how commands end.
 *
 * <p>Key types: {@link dev.pgmap.shell.session.Session} is one per program run, {@link
 * dev.pgmap.shell.session.Console} one per thread that runs commands, {@link
 * dev.pgmap.shell.session.Lab} the machine with its buses and plugins.
 *
 * <p>Threading: sessions, jobs and tasks are thread-safe; a console belongs to one thread.
 */
@NullMarked
package dev.pgmap.shell.session;

import org.jspecify.annotations.NullMarked;
