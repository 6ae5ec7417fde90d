export { formatBytes } from './formatBytes';
export {
  durationInSymbols,
  durationInWords,
  parseDuration,
  remainingInWords,
} from './duration';
export {
  isConflict,
  isNotAllowed,
  isNotFound,
  isSignedOut,
  isUnreachable,
  messageOf,
} from './errors';
export { exactTime, relativeTime, timeOfDay } from './instant';
