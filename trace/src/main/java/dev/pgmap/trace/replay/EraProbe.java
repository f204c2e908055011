package dev.pgmap.trace.replay;

import dev.pgmap.api.MmException;
import dev.pgmap.core.gup.FollFlag;
import dev.pgmap.core.machine.Machine;
import dev.pgmap.core.mm.AddressSpace;
import dev.pgmap.core.mm.Mm;
import dev.pgmap.core.mm.Task;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds out which changes to counts the engine makes in some era: by making it do, on real pages,
 * everything that takes or drops a reference of device-dax memory.
 */
final class EraProbe {
  private static final int NR_PAGES = 512;
  private static final long BYTES = NR_PAGES * 4096L;

  private enum Call {
    FAST_PIN,
    FAST_GET,
    PIN,
    GET,
    LONGTERM
  }

  private final Machine machine;
  private final NotedPageRefs refs;

  EraProbe(Machine machine, NotedPageRefs refs) {
    this.machine = machine;
    this.refs = refs;
  }

  /** Maps the start of a device and does everything to it; leaves nothing held. */
  Set<CountChange> probe(AddressSpace device) {
    refs.note(true);
    Task task = machine.newTask("replay");
    try {
      task.run(() -> useAll(task.mm(), device));
    } finally {
      task.exit();
      refs.note(false);
    }
    Set<CountChange> found = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
    for (NotedPageRefs.Noted noted : refs.noted()) {
      boolean large = machine.structPages().order(noted.pfn()) > 0;
      found.add(CountChange.of(noted.kind(), noted.val(), large));
    }
    return found;
  }

  private void useAll(Mm mm, AddressSpace device) {
    long start = mm.mmap(device, BYTES, 0, true, true);
    mm.touch(start, BYTES, (byte) 1);
    for (Call call : EnumSet.allOf(Call.class)) {
      for (int nr : new int[] {1, 2, 64, NR_PAGES}) {
        use(mm, start, call, nr);
      }
    }
    mm.munmap(start, BYTES);
  }

  private void use(Mm mm, long start, Call call, int nrPages) {
    long[] pfns = new long[nrPages];
    int taken;
    try {
      taken = take(mm, start, call, nrPages, pfns);
    } catch (MmException e) {
      // A kind of call that this era refuses for such memory.
      return;
    }
    long[] held = Arrays.copyOf(pfns, taken);
    if (call == Call.FAST_GET || call == Call.GET) {
      for (long pfn : held) {
        machine.gup().putPage(pfn);
      }
    } else {
      machine.gup().unpinUserPages(held, 0, held.length);
    }
  }

  private int take(Mm mm, long start, Call call, int nr, long[] pfns) {
    int write = FollFlag.WRITE;
    return switch (call) {
      case FAST_PIN -> machine.gup().pinUserPagesFast(mm, start, nr, write, pfns, 0);
      case FAST_GET -> machine.gup().getUserPagesFast(mm, start, nr, write, pfns, 0);
      case PIN -> machine.gup().pinUserPages(mm, start, nr, write, pfns, 0);
      case GET -> machine.gup().getUserPages(mm, start, nr, write, pfns, 0);
      case LONGTERM ->
          machine.gup().pinUserPages(mm, start, nr, write | FollFlag.LONGTERM, pfns, 0);
    };
  }
}
