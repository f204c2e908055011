package dev.pgmap.api.fs;

/**
 * {@code struct stat} of a file or directory.
 *
 * @param ino inode number
 * @param isDirectory whether it is one
 * @param nrLinks names that lead to it
 * @param sizeBytes its size
 * @param blocks 4 KiB blocks that it uses, those for its own description left out
 */
public record FsStat(long ino, boolean isDirectory, int nrLinks, long sizeBytes, long blocks) {}
