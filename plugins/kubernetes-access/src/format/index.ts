export {
  durationInSymbols,
  durationInWords,
  parseDuration,
  remainingInWords,
} from './duration';
export { isConflict, isNotFound, messageOf } from './errors';
export { exactTime, relativeTime, timeOfDay } from './instant';
