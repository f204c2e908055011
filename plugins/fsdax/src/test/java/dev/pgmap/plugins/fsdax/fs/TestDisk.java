package dev.pgmap.plugins.fsdax.fs;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.fs.BlockBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A device in an array, which keeps a list of the stores to it if asked. */
final class TestDisk implements BlockBytes {
  /** Something that happened to the device, in order. */
  sealed interface Event {}

  /** Bytes were stored. */
  record Store(int offset, byte[] bytes) implements Event {}

  /** All stores before it are before all stores after it. */
  record Fence() implements Event {}

  /** The test says where it is. */
  record Mark(int step) implements Event {}

  private final byte[] content;
  private final List<Event> events = new ArrayList<>();
  private boolean recording;

  TestDisk(int nrBytes) {
    this(new byte[nrBytes]);
  }

  TestDisk(byte[] content) {
    this.content = content;
  }

  byte[] content() {
    return content;
  }

  List<Event> record() {
    recording = true;
    return events;
  }

  void mark(int step) {
    note(new Mark(step));
  }

  private void note(Event event) {
    if (recording) {
      events.add(event);
    }
  }

  @Override
  public String name() {
    return "pmem0";
  }

  @Override
  public long bytes() {
    return content.length;
  }

  @Override
  public void read(long offset, byte[] to, int at, int nrBytes) {
    System.arraycopy(content, check(offset, nrBytes), to, at, nrBytes);
  }

  @Override
  public void write(long offset, byte[] from, int at, int nrBytes) {
    note(new Store((int) offset, Arrays.copyOfRange(from, at, at + nrBytes)));
    System.arraycopy(from, at, content, check(offset, nrBytes), nrBytes);
  }

  @Override
  public void zero(long offset, long nrBytes) {
    write(offset, new byte[(int) nrBytes], 0, (int) nrBytes);
  }

  @Override
  public void fence() {
    note(new Fence());
  }

  @Override
  public long physicalPfn(long offset) {
    return 0x70400 + offset / 4096;
  }

  private int check(long offset, long nrBytes) {
    if (offset < 0 || nrBytes < 0 || offset + nrBytes > content.length) {
      throw new MmException(Errno.EINVAL, "outside of the device: " + offset + "+" + nrBytes);
    }
    return (int) offset;
  }
}
