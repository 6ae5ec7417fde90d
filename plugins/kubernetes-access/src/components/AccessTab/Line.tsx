import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    minHeight: 40,
  },
  text: { flexGrow: 1, flexBasis: 280 },
  actions: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
}));

interface LineProps {
  label?: ReactNode;
  children: ReactNode;
  /** What else is to be said, more quietly. */
  note?: ReactNode;
  actions?: ReactNode;
}

/** One line: how it is, and what can be done next. */
export function Line(props: LineProps) {
  const classes = useStyles();
  return (
    <div className={classes.root}>
      {props.label}
      <div className={classes.text}>
        <Typography variant="body1" component="p">
          {props.children}
        </Typography>
        {props.note && (
          <Typography variant="body2" component="p" color="textSecondary">
            {props.note}
          </Typography>
        )}
      </div>
      <div className={classes.actions}>{props.actions}</div>
    </div>
  );
}
