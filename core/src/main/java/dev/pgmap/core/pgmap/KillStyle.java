package dev.pgmap.core.pgmap;

/** Who kills and waits for {@code pgmap->ref} at teardown. */
public enum KillStyle {
  /** 5.3 to 5.15: the {@code kill} and {@code cleanup} ops of the driver. */
  OPS {
    @Override
    void kill(DevPagemap pgmap) {
      pgmap.ops().kill(pgmap);
    }

    @Override
    void cleanup(DevPagemap pgmap) {
      pgmap.ops().cleanup(pgmap);
    }
  },

  /** 5.16 on: the engine itself. */
  ENGINE {
    @Override
    void kill(DevPagemap pgmap) {
      pgmap.ref().kill();
    }

    @Override
    void cleanup(DevPagemap pgmap) {
      pgmap.ref().awaitIdle();
    }
  };

  abstract void kill(DevPagemap pgmap);

  abstract void cleanup(DevPagemap pgmap);
}
