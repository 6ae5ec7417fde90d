export { RecordingDialog } from './RecordingDialog';
