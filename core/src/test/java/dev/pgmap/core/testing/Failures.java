package dev.pgmap.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;

/** Assertions on failed engine calls. */
public final class Failures {
  private Failures() {}

  /** Checks that a call fails with this errno; returns what it threw. */
  public static MmException assertErrno(Errno errno, Runnable call) {
    Throwable thrown = catchThrowable(call::run);
    assertThat(thrown).isInstanceOf(MmException.class);
    MmException failure = (MmException) thrown;
    assertThat(failure.errno()).as("%s", failure.getMessage()).isEqualTo(errno);
    return failure;
  }
}
