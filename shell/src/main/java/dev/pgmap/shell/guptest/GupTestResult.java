package dev.pgmap.shell.guptest;

/**
 * What the kernel side hands back.
 *
 * @param getUsec how long the get or pin calls took, in microseconds
 * @param putUsec how long dropping took
 * @param bytes how much was asked for before it ended
 */
record GupTestResult(long getUsec, long putUsec, long bytes) {}
