package dev.pgmap.trace.format;

import dev.pgmap.trace.event.Symbols;

/** Writes an address as the function that it is in. */
public final class FunctionName {
  private FunctionName() {}

  /**
   * Appends the name, or {@code 0x} and the address where no function is known.
   *
   * @param offset whether to add how far the address is into the function; a kernel adds the
   *     function's size as well
   */
  public static void append(
      StringBuilder out, Symbols symbols, long address, boolean offset, Style style) {
    String name = symbols.nameOf(address);
    if (name == null) {
      Digits.hex(out.append("0x"), address);
      return;
    }
    out.append(name);
    if (offset) {
      Digits.hex(out.append("+0x"), symbols.offsetOf(address));
      if (style == Style.KERNEL) {
        Digits.hex(out.append("/0x"), symbols.bytesOf(address));
      }
    }
  }
}
