export {
  durationInWords,
  parseDuration,
  remainingInWords,
  shortDuration,
} from './duration';
export { isConflict, isNotFound, messageOf } from './errors';
export { exactTime, relativeTime, timeOfDay } from './instant';
