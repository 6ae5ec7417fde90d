import Tooltip from '@material-ui/core/Tooltip';
import type { ReactNode } from 'react';
import { exactTime } from '../../format';
import { useLanguage } from '../../hooks';

/** An instant in a few words; the exact one in the reader's zone on hover, and for the keyboard on focus. */
export function Instant(props: {
  at: string;
  children: ReactNode;
  /** Its words change by themselves, which is not to be announced. */
  isTicking?: boolean;
}) {
  const language = useLanguage();
  return (
    <Tooltip title={exactTime(props.at, language)}>
      <time
        dateTime={props.at}
        aria-live={props.isTicking ? 'off' : undefined}
        // It has more to tell than it shows.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        {props.children}
      </time>
    </Tooltip>
  );
}
