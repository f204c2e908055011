package dev.pgmap.core.mm;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;

/** A signal that an access to memory earned its task. */
public final class TaskSignal extends MmException {
  /** The number of SIGBUS. */
  public static final int SIGBUS = 7;

  /** The number of SIGSEGV. */
  public static final int SIGSEGV = 11;

  private static final long serialVersionUID = 1L;

  private final int signal;
  private final long address;

  TaskSignal(int signal, long address, boolean write, String why) {
    super(
        Errno.EFAULT,
        "%s: %s of address 0x%x: %s"
            .formatted(
                signal == SIGBUS ? "SIGBUS" : "SIGSEGV", write ? "store" : "load", address, why));
    this.signal = signal;
    this.address = address;
  }

  /** The signal's number: {@link #SIGBUS} or {@link #SIGSEGV}. */
  public int signal() {
    return signal;
  }

  /** The address that was accessed, {@code si_addr}. */
  public long address() {
    return address;
  }
}
