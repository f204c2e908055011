package dev.pgmap.shell.conformance;

import dev.pgmap.core.page.PageRefs;
import dev.pgmap.core.page.RecordingPageRefs;
import dev.pgmap.core.page.RefSequences;

/** Has the counts write down their own changes. */
final class CountingCapture implements RefCapture {
  private final RecordingPageRefs refs = new RecordingPageRefs();

  CountingCapture() {
    refs.setRecording(false);
  }

  @Override
  public PageRefs pageRefs() {
    return refs;
  }

  @Override
  public void begin() {
    refs.sequences().clear();
    refs.setRecording(true);
  }

  @Override
  public RefSequences end() {
    refs.setRecording(false);
    return refs.sequences();
  }
}
