package dev.pgmap.shell;

/** The program that the launcher starts. */
public final class Main {
  private Main() {}

  /** Prints its arguments. */
  public static void main(String[] args) {
    System.out.println(String.join(" ", args));
  }
}
