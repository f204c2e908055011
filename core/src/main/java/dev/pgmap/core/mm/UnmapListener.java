package dev.pgmap.core.mm;

/** A file that wants to know when nobody maps it any more. */
interface UnmapListener {
  /** The last area that mapped it is gone; called without locks, and perhaps more than once. */
  void lastUnmap();
}
