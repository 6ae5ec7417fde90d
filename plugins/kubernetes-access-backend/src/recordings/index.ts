export { Recorder } from './Recorder';
export type { RecorderOptions } from './Recorder';
export type { OutputTap, RecordingOutcome } from './types';
