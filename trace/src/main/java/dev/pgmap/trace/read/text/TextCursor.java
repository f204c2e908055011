package dev.pgmap.trace.read.text;

import dev.pgmap.trace.event.TraceCursor;
import dev.pgmap.trace.event.TraceEvent;
import java.util.NoSuchElementException;

/** The second pass over a text: its events in the order of the lines. For one thread. */
final class TextCursor implements TraceCursor {
  private final RawEvents events;
  private final TextModel model;
  private final TextEvent event;
  private boolean onEvent;
  private boolean stackFollows;

  TextCursor(RawEvents events, TextModel model) {
    this.events = events;
    this.model = model;
    this.event = new TextEvent(model.comms());
  }

  @Override
  public boolean next() {
    onEvent = stackFollows || events.next();
    if (!onEvent) {
      return false;
    }
    RawEvent raw = events.event();
    if (stackFollows) {
      stackFollows = false;
      event.show(model.stack(), raw, 0);
      return true;
    }
    TextModel.findFields(raw);
    event.show(model.schema(raw), raw, raw.lost);
    stackFollows = !raw.isStack() && !raw.frames.isEmpty();
    return true;
  }

  @Override
  public TraceEvent event() {
    if (!onEvent) {
      throw new NoSuchElementException("the cursor stands on no event: call next first");
    }
    return event;
  }

  @Override
  public void close() {
    // What it reads belongs to the source.
  }
}
