package dev.pgmap.core.devmem;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.api.devmem.HmmRequest;
import dev.pgmap.api.devmem.Mirror;
import dev.pgmap.api.devmem.UserSpace;
import dev.pgmap.api.mm.VmArea;
import dev.pgmap.core.hmm.DeviceExclusive;
import dev.pgmap.core.hmm.RangeFault;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.MmuNotifiers;
import dev.pgmap.core.mm.TaskSignal;
import org.jspecify.annotations.Nullable;

/** {@link UserSpace} on a task's mm. */
final class CoreUserSpace implements UserSpace {
  private final Mm mm;

  CoreUserSpace(Mm mm) {
    this.mm = mm;
  }

  @Override
  public int pid() {
    return mm.pid();
  }

  @Override
  public void lockRead() {
    mm.mmapLock().lockRead();
  }

  @Override
  public void unlockRead() {
    mm.mmapLock().unlockRead();
  }

  @Override
  public @Nullable VmArea findArea(long address) {
    return mm.findVma(address);
  }

  @Override
  public void read(long address, byte[] to) {
    try {
      mm.read(address, to);
    } catch (TaskSignal signal) {
      throw badAddress(address, signal);
    }
  }

  @Override
  public void write(long address, byte[] from) {
    try {
      mm.write(address, from);
    } catch (TaskSignal signal) {
      throw badAddress(address, signal);
    }
  }

  private static MmException badAddress(long address, TaskSignal signal) {
    return new MmException(
        Errno.EFAULT, "0x%x".formatted(address), signal.toString(), "memory of the task", "");
  }

  @Override
  public Mirror mirror(Mirror.Listener listener) {
    return new CoreMirror(
        mm.notifiers()
            .subscribe(
                0,
                mm.taskSizeMax(),
                (subscription, range, seq) ->
                    listener.invalidate(
                        new CoreMirror(subscription),
                        range.start(),
                        range.end(),
                        Mirror.Event.valueOf(range.event().name()),
                        range.owner(),
                        seq)));
  }

  @Override
  public void rangeFault(Mirror mirror, long seq, long start, HmmRequest request, long[] pfns) {
    RangeFault.run(mm, start, request, pfns, () -> mirror.readRetry(seq));
  }

  @Override
  public int makeExclusive(long start, String owner, long[] pfns) {
    return DeviceExclusive.take(mm, start, owner, pfns);
  }

  /** {@link Mirror} on a subscription. */
  private record CoreMirror(MmuNotifiers.Subscription subscription) implements Mirror {
    @Override
    public long readBegin() {
      return subscription.readBegin();
    }

    @Override
    public boolean readRetry(long seq) {
      return subscription.readRetry(seq);
    }

    @Override
    public void setSeq(long seq) {
      subscription.setSeq(seq);
    }

    @Override
    public void remove() {
      subscription.remove();
    }
  }
}
