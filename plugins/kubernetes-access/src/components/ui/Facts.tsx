import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(88px, max-content) 1fr',
    columnGap: theme.spacing(3),
    rowGap: theme.spacing(1.25),
    margin: 0,
    [theme.breakpoints.down('xs')]: {
      gridTemplateColumns: '1fr',
      rowGap: theme.spacing(0.25),
      '& dd:not(:last-child)': { marginBottom: theme.spacing(1.25) },
    },
  },
  value: { margin: 0, minWidth: 0, overflowWrap: 'anywhere' },
}));

/** What is the case, as names and values. */
export function Facts({ children }: { children: ReactNode }) {
  const classes = useStyles();
  return <dl className={classes.root}>{children}</dl>;
}

export function Fact(props: { label: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <>
      <Typography variant="body2" component="dt" color="textSecondary">
        {props.label}
      </Typography>
      <Typography variant="body2" component="dd" className={classes.value}>
        {props.children}
      </Typography>
    </>
  );
}
