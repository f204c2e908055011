package dev.pgmap.trace.read.dat;

import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import dev.pgmap.trace.ring.RecordView;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Merges the events of many cpus by time. Events of one time come in the order of the cpus given;
 * those of one cpu always stay in their order.
 *
 * <p>A binary heap of the cpus that have an event left, the next event's cpu on top.
 */
final class MergeCursor implements TraceCursor {
  private final List<CpuEvents> cpus;
  private final RecordView view;

  /** Indexes into {@link #cpus}. */
  private final int[] heap;

  private int size;
  private boolean started;
  private boolean onEvent;

  MergeCursor(List<CpuEvents> cpus, RecordView view) {
    this.cpus = List.copyOf(cpus);
    this.view = view;
    this.heap = new int[cpus.size()];
  }

  @Override
  public boolean next() {
    onEvent = false;
    advance();
    if (size == 0) {
      return false;
    }
    cpus.get(heap[0]).show(view);
    onEvent = true;
    return true;
  }

  private void advance() {
    if (!started) {
      started = true;
      start();
    } else if (size > 0) {
      if (!cpus.get(heap[0]).next()) {
        heap[0] = heap[--size];
      }
      sink(0);
    }
  }

  private void start() {
    for (int i = 0; i < cpus.size(); i++) {
      if (cpus.get(i).next()) {
        heap[size++] = i;
      }
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  private void sink(int from) {
    int hole = from;
    while (2 * hole + 1 < size) {
      int child = 2 * hole + 1;
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], heap[hole])) {
        return;
      }
      int swapped = heap[hole];
      heap[hole] = heap[child];
      heap[child] = swapped;
      hole = child;
    }
  }

  private boolean isBefore(int first, int second) {
    int order = Long.compareUnsigned(cpus.get(first).stamp(), cpus.get(second).stamp());
    return order != 0 ? order < 0 : first < second;
  }

  @Override
  public TraceEvent event() {
    if (!onEvent) {
      throw new NoSuchElementException("the cursor stands on no event: call next first");
    }
    return view;
  }

  @Override
  public void close() {
    // What it reads belongs to the source.
  }
}
