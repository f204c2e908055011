package dev.pgmap.core.dax;

/** What the kmem driver does about a device that is not made of whole memory blocks. */
public enum KmemPolicy {
  /** Up to 5.14: a device too small for one block is bound all the same, and gives no memory. */
  TAKES_EMPTY,
  /** Such a device is refused. */
  REFUSES_EMPTY,
  /** From 6.16 on: that, and the log tells how much of a device is lost to alignment. */
  TELLS_WHAT_IS_LOST
}
