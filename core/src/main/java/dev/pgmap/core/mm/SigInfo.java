package dev.pgmap.core.mm;

/**
 * {@code siginfo_t} of the SIGBUS that a memory failure sends.
 *
 * @param signal {@code si_signo}, which is {@link TaskSignal#SIGBUS}
 * @param code {@code si_code}: {@link #BUS_MCEERR_AR} or {@link #BUS_MCEERR_AO}
 * @param address {@code si_addr}: where the task had the lost page mapped
 * @param addressLsb {@code si_addr_lsb}: log2 of the bytes that are lost from there on
 */
public record SigInfo(int signal, int code, long address, int addressLsb) {
  /** The task itself ran into the failure: action required. */
  public static final int BUS_MCEERR_AR = 4;

  /** Another task did; this one asked to be told early: action optional. */
  public static final int BUS_MCEERR_AO = 5;
}
