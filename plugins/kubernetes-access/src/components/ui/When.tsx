import Tooltip from '@material-ui/core/Tooltip';
import { exactTime, relativeTime } from '../../format';
import { useLanguage, useNow } from '../../hooks';

/**
 * An instant, told relative to now; the exact one in the reader's zone on hover. That it grows older by the minute is
 * not announced.
 */
export function When({ at }: { at: string }) {
  const language = useLanguage();
  const now = useNow();
  return (
    <Tooltip title={exactTime(at, language)}>
      <time dateTime={at} aria-live="off">
        {relativeTime(at, now, language)}
      </time>
    </Tooltip>
  );
}
