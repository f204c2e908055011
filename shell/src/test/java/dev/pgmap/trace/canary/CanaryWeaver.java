package dev.pgmap.trace.canary;

import dev.pgmap.trace.event.CanaryEvent;
import net.bytebuddy.ByteBuddy;
import org.jspecify.annotations.Nullable;

/** A class outside of the weaver that knows Byte Buddy, in a circle with another package. */
public final class CanaryWeaver {
  ByteBuddy byteBuddy = new ByteBuddy();
  @Nullable CanaryEvent event;
}
