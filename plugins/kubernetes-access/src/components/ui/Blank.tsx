import Paper from '@material-ui/core/Paper';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'grid',
    justifyItems: 'start',
    gap: theme.spacing(1),
    padding: theme.spacing(3),
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2) },
  },
  text: { maxWidth: 640 },
  more: { marginTop: theme.spacing(1), maxWidth: '100%' },
}));

interface BlankProps {
  title: ReactNode;
  /** What would have to happen, or what happens by itself. */
  children?: ReactNode;
  /** What can be done about it. */
  action?: ReactNode;
}

/** Where there is nothing to show: that there is nothing, and why. */
export function Blank(props: BlankProps) {
  const classes = useStyles();
  return (
    <Paper variant="outlined" className={classes.root}>
      <Typography variant="subtitle1" component="h2">
        {props.title}
      </Typography>
      {props.children && (
        <Typography
          variant="body2"
          color="textSecondary"
          className={classes.text}
        >
          {props.children}
        </Typography>
      )}
      {props.action && <div className={classes.more}>{props.action}</div>}
    </Paper>
  );
}
