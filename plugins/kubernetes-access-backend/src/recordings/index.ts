export { Recorder } from './Recorder';
export type { RecorderOptions } from './Recorder';
export { RecordingReader } from './RecordingReader';
export type { CheckedRecording, RecordedSession } from './RecordingReader';
export { Watches } from './Watches';
export type { Watch } from './Watches';
export type { OutputTap, RecordingOutcome } from './types';
