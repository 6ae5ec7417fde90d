import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    margin: 0,
    padding: theme.spacing(0.25, 0, 0.25, 1.5),
    borderLeft: `3px solid ${theme.palette.divider}`,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
}));

/** What somebody wrote, word for word and line for line. */
export function Quote(props: { children: string; isSmall?: boolean }) {
  const classes = useStyles();
  return (
    <Typography
      variant={props.isSmall ? 'body2' : 'body1'}
      component="blockquote"
      className={classes.root}
    >
      {props.children}
    </Typography>
  );
}
