/**
 * Recording a running pgmap from another process.
 *
 * <p>{@link dev.pgmap.trace.attach.Attach} loads our agent into the other JVM with the JDK's attach
 * API, and hands it an {@link dev.pgmap.trace.attach.AttachRequest} as a file. There {@link
 * dev.pgmap.trace.attach.AttachedAgent} finds the machine, which its owner entered into {@link
 * dev.pgmap.trace.attach.Traceable}, and an {@link dev.pgmap.trace.attach.AttachedRecording} runs
 * until the time is up, the request's file or the process that asked is gone, or the machine ends.
 * It writes the trace.dat and an {@link dev.pgmap.trace.attach.AttachReply}, again as a file.
 *
 * <p>Threading: thread-safe, but for {@link dev.pgmap.trace.attach.Attach}, which waits on the
 * thread that calls it.
 */
@NullMarked
package dev.pgmap.trace.attach;

import org.jspecify.annotations.NullMarked;
