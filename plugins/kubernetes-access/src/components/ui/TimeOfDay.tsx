import { timeOfDay } from '../../format';
import { useLanguage, useNow } from '../../hooks';
import { Instant } from './Instant';

/** An instant as people say it: `14:32`, with the day when it is not today. */
export function TimeOfDay({ at }: { at: string }) {
  const language = useLanguage();
  const now = useNow();
  return <Instant at={at}>{timeOfDay(at, now, language)}</Instant>;
}
