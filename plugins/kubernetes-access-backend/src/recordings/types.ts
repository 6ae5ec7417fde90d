/** Sees what a terminal shows. Never throws and never waits. */
export interface OutputTap {
  /** @param frame - the channel byte and the output; not to be changed, and not kept for long */
  output(frame: Buffer): void;
  resize(columns: number, rows: number): void;
}

/** What became of a recording. */
export interface RecordingOutcome {
  segments: number;
  /** Bytes of output that are in the recording. */
  bytes: number;
  /** Nothing of what was shown is missing. */
  complete: boolean;
}
