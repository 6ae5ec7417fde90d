import { relativeTime } from '../../format';
import { useLanguage, useNow } from '../../hooks';
import { Instant } from './Instant';

/** An instant, told relative to now. */
export function When({ at }: { at: string }) {
  const language = useLanguage();
  const now = useNow();
  return (
    <Instant at={at} isTicking>
      {relativeTime(at, now, language)}
    </Instant>
  );
}
