import Tooltip from '@material-ui/core/Tooltip';
import { exactTime, timeOfDay } from '../../format';
import { useLanguage, useNow } from '../../hooks';

/** An instant as people say it: `14:32`, with the day when it is not today. */
export function TimeOfDay({ at }: { at: string }) {
  const language = useLanguage();
  const now = useNow();
  return (
    <Tooltip title={exactTime(at, language)}>
      <time dateTime={at}>{timeOfDay(at, now, language)}</time>
    </Tooltip>
  );
}
