import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { Quote, When } from '../ui';
import { RowIcon } from './RowIcon';
import { RowDetails, RowText } from './RowText';
import type { TimelineRow } from './timelineRows';
import { timelineRows } from './timelineRows';

const ICON = 32;

const useStyles = makeStyles((theme: Theme) => ({
  root: { listStyle: 'none', margin: 0, padding: 0 },
  row: {
    position: 'relative',
    display: 'flex',
    gap: theme.spacing(2),
    paddingBottom: theme.spacing(2.5),
    // The line from this row's icon to the next one's.
    '&:not(:last-child)::before': {
      content: '""',
      position: 'absolute',
      top: ICON,
      bottom: 0,
      left: ICON / 2 - 1,
      width: 2,
      backgroundColor: theme.palette.divider,
    },
    '&:last-child': { paddingBottom: 0 },
  },
  text: { minWidth: 0, paddingTop: 5, flexGrow: 1 },
  line: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    columnGap: theme.spacing(2),
    overflowWrap: 'anywhere',
  },
  comment: { marginTop: theme.spacing(0.75) },
}));

interface TimelineProps {
  request: AccessRequestDetail;
  /** Plays what was recorded of a session. */
  onPlay(sessionId: string): void;
}

/** What happened with a request, oldest first, and what comes next. */
export function Timeline({ request, onPlay }: TimelineProps) {
  const classes = useStyles();
  return (
    <ol className={classes.root}>
      {timelineRows(request).map((row, index) => (
        <li key={index} className={classes.row}>
          <RowIcon row={row} size={ICON} />
          <div className={classes.text}>
            <div className={classes.line}>
              <Typography variant="body2" component="span">
                <RowText row={row} request={request} />
              </Typography>
              <RowTime row={row} />
            </div>
            <RowDetails row={row} request={request} onPlay={onPlay} />
            {'comment' in row && row.comment && (
              <div className={classes.comment}>
                <Quote isSmall>{row.comment}</Quote>
              </div>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** When it happened; what is still to come says so in its text. */
function RowTime({ row }: { row: TimelineRow }) {
  return 'at' in row && row.kind !== 'ends' ? (
    <Typography variant="body2" component="span" color="textSecondary">
      <When at={row.at} />
    </Typography>
  ) : null;
}
