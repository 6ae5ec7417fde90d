import { Link } from '@backstage/core-components';
import Tab from '@material-ui/core/Tab';
import Tabs from '@material-ui/core/Tabs';
import Tooltip from '@material-ui/core/Tooltip';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    borderBottom: `1px solid ${theme.palette.divider}`,
    marginBottom: theme.spacing(3),
  },
  tab: {
    minWidth: 0,
    padding: theme.spacing(1.5, 2),
    // The five of a page fit beside each other on a phone.
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(1.5, 1.25) },
    textTransform: 'none',
    letterSpacing: 'normal',
    fontSize: theme.typography.body1.fontSize,
    '&:hover': { textDecoration: 'none' },
  },
  empty: { color: theme.palette.text.secondary, opacity: 0.7 },
  count: {
    display: 'inline-block',
    minWidth: 20,
    padding: theme.spacing(0, 0.75),
    marginLeft: theme.spacing(1),
    [theme.breakpoints.down('xs')]: { marginLeft: theme.spacing(0.5) },
    borderRadius: 10,
    fontSize: 12,
    lineHeight: '20px',
    textAlign: 'center',
    backgroundColor: theme.palette.primary.main,
    color: theme.palette.primary.contrastText,
  },
}));

/** One tab with a URL of its own. */
export interface InnerTab {
  id: string;
  label: string;
  to: string;
  /** A number that wants to be seen; 0 is not shown. */
  count?: number;
  /** What the number counts, for those who do not see it beside the label. */
  countLabel?: string;
  /** Why there is nothing behind the tab now. It can be opened all the same, and says so there, too. */
  emptyReason?: string;
}

/** Tabs that are links. */
export function InnerTabs(props: {
  label: string;
  tabs: InnerTab[];
  current: string;
}) {
  const classes = useStyles();
  return (
    <Tabs
      value={props.tabs.some(({ id }) => id === props.current) && props.current}
      aria-label={props.label}
      className={classes.root}
      indicatorColor="primary"
      variant="scrollable"
      scrollButtons="off"
    >
      {props.tabs.map(tab => (
        <Tab
          key={tab.id}
          value={tab.id}
          component={Link}
          to={tab.to}
          aria-disabled={tab.emptyReason ? true : undefined}
          className={`${classes.tab} ${tab.emptyReason ? classes.empty : ''}`}
          label={<TabLabel tab={tab} />}
        />
      ))}
    </Tabs>
  );
}

function TabLabel({ tab }: { tab: InnerTab }) {
  const classes = useStyles();
  return (
    <Tooltip title={tab.emptyReason ?? ''}>
      <span>
        {tab.label}
        {Boolean(tab.count) && (
          <span
            className={classes.count}
            role="img"
            aria-label={tab.countLabel}
          >
            {tab.count}
          </span>
        )}
      </span>
    </Tooltip>
  );
}
