import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import BlockIcon from '@material-ui/icons/Block';
import CheckIcon from '@material-ui/icons/Check';
import CodeIcon from '@material-ui/icons/Code';
import DeleteIcon from '@material-ui/icons/DeleteOutline';
import DoneAllIcon from '@material-ui/icons/DoneAll';
import HourglassIcon from '@material-ui/icons/HourglassEmpty';
import LockIcon from '@material-ui/icons/LockOutlined';
import LockOpenIcon from '@material-ui/icons/LockOpen';
import NotificationsIcon from '@material-ui/icons/NotificationsNone';
import PersonIcon from '@material-ui/icons/PersonOutline';
import TimerIcon from '@material-ui/icons/Timer';
import WarningIcon from '@material-ui/icons/WarningOutlined';
import type { TimelineRow } from './timelineRows';

type Tone = 'plain' | 'good' | 'bad' | 'next';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    flexShrink: 0,
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    borderRadius: '50%',
    border: '2px solid currentColor',
  },
  plain: { color: theme.palette.text.secondary },
  good: { color: theme.palette.success.main },
  bad: { color: theme.palette.error.main },
  next: { color: theme.palette.warning.main, borderStyle: 'dashed' },
}));

/** What sort of thing a row tells. Its text says the same, so that it is hidden from screen readers. */
export function RowIcon({ row, size }: { row: TimelineRow; size: number }) {
  const classes = useStyles();
  const { Icon, tone } = lookOf(row);
  return (
    <span
      className={`${classes.root} ${classes[tone]}`}
      style={{ width: size, height: size }}
      aria-hidden
    >
      <Icon style={{ fontSize: size * 0.55 }} />
    </span>
  );
}

function lookOf(row: TimelineRow): { Icon: typeof CheckIcon; tone: Tone } {
  switch (row.kind) {
    case 'asked':
      return { Icon: PersonIcon, tone: 'plain' };
    case 'notified':
      return { Icon: NotificationsIcon, tone: 'plain' };
    case 'decided':
      return row.verdict === 'approve'
        ? { Icon: CheckIcon, tone: 'good' }
        : { Icon: BlockIcon, tone: 'bad' };
    case 'started':
      return { Icon: TimerIcon, tone: 'plain' };
    case 'granted':
      return { Icon: LockOpenIcon, tone: 'good' };
    case 'session':
      return { Icon: CodeIcon, tone: 'plain' };
    case 'ended':
      return { Icon: LockIcon, tone: isAlarming(row) ? 'bad' : 'plain' };
    case 'removed':
      return { Icon: DoneAllIcon, tone: 'plain' };
    case 'removing':
      return { Icon: DeleteIcon, tone: 'next' };
    case 'not-removed':
      return { Icon: WarningIcon, tone: 'bad' };
    default:
      return { Icon: HourglassIcon, tone: 'next' };
  }
}

function isAlarming(row: Extract<TimelineRow, { kind: 'ended' }>): boolean {
  return row.reason === 'tampered' || row.reason === 'failed';
}
