package dev.pgmap.core.hotplug;

import dev.pgmap.api.Errno;
import dev.pgmap.api.MmException;
import dev.pgmap.core.phys.Zone;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What can be asked of a memory block: the words that its file {@code state} takes. */
public enum OnlineType {
  OFFLINE("offline", null),
  /** In the zone that the kernel chooses, which is the ordinary one here. */
  ONLINE("online", Zone.NORMAL),
  ONLINE_KERNEL("online_kernel", Zone.NORMAL),
  ONLINE_MOVABLE("online_movable", Zone.MOVABLE);

  private final String text;
  private final @Nullable Zone zone;

  OnlineType(String text, @Nullable Zone zone) {
    this.text = text;
    this.zone = zone;
  }

  /** The word. */
  public String text() {
    return text;
  }

  /** The zone that the memory goes to; null for {@link #OFFLINE}. */
  public @Nullable Zone zone() {
    return zone;
  }

  /**
   * The type of that word.
   *
   * @throws MmException EINVAL that lists the words
   */
  public static OnlineType of(String object, String word) {
    return Arrays.stream(values())
        .filter(type -> type.text.equals(word))
        .findFirst()
        .orElseThrow(() ->
            new MmException(
                Errno.EINVAL,
                object,
                "'" + word + "'",
                "offline, online, online_kernel or online_movable",
                ""));
  }
}
