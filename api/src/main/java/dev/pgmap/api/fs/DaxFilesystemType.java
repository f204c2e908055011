package dev.pgmap.api.fs;

import java.util.List;
import java.util.Set;

/**
 * {@code struct file_system_type}: a kind of file system that can be made and mounted.
 *
 * <p>Stateless; called by any thread.
 */
public interface DaxFilesystemType {
  /** Its name, as {@code mount -t} and {@code mkfs.NAME} take it. */
  String name();

  /** Other names that it answers to, whose habits {@link FormatOptions#flavour} asks for. */
  Set<String> flavours();

  /**
   * Makes an empty file system ({@code mkfs}); what was on the device is lost.
   *
   * @return what was made, one line per fact
   * @throws dev.pgmap.api.MmException ENOSPC for a device that is too small, EINVAL for options
   *     that do not go together
   */
  List<String> format(BlockBytes device, FormatOptions options);

  /**
   * Mounts what is on the device, after replaying its journal.
   *
   * @throws dev.pgmap.api.MmException EINVAL if there is no file system of this type, EUCLEAN if it
   *     is damaged, with the one place that is; nothing is trusted and nothing written then
   */
  MountedFilesystem mount(BlockBytes device, FsHost host);

  /**
   * Looks at everything without writing ({@code fsck -n}).
   *
   * @return what is wrong, one line each; empty for a sound file system
   */
  List<String> check(BlockBytes device);
}
