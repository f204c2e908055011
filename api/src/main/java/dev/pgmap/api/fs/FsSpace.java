package dev.pgmap.api.fs;

/**
 * {@code struct statfs}.
 *
 * @param totalBytes size of the device
 * @param freeBytes what could still be allocated
 * @param largestFreeBytes the longest free run
 * @param nrFiles files and directories
 */
public record FsSpace(long totalBytes, long freeBytes, long largestFreeBytes, long nrFiles) {}
