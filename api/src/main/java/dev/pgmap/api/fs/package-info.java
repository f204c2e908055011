/**
 * File systems on device memory, and the block device below them, as a plugin sees both.
 *
 * <p>Two halves meet here. The engine has what the kernel keeps in {@code fs/dax.c}: the DAX
 * entries of a file, faults, waiting for pinned pages, write-back. A plugin has what {@code
 * drivers/nvdimm/pmem.c} and a file system such as ext4 or xfs supply: the pgmap of a namespace,
 * and where the bytes of a file lie on it.
 *
 * <p>Key types a plugin implements: {@link dev.pgmap.api.fs.PmemDriver}, {@link
 * dev.pgmap.api.fs.DaxFilesystemType}, {@link dev.pgmap.api.fs.MountedFilesystem}, {@link
 * dev.pgmap.api.fs.FsFile}, {@link dev.pgmap.api.fs.IomapOps}, {@link dev.pgmap.api.fs.HolderOps}.
 * Key types that come from the engine: {@link dev.pgmap.api.fs.PmemDevice}, {@link
 * dev.pgmap.api.fs.BlockBytes}, {@link dev.pgmap.api.fs.FsHost}, {@link
 * dev.pgmap.api.fs.DaxMapping}.
 *
 * <p>Threading: a mounted file system and its files are used by several threads at once. Lock
 * order: the invalidate lock of a mapping ({@link dev.pgmap.api.fs.DaxMapping#lockInvalidate}),
 * then the file system's own locks ({@link dev.pgmap.api.fs.FsHost#newLock}). A fault holds the
 * invalidate lock as a reader while it asks {@link dev.pgmap.api.fs.IomapOps#begin}.
 */
@NullMarked
package dev.pgmap.api.fs;

import org.jspecify.annotations.NullMarked;
